"""What somebody takes, with grade and certificate: set-wise, in a constant number of queries, and nobody else's."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from corridor.kit import clock
from corridor.mitxonline.catalog.models import Program, ProgramRequirement
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade

from .entitlements import standing
from .errors import NotEnrolled, ProgramNotFound
from .models import ProgramEnrollment, RunEnrollment


@dataclass(frozen=True)
class Taken:
    """A run that somebody takes. The certificate is one that stands."""

    enrollment: RunEnrollment
    grade: CourseRunGrade | None
    certificate: Certificate | None


@dataclass(frozen=True)
class TakenProgram:
    enrollment: ProgramEnrollment
    certificate: Certificate | None


def taken(user_id: int) -> list[Taken]:
    """The runs that somebody is in, the newest enrollment first. Three queries."""
    return with_results(user_id, RunEnrollment.objects.filter(user=user_id, active=True).order_by("-id"))


def with_results(user_id: int, enrollments: QuerySet[RunEnrollment]) -> list[Taken]:
    """Of somebody's own enrollments."""
    rows = list(enrollments.select_related("course_run__course"))
    runs = [row.course_run_id for row in rows]
    grades = {each.course_run_id: each for each in CourseRunGrade.objects.filter(user=user_id, course_run__in=runs)}
    certificates = {each.course_run_id: each for each in _certificates(user_id).filter(course_run__in=runs)}
    return [Taken(row, grades.get(row.course_run_id), certificates.get(row.course_run_id)) for row in rows]


def _certificates(user_id: int) -> QuerySet[Certificate]:
    return Certificate.objects.filter(user=user_id, is_revoked=False, issue_date__lte=clock.now())


def run_enrollment(user_id: int, id: int) -> RunEnrollment:
    """One that somebody has not left. Raises NotEnrolled, of others' too."""
    found = RunEnrollment.objects.filter(user=user_id, pk=id, active=True).first()
    if found is None:
        raise NotEnrolled
    return found


def taken_programs(user_id: int) -> list[TakenProgram]:
    """The programs that somebody is in, the newest enrollment first. Two queries."""
    rows = list(ProgramEnrollment.objects.filter(user=user_id, active=True).select_related("program").order_by("-id"))
    found = _certificates(user_id).filter(program__in=[row.program_id for row in rows])
    certificates = {each.program_id: each for each in found}
    return [TakenProgram(row, certificates.get(row.program_id)) for row in rows]


def taken_program(user_id: int, program_id: int) -> TakenProgram:
    """Raises NotEnrolled."""
    for each in taken_programs(user_id):
        if each.enrollment.program_id == program_id:
            return each
    raise NotEnrolled


def state_in_runs(user_id: int, run_ids: Iterable[int]) -> dict[int, str]:
    """The mode of those that somebody is in, by run."""
    rows = RunEnrollment.objects.filter(user=user_id, course_run__in=list(run_ids), active=True)
    return dict(rows.values_list("course_run", "mode"))


def mode_in_program(user_id: int, program_id: int) -> str | None:
    """Of whoever is in it."""
    rows = ProgramEnrollment.objects.filter(user=user_id, program=program_id, active=True)
    return rows.values_list("mode", flat=True).first()


def courses_paid_for(user_id: int) -> set[int]:
    """The courses of programs that somebody has a right to."""
    programs = standing(user_id).exclude(program=None).values("program")
    return set(ProgramRequirement.objects.filter(program__in=programs, course__isnull=False).values_list("course", flat=True))


def program(id: int) -> Program:
    """One that people can enroll in. Raises ProgramNotFound."""
    found = Program.objects.filter(pk=id, live=True, b2b_only=False).first()
    if found is None:
        raise ProgramNotFound(id)
    return found


def is_bought(enrollment: RunEnrollment) -> bool:
    """Whether its verified track was paid for by itself, so that leaving does not end it."""
    return standing(enrollment.user_id).filter(course_run=enrollment.course_run_id, line__isnull=False).exists()
