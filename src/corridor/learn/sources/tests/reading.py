"""Sources read in tests: through the real fetcher, everything mapped, and what became of each record told."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corridor.kit.http import Limits
from corridor.kit.storage import FolderStore
from corridor.learn.catalog import details
from corridor.learn.ingest.archive import Archive
from corridor.learn.ingest.fetching import LiveFetcher
from corridor.learn.ingest.records import ResourceRecord, RunRecord
from corridor.learn.ingest.source import Gap, RawRecord, Rejected, Skip, Source

QUICK = Limits(connect_seconds=2, read_seconds=5, total_seconds=20, attempts=1)


@dataclass
class Outcome:
    """What reading a source gave: records, and reasons by key for the others."""

    records: dict[str, ResourceRecord] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def tally(self) -> tuple[int, int, int, int]:
        """Accepted, skipped, rejected, gaps."""
        return len(self.records), len(self.skipped), len(self.rejected), len(self.gaps)

    def kinds(self) -> dict[str, int]:
        return dict(Counter(str(record.resource_type) for record in self.records.values()))

    def run(self, run_id: str) -> RunRecord:
        return next(run for record in self.records.values() for run in record.runs if run.run_id == run_id)


def fetcher(store: Path, *trusted: object) -> LiveFetcher:
    return LiveFetcher(Archive(FolderStore(store)), map(str, trusted), limits=QUICK)


def raw_records(source: Source, store: Path, trusted: Iterable[object] = ()) -> list[RawRecord | Gap]:
    """What a source fetches, passed through JSON as the raw store does."""
    found = source.fetch(fetcher(store, source.address, *trusted))
    return [each if isinstance(each, Gap) else RawRecord(each.key, each.kind, through_json(each.data)) for each in found]


def through_json(data: Any) -> Any:
    return json.loads(json.dumps(data))


def read(source: Source, store: Path, trusted: Iterable[object] = ()) -> Outcome:
    outcome = Outcome()
    for raw in raw_records(source, store, trusted):
        if isinstance(raw, Gap):
            outcome.gaps.append(raw)
            continue
        try:
            record = source.map(raw)
            details.shaped(record.resource_type, record.details)
            outcome.records[raw.key] = record
            assert record.key == raw.key
        except Skip as reason:
            outcome.skipped[raw.key] = str(reason)
        except Rejected as reason:
            outcome.rejected[raw.key] = str(reason)
        except ValidationError as error:
            first = error.errors()[0]
            outcome.rejected[raw.key] = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return outcome


def amounts(run: RunRecord) -> list[str]:
    return [f"{price.amount.normalize():f} {price.currency}" for price in run.prices]
