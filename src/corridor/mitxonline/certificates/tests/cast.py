"""People who take courses, for the tests of certificates and records."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from corridor.accounts.models import User
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.certificates import actions
from corridor.mitxonline.certificates.actions import Recorded
from corridor.mitxonline.enrollments.models import EnrollmentChange, ProgramEnrollment, RunEnrollment
from corridor.mitxonline.enrollments.vocabulary import ChangeKind


def a_learner(name: str = "Ada Byron", **fields: Any) -> User:
    address = f"{name.lower().replace(' ', '.')}@example.com"
    return User.objects.create_user(address, **{"email": address, "name": name} | fields)


def staff(name: str = "Registrar") -> User:
    return a_learner(name, is_staff=True, is_superuser=True)


@transaction.atomic
def enrolled(user: User, run: CourseRun, mode: str = "verified", **fields: Any) -> RunEnrollment:
    row = RunEnrollment.objects.create(user=user, course_run=run, mode=mode, **fields)
    _entered(row, run_enrollment=row)
    return row


@transaction.atomic
def in_program(user: User, program: Program, mode: str = "verified", **fields: Any) -> ProgramEnrollment:
    row = ProgramEnrollment.objects.create(user=user, program=program, mode=mode, **fields)
    _entered(row, program_enrollment=row)
    return row


def _entered(row: RunEnrollment | ProgramEnrollment, **of: Any) -> None:
    """The entry of the ledger that every enrollment has."""
    EnrollmentChange.objects.create(
        **of, number=1, kind=ChangeKind.ENROLLED, active=row.active, mode=row.mode, change_status=row.change_status, cause="a test"
    )


def passes(user: User, run: CourseRun, grade: str = "0.87", *, forced: bool = False) -> Recorded:
    return graded(user, run, grade, passed=True, forced=forced)


def graded(user: User, run: CourseRun, grade: str, *, passed: bool, forced: bool = False) -> Recorded:
    letter = "B" if passed else "F"
    return actions.record_grade(
        user_id=user.pk, run_id=run.pk, grade=Decimal(grade), letter=letter, passed=passed, cause="courseware", forced=forced
    )
