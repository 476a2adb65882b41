"""Records that could not be taken in: kept with the reason until they can be, or are no longer given."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
from django.db.models import QuerySet

from corridor.kit import clock

from .cleaning import storable
from .merge import Json
from .models import QuarantinedRecord
from .source import RawRecord
from .sql import Table

LARGEST_RAW = 1 << 20
# Kinds of records that were taken in and that no resource could be made of.
RIVAL, UNUSABLE = "rival", "unusable"
CUT = 4000  # characters that are kept of what is too large or cannot be stored
NUL = "\\u0000"
ROWS = Table("learn_quarantinedrecord", key=("source", "digest"), columns=("key", "kind", "run_id", "reason", "raw", "resolved_at"))


@dataclass(frozen=True)
class Setback:
    """A raw record and why it could not be taken in."""

    key: str
    kind: str
    data: Any
    reason: str


def keep(source: str, run: int | None, setbacks: Iterable[Setback]) -> None:
    """Keep records with their reasons; one that is kept already stays as it is."""
    rows = {row["digest"]: row for row in (_row(source, run, setback) for setback in setbacks)}
    if not rows:
        return
    outdated = open_records(source).filter(key__in={row["key"] for row in rows.values()}).exclude(digest__in=list(rows))
    outdated.update(resolved_at=clock.now())
    kept = QuarantinedRecord.objects.filter(source=source, digest__in=list(rows), resolved_at=None).values_list("digest", "reason")
    for digest, reason in kept:
        if rows[digest]["reason"] == reason:
            del rows[digest]
    ROWS.upsert(rows.values(), returning=["id"])


def resolve(source: str, keys: Collection[str]) -> int:
    """These records were taken in, or are not wanted. Gives how many had been set aside."""
    return open_records(source).exclude(kind__in=(RIVAL, UNUSABLE)).filter(key__in=keys).update(resolved_at=clock.now()) if keys else 0


def resolve_unmade(source: str, keys: Collection[str]) -> int:
    """Of these records a resource was made. Gives of how many it could not be before."""
    return open_records(source).filter(kind__in=(RIVAL, UNUSABLE), key__in=keys).update(resolved_at=clock.now()) if keys else 0


def resolve_absent(source: str, seen: Collection[str]) -> int:
    """Records that a complete reading did not give are no longer anyone's task."""
    return resolve(source, [key for key in open_keys(source) if key not in seen])


def open_records(source: str) -> QuerySet[QuarantinedRecord]:
    return QuarantinedRecord.objects.filter(source=source, resolved_at=None)


def open_keys(source: str) -> set[str]:
    return set(open_records(source).order_by().values_list("key", flat=True))


def raw_records(source: str, only: Collection[int] = ()) -> Iterator[RawRecord]:
    """What is set aside, all or `only` these, to be tried again; what was cut for its size cannot be."""
    rows = open_records(source).exclude(kind__in=(RIVAL, UNUSABLE))
    for row in (rows.filter(id__in=only) if only else rows).order_by("id"):
        if not (isinstance(row.raw, dict) and row.raw.keys() == {"cut"}):
            yield RawRecord(row.key, row.kind, row.raw)


def _row(source: str, run: int | None, setback: Setback) -> Json:
    text, raw = _kept(setback.data)
    return {
        "source": source,
        "digest": blake2b(f"{setback.key}\0{setback.kind}\0{text}".encode(errors="replace"), digest_size=16).hexdigest(),
        "key": listed_key(setback.key),
        "kind": setback.kind[:64],
        "run_id": run,
        "reason": storable(setback.reason)[:2000],
        "raw": raw,
        "resolved_at": None,
    }


def listed_key(key: str) -> str:
    """A record's key as the list shows it."""
    return str(storable(key))[:1024]


def _kept(data: Any) -> tuple[str, Any]:
    """The text of a raw record, and what is kept of it: all, or the beginning of the text where PostgreSQL cannot keep it as JSON."""
    try:
        text = orjson.dumps([[[[data]]]], default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS).decode()[
            4:-4
        ]  # as deep as it will lie in a statement
        if data is not None and len(text) <= LARGEST_RAW and NUL not in text:
            return text, orjson.loads(text)
    except orjson.JSONEncodeError:
        text = _python_text(data)
    return text, {"cut": storable(text[:CUT])}


def _python_text(data: Any) -> str:
    try:
        return repr(data)
    except RecursionError:
        return "(nested too deeply to be shown)"
