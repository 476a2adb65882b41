"""The providers of the demo as sources of the ordinary pipeline, one folder of data files each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from corridor.kit import clock
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, Gap, RawRecord

from . import calendar, rules

DATA = Path(__file__).parent / "data"
PREFIX = "demo_"  # of the codes of its sources
PROVIDER, PEOPLE, PAGES = "provider.yaml", "people.yaml", "/content/"


@dataclass
class DemoSource:
    """A provider of the demo. Fetched in another week, its dates have moved with the calendar."""

    code: str
    name: str
    precedence: int
    folder: str  # of the provider, below the address
    address: str = str(DATA)
    mapping_revision: int | str = 1
    schedule: str = ""
    complete: bool = True

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        addresses = [address for address in fetcher.list(f"{self.address}/{self.folder}") if address.endswith(".yaml")]
        files = {address: parsed(fetcher.bytes(address)) for address in addresses}
        provider = files.pop(f"{self.address}/{self.folder}/{PROVIDER}")
        setting = rules.Setting(
            type=provider["type"],
            defaults=provider["defaults"],
            people=people(parsed(fetcher.bytes(f"{self.address}/{PEOPLE}"))),
            pages={course: pages for address, found in files.items() if PAGES in address for course, pages in found.items()},
            day_zero=calendar.monday(clock.now()),
        )
        for entry in (entry for address, entries in files.items() if PAGES not in address for entry in entries):
            for record in rules.records(entry, setting):
                yield RawRecord(key=record["key"], kind=record["resource_type"], data=record)

    def map(self, raw: RawRecord) -> ResourceRecord:
        return ResourceRecord.model_validate(raw.data)


def sources() -> list[DemoSource]:
    """Every provider of the demo, the most trusted first."""
    found = [_source(path.parent.name, parsed(path.read_bytes())) for path in DATA.glob(f"*/{PROVIDER}")]
    return sorted(found, key=lambda each: (each.precedence, each.code))


def _source(folder: str, provider: rules.Fields) -> DemoSource:
    return DemoSource(f"{PREFIX}{folder}", provider["name"], provider["precedence"], folder)


def people(rows: dict[str, list[str]]) -> dict[str, rules.Fields]:
    """Instructors by their handles."""
    return {
        handle: {"first_name": first, "last_name": last, "full_name": full[0] if full else f"{first} {last}"}
        for handle, (first, last, *full) in rows.items()
    }


def parsed(content: bytes) -> Any:
    return yaml.load(content, Loader=yaml.CSafeLoader)
