"""A learner's record of a program: its courses with grades and certificates, and who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from corridor.accounts.models import User
from corridor.mitxonline.catalog import requirements
from corridor.mitxonline.catalog.loading import requirement_trees
from corridor.mitxonline.catalog.models import Course, Program
from corridor.mitxonline.catalog.requirements import Node
from corridor.mitxonline.certificates import loading
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade
from corridor.mitxonline.certificates.queries import Explained, why_program
from corridor.mitxonline.enrollments.models import ProgramEnrollment

from .errors import RecordNotFound, ShareNotFound
from .models import PartnerSchool, RecordShare

REQUIRED, ELECTIVE = "Required Courses", "Elective Courses"


@dataclass(frozen=True)
class Line:
    """A course of the program, with the best grade and the certificate that stands."""

    course: Course
    kind: str
    grade: CourseRunGrade | None
    certificate: Certificate | None


@dataclass(frozen=True)
class Record:
    """`name` is what the learner is called; everything else that is known of them is theirs to tell."""

    learner: User
    name: str
    program: Program
    tree: Sequence[Node]
    lines: Sequence[Line]
    explained: Explained


def program_for(user: User, key: int | str) -> Program:
    """A public one by number or readable id, or one that the person is in. Raises RecordNotFound."""
    named = Q(pk=key) if isinstance(key, int) else Q(readable_id=key)
    mine = Q(pk__in=ProgramEnrollment.objects.filter(user=user).values("program"))
    found = Program.objects.filter(named, Q(b2b_only=False) | mine).first()
    if found is None:
        raise RecordNotFound(key)
    return found


def record(user: User, program: Program) -> Record:
    tree = requirement_trees([program.pk])[program.pk]
    return Record(user, loading.names([user.pk])[user.pk], program, tree, _lines(user, tree), why_program(user.pk, program))


def shared(uuid: UUID) -> Record:
    """What somebody with a link sees. Raises ShareNotFound."""
    share = RecordShare.objects.filter(uuid=uuid, is_active=True, user__is_active=True).select_related("user", "program").first()
    if share is None:
        raise ShareNotFound
    return record(share.user, share.program)


def shares(user: User, program: Program) -> list[RecordShare]:
    return list(RecordShare.objects.filter(user=user, program=program, is_active=True).select_related("partner_school"))


def schools(program: Program) -> list[PartnerSchool]:
    """Those that take records of this program."""
    return list(program.partner_schools.filter(is_active=True))


def _lines(user: User, tree: Sequence[Node]) -> list[Line]:
    """Three queries."""
    parts = requirements.split(tree)
    kinds = {node.course: ELECTIVE for node in parts.electives} | {node.course: REQUIRED for node in parts.required}
    ids = requirements.courses(tree)
    courses = Course.objects.in_bulk(ids)
    graded = CourseRunGrade.objects.filter(user=user, course_run__course__in=ids).select_related("course_run").order_by("passed", "grade")
    held = Certificate.objects.filter(user=user, course_run__course__in=ids, is_revoked=False).select_related("course_run").order_by("id")
    grades = {row.course_run.course_id: row for row in graded}  # the best comes last
    certificates = {row.course_run.course_id: row for row in held if row.course_run}
    return [Line(courses[id], kinds[id], grades.get(id), certificates.get(id)) for id in ids]
