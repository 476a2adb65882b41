from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corridor.learn.ingest.listing import UNKNOWN, Endpoint, Listing, gather, is_web, key_of, remainder
from corridor.learn.ingest.oauth import Client
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap, RawRecord
from corridor.learn.sources.olx import RunArchives, run_ids

from .mapping import Site, to_record


@dataclass
class MitEdx:
    """Courses and programs at edX, and the content of runs where their archives can be read."""

    code: str = "mit_edx"
    name: str = "edX"
    mapping_revision: int | str = 1
    schedule: str = "0 5 * * *"
    precedence: int = 20
    complete: bool = True
    reference_set: str = "mit"
    address: str = ""
    courses: str = "https://api.edx.org/catalog/v1/catalogs/10/courses"
    programs: str = "https://discovery.edx.org/api/v1/programs/"
    client: Client | None = None
    owners: tuple[str, ...] = ("MITx", "MITx_PRO")
    courseware: str = "https://courses.edx.org/courses"
    archives: str = ""
    site: Site = field(init=False)

    def __post_init__(self) -> None:
        self.site = Site(self.owners, self.courseware)

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        found = gather(fetcher, self.address, self._endpoints(fetcher), kind_of)
        courses, programs = found["course"], found["program"]
        if not courses.items and not programs.items:
            raise FetchFailed(courses.missing or programs.missing or "nothing is listed")
        archives = RunArchives(fetcher, self.archives)
        for course in courses.items:
            data = {"course": course, "archives": archives.of(run_ids(course, "course_runs", "key"))}
            yield RawRecord(key_of("course", course, "key", "uuid"), "course", data)
        yield from self._programs(courses, programs)
        yield from remainder(found)

    def places(self) -> tuple[str, ...]:
        return (self.archives,) if self.archives else ()

    def map(self, raw: RawRecord) -> ResourceRecord:
        return to_record(raw, self.site)

    def _endpoints(self, fetcher: Fetcher) -> dict[str, Endpoint]:
        if self.address and not is_web(self.address):
            return {"course": Endpoint(""), "program": Endpoint("")}
        base = self.address.rstrip("/")
        places = (f"{base}/courses/", f"{base}/programs/") if base else (self.courses, self.programs)
        if not self.client and not self.address:
            raise FetchFailed("edX asks who reads: set EDX_API_CLIENT_ID and EDX_API_CLIENT_SECRET, or give a folder of its payloads")
        headers = self.client.headers(fetcher) if self.client else {}
        return {kind: Endpoint(place, headers) for kind, place in zip(("course", "program"), places, strict=True)}

    def _programs(self, courses: Listing, programs: Listing) -> Iterator[RawRecord | Gap]:
        """Programs with what they take over from their courses."""
        if courses.missing:
            yield Gap("course:", courses.missing)
        missing = programs.missing or (courses.missing and f"their courses are not all known: {courses.missing}")
        if missing:
            yield Gap("program:", missing)
        if not courses.missing:
            listed = {
                course["key"]: taken_over(course)
                for course in courses.items
                if isinstance(course, dict) and isinstance(course.get("key"), str)
            }
            for program in programs.items:
                keys = [key for course in parts_of(program, "courses") if isinstance(key := course.get("key"), str)]
                data = {"program": program, "listed": {key: listed[key] for key in keys if key in listed}}
                yield RawRecord(key_of("program", program, "uuid"), "program", data)


def kind_of(item: Any) -> str:
    if isinstance(item, dict) and "course_runs" in item:
        return "course"
    return "program" if isinstance(item, dict) and "authoring_organizations" in item else UNKNOWN


def parts_of(item: Any, name: str) -> list[dict[str, Any]]:
    parts = item.get(name) if isinstance(item, dict) else None
    return [part for part in (parts if isinstance(parts, list) else ()) if isinstance(part, dict)]


def taken_over(course: dict[str, Any]) -> dict[str, Any]:
    """Subjects of a course, and staff and effort of its newest run."""
    newest = max(parts_of(course, "course_runs"), key=lambda run: str(run.get("start") or ""), default={})
    return {"subjects": course.get("subjects"), **{name: newest.get(name) for name in ("staff", "min_effort", "max_effort")}}
