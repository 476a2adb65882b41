"""Opening and closing the run of a source: one at a time, held by a lock that dies with its process."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

import structlog
from django.db import connection, transaction

from corridor.kit import clock

from .errors import SourceBusy
from .models import IngestRun, SourceSetting
from .source import Source
from .sql import fetch
from .tally import Tally

log = structlog.get_logger(__name__)


@contextmanager
def opened(source: Source, *, dry_run: bool = False, replay_of: IngestRun | None = None) -> Iterator[IngestRun]:
    """A new run of the source, with its lock held. A run that a killed process left open is marked as interrupted.

    Raises SourceBusy when another process holds the lock.
    """
    with _locked(source.code):
        with transaction.atomic():
            left = IngestRun.objects.filter(source=source.code, status=IngestRun.Status.RUNNING)
            left.update(status=IngestRun.Status.INTERRUPTED, finished_at=clock.now(), error="The process that read the source ended.")
            run = IngestRun.objects.create(source=source.code, dry_run=dry_run, replay_of=replay_of)
        log.info("ingest.started", source=source.code, run=run.id, dry_run=dry_run)
        yield run


def close(run: IngestRun, status: IngestRun.Status, tally: Tally, *, error: str = "", raw_key: str = "") -> None:
    """Write the report of a run."""
    for name, value in tally.report().items():
        setattr(run, name, value)
    run.status, run.error, run.raw_key, run.finished_at = status, error, raw_key, clock.now()
    run.save()
    numbers = {
        name: getattr(run, name) for name in ("seen", "created", "changed", "unchanged", "rejected", "skipped", "missing", "unpublished")
    }
    log.info("ingest.finished", source=run.source, run=run.id, status=str(run.status), error=error, **numbers)


@contextmanager
def _locked(source: str) -> Iterator[None]:
    key = int.from_bytes(blake2b(f"ingest:{source}".encode(), digest_size=8).digest(), signed=True)
    ((got,),) = fetch("SELECT pg_try_advisory_lock(%s)", [key])
    if not got:
        raise SourceBusy(source)
    try:
        yield
    finally:
        if connection.connection and not connection.connection.closed:
            fetch("SELECT pg_advisory_unlock(%s)", [key])


def register(source: Source) -> None:
    """Have the source among those that staff see, under its present name."""
    known = {"name": source.name, "default_precedence": source.precedence}
    setting, created = SourceSetting.objects.get_or_create(source=source.code, defaults=known)
    if not created and (setting.name, setting.default_precedence) != tuple(known.values()):
        SourceSetting.objects.filter(source=source.code).update(**known)
