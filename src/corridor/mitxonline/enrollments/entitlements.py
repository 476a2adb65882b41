"""Rights to the verified track: each comes with the enrollment it is for, and goes with it. One transaction each, under the learner's lock."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from corridor.kit import clock
from corridor.mitxonline.catalog import loading, requirements
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.catalog.rules import is_upgradable
from corridor.mitxonline.catalog.vocabulary import Mode

from . import actions, locks
from .changes import By
from .errors import AlreadyEntitled, ReasonMissing
from .models import Entitlement, ProgramEnrollment, RunEnrollment
from .vocabulary import ChangeKind


def standing(user_id: int) -> QuerySet[Entitlement]:
    """Rights that somebody has now."""
    return Entitlement.objects.filter(user=user_id, ended_on=None)


@transaction.atomic
def grant(
    *,
    user_id: int,
    run_id: int | None = None,
    program_id: int | None = None,
    line_id: int | None = None,
    drawn_from: Entitlement | None = None,
    given_by: int | None = None,
    cause: str,
    actor: int | None = None,
    reason: str = "",
) -> Entitlement:
    """The right to a run or a program and the verified enrollment with it, whatever the windows say: what was paid for is honoured.

    A line grants once; bought rights take the place of those drawn or given. Raises AlreadyEntitled.
    """
    locks.learner(user_id)
    before = standing(user_id).filter(course_run=run_id, program=program_id).first()
    if before and line_id is not None and before.line_id == line_id:
        return before
    if before and (line_id is None or before.line_id is not None):
        raise AlreadyEntitled
    if before:
        _end([before], "bought instead")
    right = Entitlement.objects.create(
        user_id=user_id, course_run_id=run_id, program_id=program_id, line_id=line_id, drawn_from=drawn_from, given_by_id=given_by
    )
    if before:
        Entitlement.objects.filter(drawn_from=before, ended_on=None).update(drawn_from=right)
    _seat(right, By(actor if actor is not None else given_by, cause, reason))
    return right


def _seat(right: Entitlement, by: By) -> None:
    if right.course_run_id is not None:
        actions.join(right.user_id, right.course_run_id, Mode.VERIFIED, by)
    elif right.program_id is not None:
        actions.join_program(right.user_id, right.program_id, Mode.VERIFIED, by)
        _upgrade_runs(right, right.program_id, by)


def _upgrade_runs(right: Entitlement, program_id: int, by: By) -> None:
    """What a learner already takes of the program for free, where the verified track can still be had."""
    now, courses = clock.now(), requirements.courses(loading.requirement_trees([program_id])[program_id])
    taken = RunEnrollment.objects.filter(user=right.user_id, active=True, mode=Mode.AUDIT, course_run__course__in=courses)
    for run in loading.runs(CourseRun.objects.filter(pk__in=taken.values("course_run"))):
        if run.is_public and is_upgradable(run, now):
            grant(user_id=right.user_id, run_id=run.id, drawn_from=right, cause=by.cause, actor=by.actor, reason=by.reason)


# --- the end of rights


@transaction.atomic
def revoke_entitlement(*, line_id: int, actor: int | None, cause: str, reason: str, kind: ChangeKind = ChangeKind.REFUNDED) -> None:
    """End what a line gave and all that was drawn from it. Enrollments that no other right covers go to the audit track.

    A second time nothing happens. Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    owner = Entitlement.objects.filter(line=line_id).values_list("user", flat=True).first()
    if owner is None:
        return
    locks.learner(owner)
    ended = _with_drawn(standing(owner).filter(line=line_id))
    _end(ended, reason)
    by = By(actor, cause, reason)
    for right in sorted(ended, key=lambda each: each.program_id is None):  # programs first: they may cover runs again
        if not _covered_otherwise(right, by):
            _unseat(right, kind, by)


def _with_drawn(rights: Iterable[Entitlement]) -> list[Entitlement]:
    """Rights and all that were drawn from them, directly or not."""
    found, fresh = [*rights], [*rights]
    while fresh:
        fresh = [*Entitlement.objects.filter(drawn_from__in=fresh, ended_on=None)]
        found += fresh
    return found


def _end(rights: Iterable[Entitlement], reason: str) -> None:
    Entitlement.objects.filter(pk__in=[right.pk for right in rights]).update(ended_on=clock.now(), end_reason=reason[:200])


def _covered_otherwise(right: Entitlement, by: By) -> bool:
    """Draw the right anew where another program gives it, too."""
    other = covering(right.user_id, course_id=right.course_run.course_id if right.course_run else None, program_id=right.program_id)
    if other is None:
        return False
    Entitlement.objects.create(user_id=right.user_id, course_run=right.course_run, program=right.program, drawn_from=other)
    return True


def covering(user_id: int, *, course_id: int | None = None, program_id: int | None = None) -> Entitlement | None:
    """The right to a program that requires this course or program."""
    programs = standing(user_id).exclude(program=None)
    if course_id is not None:
        programs = programs.filter(program__requirements__course=course_id)
    else:
        programs = programs.filter(program__requirements__required_program=program_id)
    return programs.order_by("id").first()


def _unseat(right: Entitlement, kind: ChangeKind, by: By) -> None:
    enrollments = (
        RunEnrollment.objects.filter(user=right.user_id, course_run=right.course_run_id)
        if right.course_run_id is not None
        else ProgramEnrollment.objects.filter(user=right.user_id, program=right.program_id)
    )
    for enrollment in enrollments:
        actions.downgrade(enrollment=enrollment, kind=kind, actor=by.actor, cause=by.cause, reason=by.reason)
