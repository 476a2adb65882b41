from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from corridor.learn.ingest.listing import UNKNOWN, Endpoint, gather, is_web, key_of, remainder
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap, RawRecord
from corridor.learn.sources.olx import RunArchives, run_ids

from .mapping import to_record


@dataclass
class Xpro:
    """Professional courses and programs, and the content of runs where their archives can be read."""

    code: str = "xpro"
    name: str = "MIT xPRO"
    mapping_revision: int | str = 1
    schedule: str = "10 5 * * *"
    precedence: int = 10
    complete: bool = True
    reference_set: str = "mit"
    address: str = ""
    api: str = "https://xpro.mit.edu/api"
    site: str = "https://xpro.mit.edu/"
    courseware: str = "https://courses.xpro.mit.edu/courses"
    archives: str = ""

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        base = self.address if is_web(self.address) else self.api
        endpoints = {kind: Endpoint(urljoin(base.rstrip("/") + "/", f"{kind}s/")) for kind in ("course", "program")}
        found = gather(fetcher, self.address, endpoints, kind_of)
        if not any(listing.items for listing in found.values()):
            raise FetchFailed(found["course"].missing or "nothing is listed")
        archives = RunArchives(fetcher, self.archives)
        for kind in endpoints:
            for item in found[kind].items:
                data = {"course": item, "archives": archives.of(run_ids(item, "courseruns", "courseware_id"))} if kind == "course" else item
                yield RawRecord(key_of(kind, item, "readable_id", "id"), kind, data)
            if found[kind].missing:
                yield Gap(f"{kind}:", found[kind].missing)
        yield from remainder(found)

    def places(self) -> tuple[str, ...]:
        return (self.archives,) if self.archives else ()

    def map(self, raw: RawRecord) -> ResourceRecord:
        return to_record(raw, self.site, self.courseware)


def kind_of(item: Any) -> str:
    if isinstance(item, dict) and "courseruns" in item:
        return "course"
    return "program" if isinstance(item, dict) and "courses" in item else UNKNOWN
