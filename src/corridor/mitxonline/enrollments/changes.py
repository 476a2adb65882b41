"""The one place that writes enrollments: the view and the entry of the ledger together, with what others are owed for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max

from corridor.kit import clock, request_ids
from corridor.kit.outbox import publish

from . import letters, rules
from .models import EnrollmentChange, ProgramEnrollment, RunEnrollment
from .rules import Step, View
from .vocabulary import ChangeKind

SEATS = "mitxonline.seats"  # the courseware learns of it
AnyEnrollment = RunEnrollment | ProgramEnrollment


@dataclass(frozen=True)
class By:
    """Who changes something and why; no actor is the system itself."""

    actor: int | None
    cause: str
    reason: str = ""


def view_of(enrollment: AnyEnrollment | None) -> View | None:
    return View(enrollment.active, enrollment.mode, enrollment.change_status) if enrollment else None


def begin(enrollment: AnyEnrollment, step: Step, by: By) -> None:
    """The first entry, of an enrollment that is not saved yet."""
    _take(enrollment, step.view)
    enrollment.save(force_insert=True)
    _enter(enrollment, step, by, 1)


def keep(enrollment: AnyEnrollment, step: Step, by: By) -> None:
    _take(enrollment, step.view)
    columns = ["active", "mode", "change_status", "updated_on"]
    if isinstance(enrollment, RunEnrollment):
        enrollment.edx_enrolled = False
        if step.kind in (ChangeKind.REENROLLED, ChangeKind.UNENROLLED):
            enrollment.emails_subscribed = enrollment.active
        columns += ["edx_enrolled", "emails_subscribed"]
    with _lowering(step.kind):
        enrollment.save(update_fields=columns)
    _enter(enrollment, step, by, _newest(enrollment) + 1)


def _take(enrollment: AnyEnrollment, view: View) -> None:
    enrollment.active, enrollment.mode, enrollment.change_status = view.active, view.mode, view.change_status
    enrollment.updated_on = clock.now()


def _of(enrollment: AnyEnrollment) -> dict[str, Any]:
    return {"run_enrollment": enrollment} if isinstance(enrollment, RunEnrollment) else {"program_enrollment": enrollment}


def _newest(enrollment: AnyEnrollment) -> int:
    newest: int = EnrollmentChange.objects.filter(**_of(enrollment)).aggregate(newest=Max("number"))["newest"]
    return newest


def _enter(enrollment: AnyEnrollment, step: Step, by: By, number: int) -> None:
    EnrollmentChange.objects.create(
        **_of(enrollment),
        **vars(step.view),
        number=number,
        kind=step.kind,
        actor_id=by.actor,
        cause=by.cause,
        reason=by.reason,
        request_id=request_ids.current(),
    )
    if isinstance(enrollment, RunEnrollment):
        publish(SEATS, [str(enrollment.pk)])
        letters.tell(enrollment, step.kind)


@contextmanager
def _lowering(kind: ChangeKind) -> Iterator[None]:
    """Lets the trigger `enrollment_mode_kept` pass what names a reason, and nothing after it."""
    if kind not in rules.LOWERING:
        yield
        return
    _say("yes")
    yield
    _say("")


def _say(lowering: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('mitxonline.downgrade', %s, true)", [lowering])
