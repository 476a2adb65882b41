"""Raw records compared with what is known of them; what is new or different is kept, to be applied to its resource."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from . import quarantine
from .mapping import Mapped, Reference, Refused, mapped, raw_digest
from .merge import Json
from .models import SourceRecord
from .quarantine import Setback
from .source import RawRecord, Skip, Source
from .sql import Table, execute, fetch
from .tally import Tally

RECORDS = Table(
    "learn_sourcerecord",
    key=("source", "key"),
    columns=(
        "raw_digest", "digest", "record", "identity", "match_keys", "part_identities", "pending", "missing_since", "withdrawn_at",
    ),
)  # fmt: skip
# What is staged need not be on the disk before the commits that apply it, which wait for all before them.
UNHURRIED = "SET LOCAL synchronous_commit = off"
SAME_AFTER_ALL = """
    UPDATE learn_sourcerecord SET raw_digest = given.raw_digest FROM unnest(%s::bigint[], %s::text[]) AS given (id, raw_digest)
    WHERE learn_sourcerecord.id = given.id
"""
RETURNED = """
    UPDATE learn_sourcerecord SET missing_since = NULL, pending = pending OR withdrawn_at IS NOT NULL, withdrawn_at = NULL WHERE id = ANY(%s)
"""


class Known(NamedTuple):
    id: int
    raw_digest: str
    digest: str
    absent: bool  # missing or withdrawn until now
    withdrawn: bool


@dataclass
class Intake:
    """A run's own memory: how it maps, what it has counted, and the digests of all keys that came by."""

    source: Source
    reference: Reference
    tally: Tally
    run_id: int
    seen: dict[str, str]
    set_aside: set[str]  # keys that are in quarantine


def stage(intake: Intake, batch: Sequence[RawRecord]) -> None:
    """Take in some raw records, in one transaction."""
    news = _Batch()
    digests = _first_comers(intake, batch, news)
    known = _known(intake.source.code, [raw.key for raw, _ in digests])
    for raw, digest in digests:
        _compare(intake, raw, digest, known.get(raw.key), news)
    with transaction.atomic():
        execute(UNHURRIED)
        _write(intake, known, news)


class _Batch:
    """What is to be written of a batch."""

    def __init__(self) -> None:
        self.mapped: list[Mapped] = []
        self.returned: list[int] = []
        self.same: list[tuple[int, str]] = []
        self.setbacks: list[Setback] = []
        self.skipped: list[str] = []


def _first_comers(intake: Intake, batch: Sequence[RawRecord], news: _Batch) -> list[tuple[RawRecord, str]]:
    """Records whose key comes for the first time in this run, with their digests. A second one that differs is set aside."""
    found = []
    for raw in batch:
        try:
            digest = raw_digest(intake.source, raw)
        except Refused as error:
            intake.seen.setdefault(quarantine.listed_key(raw.key), "")
            _set_aside(intake, raw, str(error), news)
            continue
        if raw.key not in intake.seen:
            intake.seen[raw.key] = digest
            found.append((raw, digest))
        elif intake.seen[raw.key] != digest:
            _set_aside(intake, raw, "the source gives this key more than once, with different content; the first counts", news)
    return found


def _known(source: str, keys: Sequence[str]) -> dict[str, Known]:
    statement = """
        SELECT key, id, raw_digest, digest, missing_since IS NOT NULL OR withdrawn_at IS NOT NULL, withdrawn_at IS NOT NULL
        FROM learn_sourcerecord WHERE source = %s AND key = ANY(%s)
    """
    return {key: Known(*rest) for key, *rest in fetch(statement, [source, list(keys)])}


def _compare(intake: Intake, raw: RawRecord, digest: str, known: Known | None, news: _Batch) -> None:
    if known and known.raw_digest == digest:
        intake.tally.unchanged += 1
        if known.absent:
            news.returned.append(known.id)
        return
    try:
        result = mapped(intake.source, raw, digest, intake.reference)
    except Skip as skip:
        intake.seen.pop(raw.key)  # not wanted any more: what is known of it counts as missing
        intake.tally.note_skipped(raw.key, str(skip))
        news.skipped.append(raw.key)
    except Refused as error:
        _set_aside(intake, raw, str(error), news)
    else:
        _take(intake, result, known, news)


def _take(intake: Intake, result: Mapped, known: Known | None, news: _Batch) -> None:
    for department in result.unknown_departments:
        intake.tally.warn("unknown department", department)
    if known and known.digest == result.digest and not known.withdrawn:
        intake.tally.unchanged += 1
        news.same.append((known.id, result.raw_digest))
        if known.absent:
            news.returned.append(known.id)
    else:
        news.mapped.append(result)
        if not known:
            intake.tally.note_created(result.key, result.record)


def _set_aside(intake: Intake, raw: RawRecord, reason: str, news: _Batch) -> None:
    intake.tally.note_rejected(raw.key, reason)
    news.setbacks.append(Setback(raw.key, raw.kind, raw.data, reason))


def _write(intake: Intake, known: dict[str, Known], news: _Batch) -> None:
    code = intake.source.code
    _note_changes(intake, {each.key: each.record for each in news.mapped if each.key in known})
    RECORDS.upsert((_row(code, each) for each in news.mapped), returning=["id"])
    if news.same:
        execute(SAME_AFTER_ALL, [list(column) for column in zip(*news.same, strict=True)])
    if news.returned:
        execute(RETURNED, [news.returned])
    quarantine.resolve(code, intake.set_aside & {*(each.key for each in news.mapped), *news.skipped})
    quarantine.keep(code, intake.run_id, news.setbacks)
    intake.set_aside |= {setback.key for setback in news.setbacks}


def _note_changes(intake: Intake, changed: dict[str, Json]) -> None:
    before = SourceRecord.objects.filter(Q(source=intake.source.code), key__in=list(changed)).values_list("key", "record")
    for key, record in before:
        intake.tally.note_changed(key, record, changed[key])


def _row(source: str, each: Mapped) -> Json:
    return {
        "source": source,
        "key": each.key,
        "raw_digest": each.raw_digest,
        "digest": each.digest,
        "record": each.record,
        "identity": each.identity,
        "match_keys": each.match_keys,
        "part_identities": each.part_identities,
        "pending": True,
        "missing_since": None,
        "withdrawn_at": None,
    }
