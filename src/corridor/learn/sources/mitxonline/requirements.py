"""The parts of a program, from its tree of requirements."""

from collections.abc import Iterator, Mapping

from corridor.learn.catalog.vocabulary import RelationType, ResourceType
from corridor.learn.ingest.records import ChildRecord

from .payloads import Node, OtherProgram, Program


def children(program: Program, courses: Mapping[int, str], programs: Mapping[int, OtherProgram]) -> tuple[ChildRecord, ...] | None:
    """Parts in the order of the tree, each once; None when there are some and not one of them is known by name.

    A program shown as a course is a part like a course; another one is a part with which its courses come too. Single
    numbers that stand for nothing are left out, and a program that contains itself ends there.
    """
    parts = [*_parts(program.req_tree, courses, programs, (program.id,))] or [*_listed(program, courses)]
    own = tuple(dict.fromkeys(part for part in parts if part.readable_id != program.readable_id))
    return None if not own and (program.courses or program.req_tree) else own


def _parts(
    tree: tuple[Node, ...], courses: Mapping[int, str], programs: Mapping[int, OtherProgram], above: tuple[int, ...]
) -> Iterator[ChildRecord]:
    for node in tree:
        number = node.data.required_program
        if node.data.course is not None and node.data.course in courses:
            yield _course(courses[node.data.course])
        elif number is not None and number in programs and number not in above:
            other = programs[number]
            as_course = other.display_mode == "course"
            relation = RelationType.PROGRAM_COURSES if as_course else RelationType.PROGRAM_PROGRAMS
            yield ChildRecord(readable_id=other.readable_id, resource_type=ResourceType.PROGRAM, relation_type=relation)
            if not as_course:
                yield from _parts(other.req_tree, courses, programs, (*above, number))
        yield from _parts(node.children, courses, programs, above)


def _listed(program: Program, courses: Mapping[int, str]) -> Iterator[ChildRecord]:
    """The plain list of courses, where there is no tree."""
    for course in program.courses:
        if isinstance(course, str):
            yield _course(course)
        elif course in courses:
            yield _course(courses[course])


def _course(readable_id: str) -> ChildRecord:
    return ChildRecord(readable_id=readable_id, resource_type=ResourceType.COURSE, relation_type=RelationType.PROGRAM_COURSES)
