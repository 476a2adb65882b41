"""Comparing, and keeping what was found."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from corridor.kit import clock
from corridor.kit.errors import Problem

from . import books, outside  # noqa: F401 - they register their comparisons
from .comparing import COMPARISONS, Compared
from .models import Comparison, Finding
from .vocabulary import FindingKind

log = structlog.get_logger(__name__)

KEEP = """
    INSERT INTO mitxonline_finding (kind, key, about_id, said, data, first_seen, last_seen)
    SELECT %(kind)s, key, about, said, data, %(now)s, %(now)s
    FROM jsonb_to_recordset(%(found)s) AS found (key text, about bigint, said text, data jsonb)
    ON CONFLICT (kind, key) WHERE resolved_on IS NULL
    DO UPDATE SET said = EXCLUDED.said, data = EXCLUDED.data, about_id = EXCLUDED.about_id, last_seen = EXCLUDED.last_seen
"""


@dataclass(frozen=True)
class Outcome:
    """What came of comparing one kind: how many findings are open, how many are gone; or why it could not be compared."""

    kind: FindingKind
    open: int
    resolved: int
    failed: str = ""


def reconcile(kinds: Iterable[FindingKind] = ()) -> list[Outcome]:
    """Compare these kinds, or all. Doing it again changes nothing but when a finding was last seen."""
    return [compare(kind) for kind in kinds or COMPARISONS]


def compare(kind: FindingKind) -> Outcome:
    """Compare outside of transactions, as others may be asked; what is found is kept in one."""
    row, _ = Comparison.objects.get_or_create(kind=kind)
    try:
        compared = COMPARISONS[kind](row.reached)
    except Problem as problem:
        log.warning("reconciliation.not_compared", kind=kind, reason=problem.message)
        Comparison.objects.filter(kind=kind).update(tried_on=clock.now(), failed=problem.message)
        return Outcome(kind, _open(kind), 0, problem.message)
    resolved = keep(kind, compared)
    outcome = Outcome(kind, _open(kind), resolved)
    log.info("reconciliation.compared", kind=kind, open=outcome.open, resolved=resolved)
    return outcome


@transaction.atomic
def keep(kind: FindingKind, compared: Compared) -> int:
    """Write down what was found; what was looked at and is not found any more is resolved. Gives how many are."""
    Comparison.objects.select_for_update().get(kind=kind)
    now = clock.now()
    by_key = {each.key: {"key": each.key, "about": each.about, "said": each.said, "data": dict(each.data)} for each in compared.found}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"kind": kind, "now": now, "found": json.dumps([*by_key.values()])})
    Comparison.objects.filter(kind=kind).update(tried_on=now, compared_on=now, failed="", reached=compared.reached)
    return _resolve(kind, by_key, compared.seen)


def _resolve(kind: FindingKind, found: Collection[str], seen: Collection[str] | None) -> int:
    gone = Finding.objects.filter(kind=kind, resolved_on=None).exclude(key__in=found)
    if seen is not None:
        gone = gone.filter(key__in=seen)
    return gone.update(resolved_on=clock.now())


def _open(kind: FindingKind) -> int:
    return Finding.objects.filter(kind=kind, resolved_on=None).count()
