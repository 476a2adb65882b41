"""Changing what a program requires: checked as a whole, one writer at a time, so that no two of them close a circle together."""

from collections.abc import Sequence

from django.db import transaction

from . import documents, requirements
from .errors import CatalogNotFound, TreeRefused
from .loading import grouped, requirement_trees
from .models import Course, Program, ProgramRequirement
from .requirements import Node


@transaction.atomic
def set_requirements(program_id: int, tree: Sequence[Node]) -> None:
    """Have a program require this. Raises CatalogNotFound and TreeRefused; ids of the nodes given are not looked at."""
    documents.take_turn()
    before = check(program_id, tree)
    if _same(before, tree):
        return
    ProgramRequirement.objects.filter(program=program_id).delete()
    _save(program_id, tree)
    lost = [*requirements.courses(before)], [*requirements.programs(before)]
    documents.publish(courses=lost[0], programs=[program_id, *lost[1]])


def check(program_id: int, tree: Sequence[Node]) -> tuple[Node, ...]:
    """Whether a program may require this; gives what it requires so far."""
    others = _required_programs()
    if program_id not in others:
        raise CatalogNotFound("program", program_id)
    known = set(Course.objects.filter(id__in=requirements.courses(tree)).values_list("id", flat=True))
    if wrong := requirements.problems(tree, program=program_id, known_courses=known, others=others):
        raise TreeRefused(wrong)
    return requirement_trees([program_id])[program_id]


def _required_programs() -> dict[int, list[int]]:
    """For each program those that it requires itself."""
    links = ProgramRequirement.objects.exclude(required_program=None).values_list("program", "required_program")
    required = grouped(links)
    return {id: required[id] for id in Program.objects.values_list("id", flat=True)}


def _same(before: Sequence[Node], tree: Sequence[Node]) -> bool:
    return requirements.to_wire(_without_ids(before), 0) == requirements.to_wire(_without_ids(tree), 0)


def _without_ids(nodes: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(Node(n.type, n.operator, n.number, n.title, n.elective, n.course, n.program, _without_ids(n.children)) for n in nodes)


def _save(program_id: int, nodes: Sequence[Node], parent: ProgramRequirement | None = None) -> None:
    """Level by level: a parent has its id before its children are written."""
    rows = [
        ProgramRequirement(
            program_id=program_id,
            parent=parent,
            position=position,
            node_type=node.type,
            operator=node.operator,
            operator_value=node.number,
            title=node.title,
            elective_flag=node.elective,
            course_id=node.course,
            required_program_id=node.program,
        )
        for position, node in enumerate(nodes)
    ]
    for node, row in zip(nodes, ProgramRequirement.objects.bulk_create(rows), strict=True):
        if node.children:
            _save(program_id, node.children, row)
