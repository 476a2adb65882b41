"""What a program asks for, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .facts import Json
from .vocabulary import NodeType, Operator

T = TypeVar("T")
PLACEHOLDERS = ("Required Courses", "Elective Courses", "")


@dataclass(frozen=True)
class Part(Generic[T]):
    """A node of the tree as a page shows it: an operator with a heading and a sentence, or a row."""

    heading: str = ""
    sentence: str = ""
    row: T | None = None
    parts: list["Part[T]"] = field(default_factory=list)


def told(tree: Sequence[Json], courses: Mapping[int, T], programs: Mapping[int, T]) -> list[Part[T]]:
    """The tree of version 2. A part that is not in the mappings is left out; the sentence still counts it."""
    return [part for node in tree if (part := _part(node, courses, programs))]


def _part(node: Json, courses: Mapping[int, T], programs: Mapping[int, T]) -> Part[T] | None:
    data = node["data"]
    if data["node_type"] == NodeType.OPERATOR:
        return Part(heading=heading(data), sentence=sentence(node), parts=told(node["children"], courses, programs))
    row = courses.get(data["course"]) if data["node_type"] == NodeType.COURSE else programs.get(data["required_program"])
    return None if row is None else Part(row=row)


def heading(data: Json) -> str:
    """Staff's own, else whether it is required."""
    title = data["title"] or ""
    if title not in PLACEHOLDERS:
        return str(title)
    return "To choose from" if data["elective_flag"] or data["operator"] == Operator.MIN_NUMBER_OF else "Required"


def sentence(node: Json) -> str:
    """How many of an operator's parts are asked for."""
    data, parts = node["data"], node["children"]
    noun = _noun(parts)
    if len(parts) == 1:
        return f"This {noun}."
    if data["operator"] == Operator.ALL_OF or int(data["operator_value"]) >= len(parts):
        return f"{'Both' if len(parts) == 2 else f'All {len(parts)}'} of these {noun}s."
    wanted = int(data["operator_value"])
    return f"{'One' if wanted == 1 else f'Any {wanted}'} of these {len(parts)} {noun}s."


def _noun(parts: Sequence[Json]) -> str:
    kinds = {part["data"]["node_type"] for part in parts}
    return {frozenset({NodeType.COURSE}): "course", frozenset({NodeType.PROGRAM}): "program"}.get(frozenset(kinds), "part")
