"""Records that a source no longer gives: given days of grace, then withdrawn, unless suspiciously many are gone at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from .models import SourceRecord
from .tally import Tally

CHUNK = 10_000


@dataclass(frozen=True)
class Patience:
    """How absence is dealt with. `allow` is someone's word that what is missing is gone: no brake, no grace."""

    grace_days: int
    largest_share: float
    allow: bool = False


class TooManyMissing(Exception):
    """More records are missing than may be unpublished without being asked."""

    def __init__(self, source: str, missing: int, known: int, share: float) -> None:
        super().__init__(
            f"{missing} of {known} published records of {source} are missing, more than the {share:.0%} that may go at once. "
            f"Nothing was unpublished. "
            f"If they are really gone: corridor ingest run {source} --allow-unpublish"
        )


def notice(source: str, seen: Collection[str], gaps: Collection[str], patience: Patience, now: datetime, tally: Tally) -> None:
    """Mark what was not seen, and withdraw what has been missing for long enough. `gaps` are beginnings of keys that could not be read.

    Raises TooManyMissing, and then marks nothing.
    """
    public, public_missing, missing = 0, 0, []
    unread = tuple(gaps)
    for id, key, published in _live(source).values_list("id", "key", "record__published").iterator(CHUNK):
        public += published is not False
        if key not in seen and not (unread and key.startswith(unread)):
            missing.append(id)
            public_missing += published is not False
            tally.note_missing(key)
    if public_missing and not patience.allow and (public_missing > patience.largest_share * public or not seen):
        raise TooManyMissing(source, public_missing, public, patience.largest_share)
    with transaction.atomic():
        of_missing = SourceRecord.objects.filter(id__in=missing)
        of_missing.filter(missing_since=None).update(missing_since=now)
        due = Q() if patience.allow else Q(missing_since__lte=now - timedelta(days=patience.grace_days))
        of_missing.filter(due).update(withdrawn_at=now, pending=True)


def _live(source: str) -> QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(source=source, withdrawn_at=None)
