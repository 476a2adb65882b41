"""Trees of requirements: what they ask for, what is wrong with them, how they are told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.mitxonline.catalog import requirements
from corridor.mitxonline.catalog.requirements import Node, TreeUnreadable, all_of, course, min_number_of, program

TREE = (
    all_of(course(1), course(2), program(7)),
    min_number_of(2, course(3), course(4), min_number_of(1, course(5), course(6), elective=False)),
)


def wrong(*nodes: Node, id: int = 9, courses: range = range(1, 7), others: dict[int, list[int]] | None = None) -> tuple[str, ...]:
    return requirements.problems(nodes, program=id, known_courses=courses, others={9: [], 7: [], 8: []} if others is None else others)


def test_flags_of_the_topmost_operators_part_required_from_elective() -> None:
    parts = requirements.split(TREE)
    assert [(node.course, node.program) for node in parts.required] == [(1, None), (2, None), (None, 7)]
    assert [node.course for node in parts.electives] == [3, 4, 5, 6]


def test_parts_are_named_once_in_order() -> None:
    assert requirements.courses((all_of(course(2), course(1)), min_number_of(1, course(2)))) == (2, 1)
    assert requirements.programs(TREE) == (7,)


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        ([all_of()], "“Required Courses” asks for nothing: add a course or a program, or remove it."),
        ([min_number_of(3, course(1), course(2))], "“Elective Courses” wants 3 of 2 parts."),
        ([min_number_of(0, course(1))], "“Elective Courses” wants 0 of 1 parts."),
        ([all_of(course(1), course(1))], "“Required Courses” names the same part twice."),
        ([all_of(course(77))], "There is no course 77."),
        ([all_of(program(78))], "There is no program 78."),
        ([all_of(program(9))], "Program 9 would require itself, by way of 9."),
        ([Node("course", course=1, children=(course(2),))], "A course or program has no parts of its own in a tree."),
        ([all_of(all_of(all_of(all_of(all_of(all_of(all_of(course(1))))))))], "The tree is deeper than 6 levels."),
    ],
)
def test_what_makes_no_sense_is_said(nodes: list[Node], sentence: str) -> None:
    assert sentence in wrong(*nodes)


def test_what_makes_sense_is_silent() -> None:
    assert wrong(*TREE) == ()
    assert wrong() == ()


def test_circles_are_found_through_any_number_of_programs() -> None:
    chain = {9: [], 7: [8], 8: [5], 5: [9], 6: [7]}
    assert wrong(all_of(program(7)), others=chain) == ("Program 9 would require itself, by way of 7 → 8 → 5 → 9.",)
    assert wrong(all_of(program(7)), id=6, others=chain | {5: []}) == ()


def edges() -> st.SearchStrategy[dict[int, list[int]]]:
    return st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3), max_size=7)


@given(edges(), st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3))
def test_a_circle_is_found_exactly_where_one_can_walk_back(others: dict[int, list[int]], start: int, required: list[int]) -> None:
    reached = set(required)
    while further := {far for near in reached for far in others.get(near, ())} - reached:
        reached |= further
    assert bool(requirements.circle_through(start, required, others)) == (start in reached)


def leaves() -> st.SearchStrategy[Node]:
    return st.integers(1, 99).map(course) | st.integers(1, 99).map(program)


def trees() -> st.SearchStrategy[tuple[Node, ...]]:
    def operators(inside: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        parts = st.lists(inside, min_size=1, max_size=3)
        return parts.map(lambda nodes: all_of(*nodes)) | parts.map(lambda nodes: min_number_of(1, *nodes, title="Any"))

    return st.lists(st.recursive(leaves(), operators, max_leaves=8), max_size=3).map(tuple)


@given(trees())
def test_a_tree_survives_the_way_through_the_api(tree: tuple[Node, ...]) -> None:
    for told in (requirements.to_wire(tree, 3), requirements.to_wire_v1(tree, 3)):
        assert requirements.from_wire(json.loads(json.dumps(told))) == tree


def test_the_root_of_older_payloads_is_nothing_but_a_root() -> None:
    root = {"data": {"node_type": "program_root"}, "children": requirements.to_wire(TREE, 3)}
    assert requirements.from_wire([root]) == requirements.from_wire(requirements.to_wire(TREE, 3))


def test_version_1_tells_numbers_as_texts() -> None:
    (told,) = requirements.to_wire_v1([min_number_of(2, course(3), course(4))], 5)
    assert (told["data"]["program"], told["data"]["operator_value"], told["children"][0]["data"]["course"]) == ("5", "2", "3")


@pytest.mark.parametrize(
    "tree",
    [
        {},
        [1],
        [{"data": {"node_type": "wish"}}],
        [{"data": {"node_type": "course", "course": None}}],
        [{"data": {"node_type": "operator", "operator": "some_of"}}],
        [{"data": {"node_type": "operator", "operator": "min_number_of", "operator_value": "two"}}],
    ],
)
def test_what_is_no_tree_is_refused(tree: object) -> None:
    with pytest.raises(TreeUnreadable):
        requirements.from_wire(tree)
