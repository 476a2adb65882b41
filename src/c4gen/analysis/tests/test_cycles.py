"""Every elementary cycle, what waits in it, and where it is cheapest to cut."""

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c4gen.analysis.cycles import Cycles, components, cycles_of
from c4gen.analysis.tests.cast import arrow, arrows


def found(text: str) -> Cycles:
    return cycles_of(arrows(text), {})


@pytest.mark.parametrize(
    ("text", "cycles"),
    [
        ("a>b b>c", []),
        ("a>b b>a", [("a", "b")]),
        ("a>b a>c b>c c>a", [("a", "c"), ("a", "b", "c")]),
        ("a>b b>a b>c c>b", [("a", "b"), ("b", "c")]),
        ("a>b b>c c>a d>e e>d c>d", [("d", "e"), ("a", "b", "c")]),
        ("a>a", []),
    ],
)
def test_all_elementary_cycles_are_found(text: str, cycles: list[tuple[str, ...]]):
    said = found(text)
    assert [cycle.boxes for cycle in said.cycles] == cycles
    assert said.complete


def test_containers_count_as_their_systems():
    said = cycles_of(
        arrows("shop-web>ledger ledger~shop-worker shop-web>shop-db"), {"shop-web": "shop", "shop-worker": "shop", "shop-db": "shop"}
    )
    assert [cycle.boxes for cycle in said.cycles] == [("ledger", "shop")]


def test_a_cycle_waits_only_where_every_arrow_of_it_waits():
    said = found("a>b b>a b~c c>b")
    assert {cycle.boxes: cycle.sync for cycle in said.cycles} == {("a", "b"): True, ("b", "c"): False}
    assert [cycle.sync for cycle in said.cycles] == [True, False]
    assert found("a~b a>b b>a").cycles[0].sync


def test_the_cheapest_cut_names_the_lines_to_edit():
    said = cycles_of([arrow("a", "b", places=3), arrow("b", "c"), arrow("c", "a", places=2)], {})
    assert said.cut is not None
    assert said.cut.arrows == (("b", "c"),)
    assert [f"{line.repo}/{line.path}:{line.line}" for line in said.cut.lines] == ["b/c.py:1"]
    assert (said.cut.cost, said.cut.exact) == (1, True)


def test_two_cheap_arrows_are_cut_before_a_dear_one():
    said = cycles_of([arrow("a", "b", places=9), arrow("b", "c"), arrow("c", "a"), arrow("b", "d"), arrow("d", "a")], {})
    assert said.cut is not None
    assert said.cut.cost == 2


def test_a_knot_too_large_to_list_says_that_there_are_more():
    names = [f"n{number}" for number in range(12)]
    said = cycles_of([arrow(one, other) for one, other in permutations(names, 2)], {})
    assert not said.complete
    assert len(said.cycles) == 1000
    assert said.cut is not None
    assert not said.cut.exact


GRAPHS = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=12, unique=True)


@settings(max_examples=150, deadline=None)
@given(GRAPHS)
def test_cycles_are_those_that_trying_every_order_gives(pairs: list[tuple[str, str]]):
    edges = {(one, other) for one, other in pairs if one != other}
    tried = set()
    for size in range(2, 6):
        for order in permutations("abcde", size):
            if order[0] == min(order) and all(pair in edges for pair in zip(order, (*order[1:], order[0]), strict=True)):
                tried.add(order)
    said = cycles_of([arrow(*pair) for pair in pairs], {})
    assert {cycle.boxes for cycle in said.cycles} == tried
    assert len(said.cycles) == len(tried)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), st.integers(1, 4), max_size=9))
def test_no_cheaper_cut_exists(costs: dict[tuple[str, str], int]):
    said = cycles_of([arrow(*pair, places=places) for pair, places in costs.items()], {})
    if said.cut is None:
        assert not said.cycles
        return
    wanted = [set(cycle.arrows) for cycle in said.cycles]
    used = sorted({one for cycle in wanted for one in cycle})
    best = min(
        sum(costs[one] for one in some)
        for size in range(len(used) + 1)
        for some in combinations(used, size)
        if all(not cycle.isdisjoint(some) for cycle in wanted)
    )
    assert said.cut.cost == best
    assert all(not cycle.isdisjoint(said.cut.arrows) for cycle in wanted)


def test_long_chains_need_no_recursion():
    chain = {number: [number + 1] for number in range(5000)} | {5000: [0]}
    assert [len(group) for group in components(chain)] == [5001]
