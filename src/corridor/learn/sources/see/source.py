from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from corridor.learn.ingest.listing import UNKNOWN, Endpoint, gather, is_web, key_of, remainder
from corridor.learn.ingest.oauth import Client
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap, RawRecord

from .mapping import to_record


@dataclass
class Sloan:
    """Executive education: two listings behind OAuth2, joined by the course's id."""

    code: str = "see"
    name: str = "Sloan Executive Education"
    mapping_revision: int | str = 1
    schedule: str = "30 4 * * *"
    precedence: int = 10
    complete: bool = True
    reference_set: str = "mit"
    address: str = ""  # no address is published
    client: Client | None = None

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        if not self.address:
            raise FetchFailed("Sloan publishes no address: set SEE_API_URL, or give a folder of its payloads")
        found = gather(fetcher, self.address, self._endpoints(fetcher), kind_of)
        courses, offerings = found["course"], found["offering"]
        if not courses.items:
            raise FetchFailed(courses.missing or "no courses are listed")
        if not offerings.items and not offerings.missing:
            offerings.missing = "no offerings are listed"
        if courses.missing or offerings.missing:
            yield Gap("", courses.missing or offerings.missing)
        if not offerings.missing:  # without all offerings no course can be told
            held: dict[Any, list[Any]] = defaultdict(list)
            for offering in offerings.items:
                held[joined_by(offering)].append(offering)
            for course in courses.items:
                data = {"course": course, "offerings": held.pop(joined_by(course), [])}
                yield RawRecord(key_of("course", course, "Course_Id"), "course", data)
            for lone in (offering for rest in held.values() for offering in rest):
                yield RawRecord(key_of("offering", lone, "CO_Title"), "offering", lone)
        yield from remainder(found)

    def map(self, raw: RawRecord) -> ResourceRecord:
        return to_record(raw)

    def _endpoints(self, fetcher: Fetcher) -> dict[str, Endpoint]:
        if not is_web(self.address):
            return {"course": Endpoint(""), "offering": Endpoint("")}
        base, headers = self.address.rstrip("/") + "/", self.client.headers(fetcher) if self.client else {}
        return {"course": Endpoint(urljoin(base, "courses"), headers), "offering": Endpoint(urljoin(base, "course-offerings"), headers)}


def kind_of(item: Any) -> str:
    if isinstance(item, dict) and "CO_Title" in item:
        return "offering"
    return "course" if isinstance(item, dict) and "Course_Id" in item else UNKNOWN


def joined_by(item: Any) -> str:
    """The id that joins a course with its offerings; that of neither joins nothing."""
    found = item.get("Course_Id") if isinstance(item, dict) else None
    return found if isinstance(found, str) and found else f"none {id(item)}"
