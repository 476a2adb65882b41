"""Bringing enrollments to the courseware, and what is done about those that do not get there."""

from collections.abc import Collection, Iterable

import structlog
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from corridor.kit import clock
from corridor.kit.outbox import publish
from corridor.kit.outbox.models import OutboxEvent
from corridor.mitxonline.enrollments.actions import note_courseware
from corridor.mitxonline.enrollments.changes import SEATS
from corridor.mitxonline.enrollments.models import RunEnrollment

from . import payloads, people, rules
from .client import courseware
from .errors import CoursewareAway, CoursewareFailed
from .models import CoursewareSeat
from .rules import Confirmed

log = structlog.get_logger(__name__)


def deliver(enrollment_ids: Collection[int]) -> dict[int, str]:
    """Bring enrollments to the courseware as they are now. Gives those that are to be tried again, with the reason."""
    # In no order: one that always fails does not always come first, which would spare the courseware before the others' turn.
    owed = RunEnrollment.objects.filter(pk__in=enrollment_ids).select_related("user__openedx_user", "course_run", "seat").order_by("?")
    failed: dict[int, str] = {}
    for enrollment in owed:
        if rules.is_fake(enrollment.course_run.run_tag):
            continue
        try:
            _settle(enrollment, _brought(enrollment))
        except CoursewareFailed as error:
            if _keep_failure(enrollment, error.message, passing=people.is_passing(error)):
                failed[enrollment.pk] = error.message
    return failed


def _brought(enrollment: RunEnrollment) -> Confirmed | None:
    """Make the courseware have what is so here. None: it has nothing, and there is nothing to bring. Raises CoursewareFailed."""
    seat, key = _seat(enrollment), enrollment.course_run.courseware_id
    if not enrollment.active and not seat.confirmed_active and not hasattr(enrollment.user, "openedx_user"):
        return None
    account = people.ensure_account(enrollment.user)
    there = courseware().enrollment(account.edx_username, key)
    there = _enrolled(account.edx_username, key, enrollment, there) if enrollment.active else _left(account.edx_username, key, there)
    if there is None:
        return None
    emails = _with_emails(enrollment, seat, key) if enrollment.active else seat.confirmed_emails
    return Confirmed(there.mode, there.is_active, emails)


def _enrolled(username: str, key: str, enrollment: RunEnrollment, there: payloads.Enrollment | None) -> payloads.Enrollment:
    for _ in range(2):  # the courseware may bring an ended enrollment into its new mode and leave it ended
        if there and there.is_active and there.mode == enrollment.mode:
            return there
        there = courseware().enroll(username, key, mode=enrollment.mode, active=True)
    if not there or not there.is_active:
        raise CoursewareAway("The courseware answers that the enrollment is not active.")
    return there


def _left(username: str, key: str, there: payloads.Enrollment | None) -> payloads.Enrollment | None:
    """End it in the mode that it has: the courseware ends none in another."""
    if there is None or not there.is_active:
        return there
    return courseware().enroll(username, key, mode=there.mode, active=False)


def _with_emails(enrollment: RunEnrollment, seat: CoursewareSeat, key: str) -> bool | None:
    """Letters of the course begin with an enrollment, so only another wish is told. None where nobody can tell it."""
    has = seat.confirmed_emails is not False
    if has == enrollment.emails_subscribed:
        return has
    proof = people.proof_of(enrollment.user)
    if not proof:
        log.info("openedx.emails_not_told", enrollment=enrollment.pk, reason="OPENEDX_SIGN_ON_CLIENT_ID is not set")
        return None
    courseware().set_emails(key, subscribed=enrollment.emails_subscribed, proof=proof)
    return enrollment.emails_subscribed


def _seat(enrollment: RunEnrollment) -> CoursewareSeat:
    return enrollment.seat if hasattr(enrollment, "seat") else CoursewareSeat(run_enrollment=enrollment)


@transaction.atomic
def _settle(enrollment: RunEnrollment, confirmed: Confirmed | None) -> None:
    """Write down what was confirmed. The enrollment counts as delivered unless it has become another meanwhile."""
    now = RunEnrollment.objects.select_for_update().get(pk=enrollment.pk)
    seat = _seat(enrollment)
    seat.tried_at = clock.now()
    seat.attempts = seat.refusals = 0
    seat.permanent, seat.error, seat.stuck_at = False, "", None
    if confirmed:
        seat.confirmed_at, seat.confirmed_mode = seat.tried_at, confirmed.mode
        seat.confirmed_active, seat.confirmed_emails = confirmed.active, confirmed.emails
    seat.save()
    note_courseware(enrollment.pk, rules.is_delivered(now.active, now.mode, confirmed))


def _keep_failure(enrollment: RunEnrollment, reason: str, *, passing: bool) -> bool:
    """Write down what went wrong. True when it is to be tried again; what stays refused is stuck until somebody replays it."""
    seat = _seat(enrollment)
    seat.tried_at, seat.error, seat.permanent = clock.now(), reason, not passing
    seat.attempts += 1
    seat.refusals += not passing
    is_stuck = seat.refusals >= rules.MOST_REFUSALS
    if is_stuck:
        seat.stuck_at = seat.tried_at
        log.warning("openedx.seat_stuck", enrollment=enrollment.pk, reason=reason)
    seat.save()
    return not is_stuck


# --- what is done about it


@transaction.atomic
def replay_seats(enrollment_ids: Iterable[int]) -> int:
    """Try again what is stuck, or waits, at once. Gives how many. Doing it twice does no harm."""
    ids = sorted(set(enrollment_ids))
    CoursewareSeat.objects.filter(run_enrollment__in=ids).update(refusals=0, permanent=False, stuck_at=None)
    OutboxEvent.objects.filter(topic=SEATS, aggregate__in=[str(id) for id in ids]).delete()
    return publish(SEATS, [str(id) for id in ids])


@transaction.atomic
def owe_what_is_missing(limit: int = 1000) -> int:
    """Owe again what the courseware has not confirmed and nothing is on its way for, as after half a day without it. Gives how many."""
    under_way = OutboxEvent.objects.filter(topic=SEATS, dead_at=None, aggregate=Cast(OuterRef("pk"), CharField()))
    missing = RunEnrollment.objects.filter(~Exists(under_way), edx_enrolled=False, user__is_active=True, seat__stuck_at=None)
    missing = missing.exclude(course_run__run_tag__startswith=rules.FAKE)
    return replay_seats(missing.order_by("pk").values_list("pk", flat=True)[:limit])
