"""Moving to another run of the course, with what was paid for it."""

from django.db import transaction

from corridor.kit import clock
from corridor.mitxonline.catalog.rules import is_enrollable
from corridor.mitxonline.catalog.vocabulary import Mode

from . import actions, locks
from .changes import By
from .entitlements import standing
from .errors import AlreadyEntitled, DeferralRefused, NotEnrolled, ReasonMissing
from .models import Entitlement, RunEnrollment
from .vocabulary import ChangeKind, ChangeStatus


@transaction.atomic
def defer(*, user_id: int, from_run: int, to_run: int, actor: int | None, reason: str, force: bool = False) -> RunEnrollment:
    """Take the verified track of another run instead, whatever its upgrade deadline says; the old run stays open on the audit track.

    Gives the enrollment in the new run, and the same when it is asked again. `force` allows for another course and a closed run.
    Raises ReasonMissing, RunNotFound, NotEnrolled, DeferralRefused and AlreadyEntitled.
    """
    if not reason.strip():
        raise ReasonMissing
    locks.learner(user_id)
    source = RunEnrollment.objects.filter(user=user_id, course_run=from_run).first()
    if source is None:
        raise NotEnrolled
    target = RunEnrollment.objects.filter(user=user_id, course_run=to_run, active=True, mode=Mode.VERIFIED).first()
    if target and source.change_status == ChangeStatus.DEFERRED:
        return target
    _check(source, from_run, to_run, force=force)
    cause = f"deferral from run {from_run} to {to_run}"
    _move_right(user_id, from_run, to_run, cause)
    moved = actions.join(user_id, to_run, Mode.VERIFIED, By(actor, cause, reason)).enrollment
    actions.downgrade(enrollment=source, kind=ChangeKind.DEFERRED, actor=actor, cause=cause, reason=reason)
    return moved


def _check(source: RunEnrollment, from_run: int, to_run: int, *, force: bool) -> None:
    old, new = actions.run_facts(from_run), actions.run_facts(to_run)
    if old.id == new.id:
        raise DeferralRefused("This is the run itself. Name another run to defer to.")
    if source.mode != Mode.VERIFIED:
        raise DeferralRefused("Nothing was paid for this enrollment, so there is nothing to move. Enroll in the other run instead.")
    if force:
        return
    if old.course_id != new.course_id:
        raise DeferralRefused(f"{new.courseware_id} is a run of another course. Name one of the same course, or force it.")
    if not is_enrollable(new, clock.now()):
        raise DeferralRefused(f"{new.courseware_id} takes nobody in now. Name another run, or force it.")


def _move_right(user_id: int, from_run: int, to_run: int, cause: str) -> None:
    """The right goes to the new run with its source."""
    right = standing(user_id).filter(course_run=from_run).first()
    if right is None:
        return
    if standing(user_id).filter(course_run=to_run).exists():
        raise AlreadyEntitled
    Entitlement.objects.filter(pk=right.pk).update(ended_on=clock.now(), end_reason=cause)
    Entitlement.objects.create(
        user_id=user_id, course_run_id=to_run, line_id=right.line_id, drawn_from_id=right.drawn_from_id, given_by_id=right.given_by_id
    )
