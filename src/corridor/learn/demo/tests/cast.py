"""The demo as its sources give it on a fixed day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from corridor.kit import clock
from corridor.learn.demo.sources import PEOPLE, parsed, people, sources
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, RawRecord

DEMO = Path(__file__).parents[1]
TODAY = datetime(2031, 3, 12, 15, 0, tzinfo=UTC)  # a Wednesday


class Folder:
    """As much of a fetcher as the demo's sources ask for."""

    def list(self, prefix: str) -> Iterator[str]:
        return iter(sorted(str(path) for path in Path(prefix).rglob("*") if path.is_file()))

    def bytes(self, address: str) -> bytes:
        return Path(address).read_bytes()


@dataclass(frozen=True)
class Listed:
    """A record and the source that gave it."""

    source: str
    record: ResourceRecord


def raw_records(now: datetime) -> dict[tuple[str, str], dict[str, Any]]:
    """What the sources fetch at a moment, by source and key."""
    with clock.fixed(now):
        raws = [(source.code, raw) for source in sources() for raw in source.fetch(cast(Fetcher, Folder())) if isinstance(raw, RawRecord)]
    found = {(code, raw.key): raw.data for code, raw in raws}
    assert len(found) == len(raws), "a source gives a key twice"
    return found


@cache
def catalogue() -> tuple[Listed, ...]:
    by_code = {source.code: source for source in sources()}
    return tuple(
        Listed(code, by_code[code].map(RawRecord(key, data["resource_type"], data))) for (code, key), data in raw_records(TODAY).items()
    )


def records() -> Iterator[ResourceRecord]:
    for listed in catalogue():
        yield listed.record


def reference(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parsed((DEMO / "reference" / f"{name}.yaml").read_bytes())[name]
    return rows


def topic_names() -> set[str]:
    return {node["name"] for root in reference("topics") for node in (root, *root["children"])}


def instructors() -> list[str]:
    """Full names of all whom the data files know."""
    rows = parsed((DEMO / "data" / PEOPLE).read_bytes())
    return [person["full_name"] for person in people(rows).values()]
