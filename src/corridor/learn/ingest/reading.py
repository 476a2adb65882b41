"""The way of records through a run: staged in batches, missed where they are absent, applied in chunks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, transaction

from corridor.kit import clock
from corridor.learn.catalog.models import Department, Offeror, Platform
from corridor.learn.catalog.queries import topic_lookup
from corridor.learn.catalog.topics import TopicLookup

from . import absence, matching, materialise, quarantine, staging
from .absence import Patience, TooManyMissing
from .mapping import Reference, folded
from .models import IngestRun, SourceRecord
from .quarantine import UNUSABLE, Setback
from .source import BringsReferenceData, FetchFailed, Gap, RawRecord, Source
from .sql import execute, fetch
from .staging import Intake
from .tally import Tally

log = structlog.get_logger(__name__)

BATCH = 250  # raw records staged at once
CHUNK = 1000  # pending records applied at once
CHUNK_BYTES = 32 * 2**20  # of records as stored
APPLYING = 0x1D6E_0FFE  # one process applies at a time, whatever its source: resources are shared
FAULTS_OF_ROWS = ("22", "23", "54")  # classes of SQLSTATE: data, integrity, size
NEXT = """
    SELECT id FROM (
        SELECT id, sum(pg_column_size(record)) OVER (ORDER BY id) - pg_column_size(record) AS before
        FROM (SELECT id, record FROM learn_sourcerecord WHERE source = %s AND pending AND id > %s ORDER BY id LIMIT %s) AS first
    ) AS sized WHERE before < %s ORDER BY id
"""

Progress = Callable[[str, int, int | None], None]  # what is done, how much of it, of how much


def in_silence(what: str, done: int, total: int | None) -> None:
    """No progress display."""


@dataclass
class Reading:
    """One reading of a source, from its first record to its documents."""

    source: Source
    records: Iterable[RawRecord | Gap]
    run: IngestRun
    patience: Patience
    complete: bool
    tally: Tally = field(default_factory=Tally)
    progress: Progress = in_silence
    gaps: list[str] = field(default_factory=list)

    def carry_out(self) -> tuple[IngestRun.Status, str]:
        """Take the records in. Gives how it ended, and what a person should know of that."""
        bring_reference_data(self.source, self.tally)
        intake = Intake(self.source, reference(self.source), self.tally, self.run.id, {}, quarantine.open_keys(self.source.code))
        ended = self._stage_all(intake)
        if ended[0] == IngestRun.Status.SUCCEEDED and self.complete and "" not in self.gaps:
            ended = self._notice_absence(intake)
        apply_pending(self.source.code, self.tally, self.progress)
        return ended

    def _stage_all(self, intake: Intake) -> tuple[IngestRun.Status, str]:
        batch: list[RawRecord] = []
        try:
            for each in self.records:
                if isinstance(each, Gap):
                    self.gaps.append(each.key_prefix)
                    self.tally.warn("could not be read", each.reason)
                    continue
                batch.append(each)
                if len(batch) == BATCH:
                    self._stage(intake, batch)
                    batch = []
        except FetchFailed as error:
            self._stage(intake, batch)
            return IngestRun.Status.FAILED, f"Reading ended early: {error}. What was read until then was taken in; nothing was unpublished."
        self._stage(intake, batch)
        return IngestRun.Status.SUCCEEDED, ""

    def _stage(self, intake: Intake, batch: Sequence[RawRecord]) -> None:
        staging.stage(intake, batch)
        self.progress("read", len(intake.seen), None)

    def _notice_absence(self, intake: Intake) -> tuple[IngestRun.Status, str]:
        try:
            absence.notice(self.source.code, intake.seen, self.gaps, self.patience, clock.now(), self.tally)
        except TooManyMissing as error:
            return IngestRun.Status.HALTED, str(error)
        if not self.gaps:
            quarantine.resolve_absent(self.source.code, intake.seen)
        return IngestRun.Status.SUCCEEDED, ""


def reference(source: Source) -> Reference:
    """The codes that records may name."""
    platforms = dict(Platform.objects.values_list("code", "is_edx"))
    departments = dict(Department.objects.values_list("department_id", "name"))
    return Reference(
        platforms=frozenset(platforms),
        edx_platforms=frozenset(code for code, is_edx in platforms.items() if is_edx),
        offerors=frozenset(Offeror.objects.values_list("code", flat=True)),
        departments={**{folded(name): id for id, name in departments.items()}, **{id: id for id in departments}},
        brought=isinstance(source, BringsReferenceData),
    )


def bring_reference_data(source: Source, tally: Tally) -> None:
    """Make the platforms and offerors that a source brings, where they are unknown."""
    if not isinstance(source, BringsReferenceData):
        return
    for model, brought in ((Platform, source.platforms()), (Offeror, source.offerors())):
        known = model.objects.filter(code__in=brought).values_list("code", flat=True)
        for code in sorted(brought.keys() - set(known)):
            model.objects.create(code=code, name=brought[code])
            tally.warn(f"{model._meta.verbose_name} made, as it was not in the reference data", f"{code}: {brought[code]}")


def apply_pending(source: str, tally: Tally, progress: Progress = in_silence) -> None:
    """Make resources of what the source's records say anew, in transactions of a thousand. One that is cut short is done again."""
    total = SourceRecord.objects.filter(source=source, pending=True).count()
    if not total:
        return
    if total > CHUNK:  # a bulk load outruns autovacuum, and plans made without statistics read whole tables
        execute("ANALYZE learn_sourcerecord")
    lookup = topic_lookup()
    done, last = 0, 0
    while ids := [id for (id,) in fetch(NEXT, [source, last, CHUNK, CHUNK_BYTES])]:
        apply(ids, lookup, tally)
        done, last = done + len(ids), ids[-1]
        progress("applied", done, total)


def apply(ids: Sequence[int], lookup: TopicLookup, tally: Tally) -> None:
    """Apply pending records. When the database refuses a row, the record at fault is found and set aside."""
    try:
        with transaction.atomic():
            fetch("SELECT pg_advisory_xact_lock(%s)", [APPLYING])
            applied = materialise.apply(matching.plan(ids), lookup, tally)
        tally.documents += applied.documents
        tally.unpublished += applied.unpublished
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "")[:2] not in FAULTS_OF_ROWS:
            raise
        if len(ids) > 1:
            middle = len(ids) // 2
            apply(ids[:middle], lookup, tally)
            apply(ids[middle:], lookup, tally)
        else:
            _set_aside(ids[0], error, tally)


def _set_aside(id: int, error: Exception, tally: Tally) -> None:
    record = SourceRecord.objects.get(id=id)
    reason = f"the database refuses what it says: {str(error).splitlines()[0]}"
    log.warning("ingest.refused_by_database", source=record.source, key=record.key, reason=reason)
    tally.warn("no resource could be made of it", record.key)
    with transaction.atomic():
        quarantine.keep(record.source, None, [Setback(record.key, UNUSABLE, record.record, reason)])
        SourceRecord.objects.filter(id=id).update(pending=False, raw_digest="")
