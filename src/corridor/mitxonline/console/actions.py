"""What staff do that takes more than one domain's action, or an entry in the audit of its own."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import transaction

from corridor.accounts.models import User
from corridor.kit import audit
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.certificates import actions as certificates
from corridor.mitxonline.enrollments import actions as enrollments
from corridor.mitxonline.enrollments import deferrals, entitlements
from corridor.mitxonline.enrollments.models import ProgramEnrollment, RunEnrollment
from corridor.mitxonline.enrollments.vocabulary import ChangeKind
from corridor.mitxonline.openedx.actions import replay_seats
from corridor.web.console.errors import NoSuchThing, NotNow

CAUSE = "staff"


@transaction.atomic
def enroll(*, learner: User, readable_id: str, whatever_the_dates: bool, by: User, reason: str) -> str:
    """Enroll in a run or a program, on the audit track. Gives its title. Raises NoSuchThing and what `enrollments.actions.enroll` raises."""
    sold = sold_as(readable_id)
    how: dict[str, Any] = {"user_id": learner.pk, "actor": by.pk, "cause": CAUSE, "keep_window": not whatever_the_dates}
    if isinstance(sold, CourseRun):
        enrolled = enrollments.enroll(run_id=sold.pk, **how).changed
    else:
        enrolled = enrollments.enroll_in_program(program_id=sold.pk, **how).changed
    if not enrolled:
        raise NotNow(f"{learner.shown_name} is enrolled in {sold.title} already.")
    note(learner, by, "enrollment.made", reason, ("enrollment", readable_id))
    return sold.title


@transaction.atomic
def grant(*, learner: User, readable_id: str, by: User, reason: str) -> str:
    """Give the verified track of a run or a program without payment. Gives its title. Raises NoSuchThing and AlreadyEntitled."""
    sold = sold_as(readable_id)
    what: dict[str, Any] = {"run_id": sold.pk} if isinstance(sold, CourseRun) else {"program_id": sold.pk}
    entitlements.grant(user_id=learner.pk, given_by=by.pk, cause=CAUSE, reason=reason, **what)
    note(learner, by, "right.given", reason, ("enrollment", readable_id))
    return sold.title


def sold_as(readable_id: str) -> CourseRun | Program:
    """Raises NoSuchThing."""
    found = CourseRun.objects.filter(courseware_id=readable_id).first() or Program.objects.filter(readable_id=readable_id).first()
    if found is None:
        raise NoSuchThing(f"There is no course run or program {readable_id}. Copy its id from the catalogue.")
    return found


def title_of(enrollment: RunEnrollment | ProgramEnrollment) -> str:
    return enrollment.course_run.title if isinstance(enrollment, RunEnrollment) else enrollment.program.title


def unenroll(*, enrollment: RunEnrollment | ProgramEnrollment, by: User, reason: str) -> None:
    """Raises ProgramPaid."""
    how: dict[str, Any] = {"user_id": enrollment.user_id, "actor": by.pk, "cause": CAUSE, "reason": reason}
    if isinstance(enrollment, RunEnrollment):
        enrollments.unenroll(run_id=enrollment.course_run_id, **how)
    else:
        enrollments.unenroll_from_program(program_id=enrollment.program_id, **how)


@transaction.atomic
def downgrade(*, enrollment: RunEnrollment, by: User, reason: str) -> None:
    """Move to the audit track who has no right to the verified one. Raises NotNow."""
    if entitlements.standing(enrollment.user_id).filter(course_run=enrollment.course_run_id).exists():
        raise NotNow(
            "There is a right to the verified track. Refund the order that bought it, or unenroll the learner, which ends what was given."
        )
    if not enrollments.downgrade(enrollment=enrollment, kind=ChangeKind.DOWNGRADED, actor=by.pk, cause=CAUSE, reason=reason):
        raise NotNow("The learner is on the audit track already.")


def defer(*, enrollment: RunEnrollment, readable_id: str, whatever_the_dates: bool, by: User, reason: str) -> str:
    """Gives the title of the new run. Raises NoSuchThing and what `deferrals.defer` raises."""
    to = CourseRun.objects.filter(courseware_id=readable_id).first()
    if to is None:
        raise NoSuchThing(f"There is no course run {readable_id}. Copy its id from the catalogue.")
    old, force = enrollment.course_run_id, whatever_the_dates
    deferrals.defer(user_id=enrollment.user_id, from_run=old, to_run=to.pk, actor=by.pk, reason=reason, force=force)
    return to.title


def grade(*, enrollment: RunEnrollment, percent: Decimal, letter: str, passed: bool, by: User, reason: str) -> int:
    """Set a grade that the courseware no longer changes. Gives how many certificates follow from it. Raises what `override_grade` raises."""
    told = certificates.override_grade(
        actor=by,
        user_id=enrollment.user_id,
        run_id=enrollment.course_run_id,
        grade=percent / 100,
        letter=letter,
        passed=passed,
        reason=reason,
    )
    return len(told.issued)


@transaction.atomic
def issue(*, learner: User, kind: str, id: int, by: User, reason: str) -> int:
    """Issue a certificate that is due. Gives how many were. Raises NotNow when none is due."""
    give = {"course": certificates.issue_due, "program": certificates.issue_due_programs}.get(kind)
    if give is None:
        raise NoSuchThing(f"There are certificates of courses and programs, and none of a {kind}.")
    issued = give([(learner.pk, id)], actor=by.pk, cause=reason)
    if not issued:
        raise NotNow(
            "No certificate is due: it was issued or revoked before, or something is missing. The record of the learner says what."
        )
    return len(issued)


@transaction.atomic
def send_again(enrollment_ids: Collection[int], *, by: User, reason: str) -> int:
    """Bring enrollments to the courseware once more, at once. Gives how many."""
    sent = replay_seats(enrollment_ids)
    for enrollment in RunEnrollment.objects.filter(pk__in=enrollment_ids).select_related("user", "course_run").order_by("pk"):
        note(enrollment.user, by, "seat.sent_again", reason, ("enrollment", enrollment.course_run.courseware_id))
    return sent


def note(about: User | None, by: User, code: str, reason: str, object: tuple[str, object]) -> None:
    """Who did it and why, where the domain's own ledger has no room for words."""
    audit.record(about=about.pk if about else None, actor=by.pk, code=code, cause=reason, object=object)
