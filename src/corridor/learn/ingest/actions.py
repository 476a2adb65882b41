"""What can be done with sources: read, replay, try again, part, make anew, clear away."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from django.db import transaction

from corridor.config import config
from corridor.kit import clock
from corridor.kit.storage import file_store
from corridor.learn.catalog.queries import topic_lookup

from . import quarantine, runs
from .absence import Patience
from .applying import Progress, apply, apply_pending, in_silence
from .archive import Archive, Manifest
from .errors import NothingKept, NotMerged, RecordUnknown
from .fetching import LiveFetcher, ReplayingFetcher
from .models import IngestRun, MergeBarrier, MergeEntry, SourceRecord, SourceSetting
from .reading import Reading
from .source import FetchFailed, ReadsElsewhere, Source
from .tally import Tally

Status = IngestRun.Status


@dataclass(frozen=True)
class Wish:
    """How a source is to be read this time."""

    address: str = ""  # in place of the source's own
    dry_run: bool = False
    limit: int | None = None  # records, after which reading ends; nothing is unpublished then
    allow_unpublish: bool = False
    progress: Progress = in_silence


def run_source(source: Source, wish: Wish = Wish()) -> IngestRun:
    """Read a source and bring the catalogue up to date with it. Gives the run with its report. Raises SourceBusy."""
    setting = _setting(source)
    if address := wish.address or setting.address:
        source = at(source, address)
    archive = Archive(file_store())
    with runs.opened(source, dry_run=wish.dry_run) as run:
        fetcher = LiveFetcher(archive, trusted(source), previous=_previous(archive, source.code), s3_endpoint=config().s3_endpoint)
        fetcher.manifest.address = source.address
        reading = Reading(
            source,
            islice(source.fetch(fetcher), wish.limit),
            run,
            Patience(setting.grace_days, setting.largest_unpublished_share, wish.allow_unpublish),
            complete=source.complete and wish.limit is None,
            progress=wish.progress,
        )
        return _carry_out(reading, lambda: archive.write_manifest(source.code, run.id, fetcher.manifest))


def replay_run(run: IngestRun, source: Source, *, progress: Progress = in_silence) -> IngestRun:
    """Take in again what a run was given, as the mapping understands it now. Nothing is fetched. Raises NothingKept."""
    archive = Archive(file_store())
    try:
        manifest = archive.read_manifest(run.raw_key) if run.raw_key else None
    except FetchFailed:
        manifest = None
    if manifest is None:
        raise NothingKept(f"The payloads of run {run.id} are not kept. Read the source again: corridor ingest run {run.source}")
    source = at(source, manifest.address)
    latest = not IngestRun.objects.filter(source=run.source, id__gt=run.id, dry_run=False).exclude(raw_key="").exists()
    setting = _setting(source)
    with runs.opened(source, replay_of=run) as replay:
        reading = Reading(
            source,
            source.fetch(ReplayingFetcher(archive, manifest)),
            replay,
            Patience(setting.grace_days, setting.largest_unpublished_share),
            complete=source.complete and latest and run.status in (Status.SUCCEEDED, Status.HALTED),
            progress=progress,
        )
        return _carry_out(reading)


def retry_quarantine(source: Source, *, only: Collection[int] = (), progress: Progress = in_silence) -> IngestRun:
    """Try the records that were set aside again, all or `only` these, as the mapping and the reference data are now."""
    with runs.opened(source) as run:
        reading = Reading(source, quarantine.raw_records(source.code, only), run, Patience(0, 0), complete=False, progress=progress)
        return _carry_out(reading)


def _carry_out(reading: Reading, keep: Callable[[], str] = str) -> IngestRun:
    """Do a reading and close its run with the report. `keep` writes the manifest of what was fetched and gives its key."""
    run = reading.run
    try:
        with _rolled_back(run.dry_run):
            runs.register(reading.source)
            status, remark = reading.carry_out()
    except BaseException as error:
        interrupted = not isinstance(error, Exception)
        runs.close(run, Status.INTERRUPTED if interrupted else Status.FAILED, reading.tally, error=f"{type(error).__name__}: {error}")
        raise
    runs.close(run, status, reading.tally, error=remark, raw_key=keep())
    return run


def _setting(source: Source) -> SourceSetting:
    return SourceSetting.objects.filter(source=source.code).first() or SourceSetting(source=source.code)


@contextmanager
def _rolled_back(dry_run: bool) -> Iterator[None]:
    """Everything within leaves no trace, if this is a dry run."""
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def at(source: Source, address: str) -> Source:
    """The same source, read from another address."""
    return replace(source, address=address)  # type: ignore[type-var]  # every source is a dataclass


def trusted(source: Source) -> list[str]:
    """Addresses that may be inside the network or on this machine, because configuration names them."""
    return [source.address, *(source.places() if isinstance(source, ReadsElsewhere) else ())]


def _previous(archive: Archive, source: str) -> Manifest | None:
    """What the last good run was given."""
    good = IngestRun.objects.filter(source=source, status__in=(Status.SUCCEEDED, Status.HALTED)).exclude(raw_key="").first()
    try:
        return archive.read_manifest(good.raw_key) if good else None
    except FetchFailed:
        return None


def unmerge(source: str, key: str, by: str = "") -> list[SourceRecord]:
    """Part a record from the others of its resource, for good: the rules do not join them again. Gives these others."""
    with transaction.atomic():
        record = SourceRecord.objects.filter(source=source, key=key, withdrawn_at=None).first()
        if record is None:
            raise RecordUnknown(f"{source} has no record {key}.")
        others = list(SourceRecord.objects.filter(resource=record.resource_id, withdrawn_at=None).exclude(id=record.id).order_by("id"))
        if not others:
            raise NotMerged(f"The resource of {source}: {key} is made of no other record.")
        barriers = [MergeBarrier(source=source, key=key, other_source=other.source, other_key=other.key) for other in others]
        MergeBarrier.objects.bulk_create(barriers, ignore_conflicts=True)
        for each in (record, *others):
            entries = MergeEntry.objects.filter(source=each.source, key=each.key, undone_at=None)
            entries.update(undone_at=clock.now(), undone_by=by)
        ids = [record.id, *(other.id for other in others)]
        SourceRecord.objects.filter(id__in=ids).update(pending=True)
        apply(ids, topic_lookup(), Tally())
    return others


def rebuild(sources: list[str], *, progress: Progress = in_silence) -> Tally:
    """Make resources anew of the records as they were last read, after reference data, topic mappings or precedence have changed."""
    tally = Tally()
    for source in sources:
        SourceRecord.objects.filter(source=source, pending=False).update(pending=True)
        apply_pending(source, tally, progress)
    return tally


def clear_archive(days: int = 90) -> int:
    """Delete raw payloads that only runs older than this were given; those of each source's last good run stay. Gives how many.

    Does nothing while a source is read: its payloads are not listed yet.
    """
    if IngestRun.objects.filter(status=Status.RUNNING).exists():
        return 0
    archive = Archive(file_store())
    kept, last_good = [], set[str]()
    for run in IngestRun.objects.exclude(raw_key="").order_by("-id"):
        good = run.status in (Status.SUCCEEDED, Status.HALTED) and run.source not in last_good
        if good or run.started_at > clock.now() - timedelta(days=days):
            kept.append(run.raw_key)
            last_good |= {run.source} if good else set()
    return archive.clear(kept)
