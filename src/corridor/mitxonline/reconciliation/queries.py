"""What was found. Constant numbers of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from corridor.kit import clock

from .models import Comparison, Finding
from .vocabulary import FindingKind

OVERDUE = timedelta(hours=3)


@dataclass(frozen=True)
class Standing:
    """Where one kind stands: how much of it is open since when, when it was compared last, and why the last try failed."""

    kind: FindingKind
    open: int
    oldest: datetime | None
    compared_on: datetime | None
    failed: str
    is_overdue: bool


def standings() -> list[Standing]:
    """Of every kind. Two queries."""
    found = Finding.objects.filter(resolved_on=None).order_by().values("kind").annotate(count=Count("pk"), oldest=Min("first_seen"))
    open_ones = {row["kind"]: (row["count"], row["oldest"]) for row in found}
    compared = Comparison.objects.in_bulk()
    return [_standing(kind, *open_ones.get(kind, (0, None)), compared.get(kind)) for kind in FindingKind]


def _standing(kind: FindingKind, count: int, oldest: datetime | None, row: Comparison | None) -> Standing:
    compared_on, tried_on = (row.compared_on, row.tried_on) if row else (None, None)
    is_overdue = tried_on is not None and tried_on < clock.now() - OVERDUE
    return Standing(kind, count, oldest, compared_on, row.failed if row else "", is_overdue)
