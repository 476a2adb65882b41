"""The way of records through a run: staged in batches, missed where they are absent, applied."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corridor.kit import clock
from corridor.learn.catalog.models import Department, Offeror, Platform
from corridor.learn.catalog.reference.files import folder_of, read
from corridor.learn.catalog.reference.load import load_reference

from . import absence, quarantine, staging
from .absence import Patience, TooManyMissing
from .applying import Progress, applied_meanwhile, apply_pending, in_silence
from .mapping import Reference, folded
from .models import IngestRun
from .source import BringsReferenceData, FetchFailed, Gap, RawRecord, Source, UsesReferenceSet
from .staging import Intake
from .tally import Tally

BATCH = 250  # raw records staged at once


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
        with applied_meanwhile(self.source.code, self.tally):
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
        if self.gaps and not intake.seen:
            return IngestRun.Status.FAILED, "Nothing could be read; the warnings say why. Nothing was unpublished."
        if self.complete and 0 < self.tally.seen == self.tally.rejected:
            return IngestRun.Status.FAILED, "No record could be used; the quarantine says why. Nothing was unpublished."
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
    """Make the platforms and offerors that a source brings, where they are unknown; load the shipped set that it uses, if that never was."""
    if isinstance(source, UsesReferenceSet) and not _is_loaded(source.reference_set):
        load_reference(source.reference_set)
        tally.warn("reference data loaded, as the source names what they hold", source.reference_set)
    if not isinstance(source, BringsReferenceData):
        return
    for model, brought in ((Platform, source.platforms()), (Offeror, source.offerors())):
        known = model.objects.filter(code__in=brought).values_list("code", flat=True)
        for code in sorted(brought.keys() - set(known)):
            model.objects.create(code=code, name=brought[code])
            tally.warn(f"{model._meta.verbose_name} made, as it was not in the reference data", f"{code}: {brought[code]}")


def _is_loaded(name: str) -> bool:
    """Whether most platforms of a shipped set are known: a few of them other sources may have brought."""
    codes = [row.code for row in read(folder_of(name)).platforms]
    return 2 * Platform.objects.filter(code__in=codes).count() > len(codes)
