"""What the courseware tells us: who has joined a run there, and who has earned a certificate. Taken once, whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from corridor.accounts.models import User
from corridor.kit.outbox import publish
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.enrollments.actions import enroll

from .errors import NoSuchLearner, NoSuchRun, WebhookUnclear
from .grades import TOPIC
from .models import CoursewareEvent, OpenEdxUser
from .vocabulary import EventKind

CAUSE = "courseware"
LONGEST = 255


@dataclass(frozen=True)
class Taken:
    status: int
    outcome: dict[str, Any]


def take(kind: EventKind, told: Any, *, event_id: str = "") -> Taken:
    """Do what a webhook asks for, and remember it by its name. Raises WebhookUnclear, NoSuchLearner and NoSuchRun, and remembers nothing then."""
    if not isinstance(told, dict):
        raise WebhookUnclear("The body must be a JSON object.")
    name = str(told.get("event_id") or event_id)
    if len(name) > LONGEST:
        raise WebhookUnclear(f"event_id has more than {LONGEST} characters.")
    if not name:
        with transaction.atomic():
            return DONE_BY[kind](told)
    return _once(kind, name, told)


def _once(kind: EventKind, name: str, told: dict[str, Any]) -> Taken:
    """Of two that come at once, the second waits for the first, and is told the same."""
    try:
        with transaction.atomic():
            event = CoursewareEvent.objects.create(kind=kind, event_id=name, status=0, outcome={})
            taken = DONE_BY[kind](told)
            event.status, event.outcome = taken.status, taken.outcome
            event.save(update_fields=["status", "outcome"])
            return taken
    except IntegrityError:
        known = CoursewareEvent.objects.filter(kind=kind, event_id=name).first()
        if known is None:
            raise
        return Taken(known.status, known.outcome)


def _joined(told: dict[str, Any]) -> Taken:
    """An enrollment as an auditor, unless there is more already; the window of enrollment was the courseware's to keep."""
    learner, run = _learner(told), _run(told)
    done = enroll(user_id=learner.pk, run_id=run.pk, actor=None, cause=CAUSE, keep_window=False)
    message = "Enrolled." if done.changed else "Enrolled already."
    row = done.enrollment
    outcome = {"message": message, "enrollment_id": row.pk, "active": row.active, "edx_enrolled": row.edx_enrolled}
    return Taken(201 if done.created else 200, outcome)


def _earned(told: dict[str, Any]) -> Taken:
    """The grade is fetched from the courseware by the outbox: nobody waits here, and what a webhook says of it would be hearsay."""
    learner, run = _learner(told), _run(told)
    publish(TOPIC, [f"{learner.pk}/{run.pk}"])
    return Taken(200, {"message": "The grade will be fetched."})


DONE_BY: dict[EventKind, Callable[[dict[str, Any]], Taken]] = {EventKind.ENROLLMENT: _joined, EventKind.CERTIFICATE: _earned}


def _learner(told: dict[str, Any]) -> User:
    """By the name in the courseware, which does not change, else by address."""
    username, email = told.get("username"), told.get("email")
    if not (isinstance(username, str) and username) and not (isinstance(email, str) and email):
        raise WebhookUnclear("username or email is missing.")
    account = OpenEdxUser.objects.annotate(low=Lower("edx_username")).filter(low=str(username or "").lower()).select_related("user").first()
    found = account.user if account else User.objects.filter(email__iexact=str(email or "-")).first()
    if found is None or not found.is_active:
        raise NoSuchLearner
    return found


def _run(told: dict[str, Any]) -> CourseRun:
    key = told.get("course_id")
    if not isinstance(key, str) or not key:
        raise WebhookUnclear("course_id is missing.")
    run = CourseRun.objects.filter(courseware_id=key[:LONGEST]).first()
    if run is None:
        raise NoSuchRun(key[:LONGEST])
    return run
