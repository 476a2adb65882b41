"""Where enrollments stand with the courseware. Constant numbers of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from corridor.kit.outbox.models import OutboxEvent
from corridor.mitxonline.enrollments.changes import SEATS
from corridor.mitxonline.enrollments.models import RunEnrollment

from . import rules
from .models import CoursewareSeat
from .vocabulary import Standing

SENTENCES = {
    Standing.DELIVERED: "Your place in the course is ready.",
    Standing.PREPARED: "Your place in the course is being prepared. You need do nothing; it is tried again by itself.",
    Standing.STUCK: "Your place in the course is not ready yet. Our staff see this and look after it; you keep what you enrolled in or paid for.",
}


@dataclass(frozen=True)
class Where:
    """`error` is for staff, `sentence` for the learner."""

    standing: Standing
    tried_at: datetime | None
    next_try_at: datetime | None
    attempts: int
    error: str

    @property
    def sentence(self) -> str:
        return SENTENCES[self.standing]


def where_it_stands(enrollment_ids: Collection[int]) -> Mapping[int, Where]:
    """By enrollment in a run. Two queries."""
    names = [str(id) for id in enrollment_ids]
    due = dict(
        OutboxEvent.objects.filter(topic=SEATS, aggregate__in=names, dead_at=None).order_by("-id").values_list("aggregate", "due_at")
    )
    rows = RunEnrollment.objects.filter(pk__in=enrollment_ids).select_related("seat", "course_run")
    return {row.pk: _where(row, getattr(row, "seat", None), due.get(str(row.pk))) for row in rows}


def _where(enrollment: RunEnrollment, seat: CoursewareSeat | None, due: datetime | None) -> Where:
    if enrollment.edx_enrolled or rules.is_fake(enrollment.course_run.run_tag):
        standing = Standing.DELIVERED
    else:
        standing = Standing.STUCK if seat and seat.stuck_at else Standing.PREPARED
    waits = standing == Standing.PREPARED
    tried, attempts, error = (seat.tried_at, seat.attempts, seat.error) if seat else (None, 0, "")
    return Where(standing, tried, due if waits else None, attempts, error if standing != Standing.DELIVERED else "")
