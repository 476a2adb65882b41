"""What a program requires, as a tree: all of these, so many of those, courses and whole programs. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .vocabulary import NodeType, Operator

DEEPEST = 6
MOST_NODES = 500


@dataclass(frozen=True)
class Node:
    """An operator with its parts, a course or a program. `number` is how many parts a MIN_NUMBER_OF wants."""

    type: str
    operator: str | None = None
    number: int | None = None
    title: str | None = None
    elective: bool = False
    course: int | None = None
    program: int | None = None
    children: tuple["Node", ...] = ()
    id: int | None = None


def all_of(*children: Node, title: str = "Required Courses") -> Node:
    return Node(NodeType.OPERATOR, Operator.ALL_OF, title=title, children=children)


def min_number_of(number: int, *children: Node, title: str = "Elective Courses", elective: bool = True) -> Node:
    return Node(NodeType.OPERATOR, Operator.MIN_NUMBER_OF, number, title, elective, children=children)


def course(id: int) -> Node:
    return Node(NodeType.COURSE, course=id)


def program(id: int) -> Node:
    return Node(NodeType.PROGRAM, program=id)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, parents before children, in order."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def courses(nodes: Iterable[Node]) -> tuple[int, ...]:
    """Each once, in the order of the tree."""
    return tuple(dict.fromkeys(node.course for node in walk(nodes) if node.course is not None))


def programs(nodes: Iterable[Node]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(node.program for node in walk(nodes) if node.program is not None))


@dataclass(frozen=True)
class Split:
    """What must be taken, and what may be chosen."""

    required: tuple[Node, ...]
    electives: tuple[Node, ...]


def split(nodes: Sequence[Node]) -> Split:
    """By the flags of the topmost operators alone: what lies deeper belongs to theirs. Leaves of the tree, each once."""
    return Split(
        required=_leaves(node for node in nodes if not node.elective),
        electives=_leaves(node for node in nodes if node.elective),
    )


def _leaves(nodes: Iterable[Node]) -> tuple[Node, ...]:
    leaves = (node for node in walk(nodes) if node.type != NodeType.OPERATOR)
    return tuple({(node.course, node.program): node for node in leaves}.values())


# --- what is wrong with a tree


def problems(
    nodes: Sequence[Node], *, program: int, known_courses: Collection[int], others: Mapping[int, Collection[int]]
) -> tuple[str, ...]:
    """In sentences. `others` names for each program that there is the programs it requires; that of `program` itself is not looked at."""
    found = [*_problems_of_shape(nodes), *_unknown(nodes, known_courses, others)]
    if circle := circle_through(program, programs(nodes), others):
        found.append(f"Program {program} would require itself, by way of {' → '.join(map(str, circle))}.")
    return tuple(dict.fromkeys(found))


def _problems_of_shape(nodes: Sequence[Node], depth: int = 1) -> Iterator[str]:
    if depth > DEEPEST:
        yield f"The tree is deeper than {DEEPEST} levels."
        return
    if depth == 1 and sum(1 for _ in walk(nodes)) > MOST_NODES:
        yield f"The tree has more than {MOST_NODES} nodes."
    for node in nodes:
        yield from _problems_of_node(node)
        yield from _problems_of_shape(node.children, depth + 1)


def _problems_of_node(node: Node) -> Iterator[str]:
    if node.type != NodeType.OPERATOR:
        if node.children:
            yield "A course or program has no parts of its own in a tree."
        return
    name = f"“{node.title}”" if node.title else "An operator"
    if not node.children:
        yield f"{name} asks for nothing: add a course or a program, or remove it."
    if node.operator == Operator.MIN_NUMBER_OF and not 1 <= (node.number or 0) <= len(node.children):
        yield f"{name} wants {node.number} of {len(node.children)} parts."
    leaves = [(part.course, part.program) for part in node.children if part.type != NodeType.OPERATOR]
    if len(leaves) != len(set(leaves)):
        yield f"{name} names the same part twice."


def _unknown(nodes: Sequence[Node], known_courses: Collection[int], known_programs: Collection[int]) -> Iterator[str]:
    yield from (f"There is no course {id}." for id in courses(nodes) if id not in known_courses)
    yield from (f"There is no program {id}." for id in programs(nodes) if id not in known_programs)


def circle_through(program: int, required: Iterable[int], others: Mapping[int, Collection[int]]) -> tuple[int, ...]:
    """The way from what a program requires back to itself; nothing where there is none."""
    ways: list[tuple[int, ...]] = [(id,) for id in required]
    seen: set[int] = set()
    while ways:
        way = ways.pop()
        if way[-1] == program:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, id) for id in others.get(way[-1], ())]
    return ()


# --- the published shape


class TreeUnreadable(ValueError):
    """A tree that is not in the published shape; the text says where."""


def from_wire(tree: Any) -> tuple[Node, ...]:
    """A tree as the API tells it, with or without the root that older payloads have. Raises TreeUnreadable."""
    if not isinstance(tree, list):
        raise TreeUnreadable("a tree is a list of nodes")
    if len(tree) == 1 and _data(tree[0]).get("node_type") == "program_root":
        return from_wire(tree[0].get("children") or [])
    return tuple(_node(each) for each in tree)


def _data(node: Any) -> dict[str, Any]:
    data = node.get("data") if isinstance(node, dict) else None
    if not isinstance(data, dict):
        raise TreeUnreadable("a node has data")
    return data


def _node(told: Any) -> Node:
    data = _data(told)
    children = tuple(_node(each) for each in told.get("children") or [])
    match data.get("node_type"):
        case NodeType.OPERATOR:
            return _operator(data, children)
        case NodeType.COURSE:
            return Node(NodeType.COURSE, course=_number(data, "course"), children=children)
        case NodeType.PROGRAM:
            return Node(NodeType.PROGRAM, program=_number(data, "required_program"), children=children)
        case other:
            raise TreeUnreadable(f"there is no node type {other}")


def _operator(data: dict[str, Any], children: tuple[Node, ...]) -> Node:
    operator = data.get("operator")
    if operator not in Operator.values:
        raise TreeUnreadable(f"there is no operator {operator}")
    number = _number(data, "operator_value") if operator == Operator.MIN_NUMBER_OF else None
    return Node(NodeType.OPERATOR, operator, number, data.get("title"), bool(data.get("elective_flag")), children=children)


def _number(data: dict[str, Any], name: str) -> int:
    try:
        return int(data[name])
    except (KeyError, TypeError, ValueError):
        raise TreeUnreadable(f"{name} is no number: {data.get(name)}") from None


def to_wire(nodes: Iterable[Node], program: int) -> list[dict[str, Any]]:
    """As version 2 has it: ids are numbers, the number of an operator is text."""
    return [
        {
            "id": node.id,
            "data": {
                "node_type": node.type,
                "course": node.course,
                "program": program,
                "required_program": node.program,
                "title": node.title,
                "operator": node.operator,
                "operator_value": None if node.number is None else str(node.number),
                "elective_flag": node.elective,
            },
            "children": to_wire(node.children, program),
        }
        for node in nodes
    ]


def to_wire_v1(nodes: Iterable[Node], program: int) -> list[dict[str, Any]]:
    """As version 1 has it: ids are text."""
    return [_as_texts(node) for node in to_wire(nodes, program)]


def _as_texts(told: dict[str, Any]) -> dict[str, Any]:
    ids = {name: None if told["data"][name] is None else str(told["data"][name]) for name in ("course", "program", "required_program")}
    return {"id": told["id"], "data": {**told["data"], **ids}, "children": [_as_texts(child) for child in told["children"]]}
