"""What is known of sources, runs, records that were set aside, and merges: for commands, staff pages and programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from . import merge, precedence
from .errors import RunUnknown
from .merge import Json, Listed
from .models import IngestRun, MergeEntry, QuarantinedRecord, SourceRecord, SourceSetting


@dataclass(frozen=True)
class Overview:
    """A source that has run, at a glance."""

    source: str
    name: str
    enabled: bool
    records: int
    set_aside: int
    latest: IngestRun | None


def overviews() -> list[Overview]:
    """Every source that has run. Four queries."""
    latest = {run.source: run for run in IngestRun.objects.order_by("source", "-id").distinct("source")}
    records = _counts(SourceRecord.objects.filter(withdrawn_at=None))
    aside = _counts(QuarantinedRecord.objects.filter(resolved_at=None))
    return [
        Overview(each.source, each.name, each.enabled, records.get(each.source, 0), aside.get(each.source, 0), latest.get(each.source))
        for each in SourceSetting.objects.order_by("source")
    ]


def _counts(rows: QuerySet[Any]) -> Mapping[str, int]:
    return dict(rows.order_by().values("source").annotate(count=Count("id")).values_list("source", "count"))


def run_or_latest(id: int | None) -> IngestRun:
    """A run by its number, or the latest. Raises RunUnknown."""
    run = IngestRun.objects.filter(id=id).first() if id else IngestRun.objects.first()
    if run is None:
        raise RunUnknown(
            f"There is no run {id}. See `corridor ingest list`." if id else "Nothing has been read yet. See `corridor ingest run --help`."
        )
    return run


def report(run: IngestRun) -> Json:
    """A run's report as data."""
    numbers = ("seen", "created", "changed", "unchanged", "rejected", "skipped", "missing", "unpublished", "documents")
    return {
        "run": run.id,
        "source": run.source,
        "status": run.status,
        "dry_run": run.dry_run,
        "replay_of": run.replay_of_id,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        **{name: getattr(run, name) for name in numbers},
        "changed_fields": run.changed_fields,
        "difference": run.difference,
        "warnings": run.warnings,
        "error": run.error,
    }


def quarantined(source: str = "") -> QuerySet[QuarantinedRecord]:
    """Records that are set aside, the latest first."""
    rows = QuarantinedRecord.objects.filter(resolved_at=None)
    return rows.filter(source=source) if source else rows


def merges(resource: int | None = None) -> QuerySet[MergeEntry]:
    """Merges in force, of one resource or all, the latest first."""
    entries = MergeEntry.objects.filter(undone_at=None)
    return entries.filter(resource=resource) if resource else entries


def provenance(resource: int) -> dict[str, str]:
    """Which source each field of a resource was taken from."""
    believed = precedence.of_sources()
    rows = SourceRecord.objects.filter(resource=resource, withdrawn_at=None).values_list("id", "source", "key", "record")
    listed = sorted(
        (Listed(id, source, key, believed[source], (), record) for id, source, key, record in rows), key=lambda each: each.trust
    )
    if not listed:
        return {}
    merged = merge.combine([each.record for each in listed])
    return {field: listed[position].source for field, position in sorted(merged.origin.items())}
