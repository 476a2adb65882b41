from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from corridor.learn.ingest.listing import UNKNOWN, Endpoint, Listing, gather, is_web, key_of, read, remainder
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap, RawRecord
from corridor.learn.sources.olx import RunArchives, run_ids

from .mapping import Site, to_record


@dataclass
class MitxOnline:
    """Courses and programs of an MITx Online site, and the content of runs where their archives can be read."""

    code: str = "mitxonline"
    name: str = "MITx Online"
    mapping_revision: int | str = 1
    schedule: str = "0 */6 * * *"
    precedence: int = 10
    complete: bool = True
    reference_set: str = "mit"
    address: str = ""
    api: str = "https://mitxonline.mit.edu/api/v2"
    site: str = "https://mitxonline.mit.edu/"
    courseware: str = "https://courses.mitxonline.mit.edu/courses"
    archives: str = ""  # folder or S3 prefix of course archives

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        base = self.address if is_web(self.address) else self.api
        live = {"live": "true", "page_size": 100}
        endpoints = {kind: Endpoint(urljoin(base.rstrip("/") + "/", f"{kind}s/"), parameters=live) for kind in ("course", "program")}
        if self.address and not is_web(self.address):
            found = gather(fetcher, self.address, endpoints, kind_of)
        else:
            found = {kind: up_to_date(fetcher, endpoint) for kind, endpoint in endpoints.items()}
        courses, programs = found["course"], found["program"]
        if not courses.items and not programs.items:
            raise FetchFailed(courses.missing or programs.missing or "nothing is listed")
        yield from self._courses(fetcher, courses)
        yield from self._programs(courses, programs)
        yield from remainder(found)

    def places(self) -> tuple[str, ...]:
        return (self.archives,) if self.archives else ()

    def map(self, raw: RawRecord) -> ResourceRecord:
        return to_record(raw, Site(self.site, self.courseware))

    def _courses(self, fetcher: Fetcher, courses: Listing) -> Iterator[RawRecord | Gap]:
        archives = RunArchives(fetcher, self.archives)
        for course in courses.items:
            data = {"course": course, "archives": archives.of(run_ids(course, "courseruns", "courseware_id"))}
            yield RawRecord(key_of("course", course, "readable_id", "id"), "course", data)
        if courses.missing:
            yield Gap("course:", courses.missing)

    def _programs(self, courses: Listing, programs: Listing) -> Iterator[RawRecord | Gap]:
        """Programs with the names of their parts, which only a whole list of courses can give."""
        missing = programs.missing or (courses.missing and f"their courses are not all known: {courses.missing}")
        if missing:
            yield Gap("program:", missing)
        if not courses.missing:
            named = {item["id"]: item["readable_id"] for item in courses.items if is_named(item)}
            others = {item["id"]: other(item) for item in programs.items if is_named(item)}
            for program in programs.items:
                parts = {"program": program, **referenced(program, named | named_by(program), others)}
                yield RawRecord(key_of("program", program, "readable_id", "id"), "program", parts)


def up_to_date(fetcher: Fetcher, endpoint: Endpoint) -> Listing:
    """By what changed, where the server tells that; else all of it."""
    items = fetcher.followed(endpoint.address, **endpoint.parameters)
    if items is None:
        return read(fetcher, endpoint)
    return Listing(items, "" if items else f"{endpoint.address} lists nothing")


def kind_of(item: Any) -> str:
    if isinstance(item, dict) and "courseruns" in item:
        return "course"
    return "program" if isinstance(item, dict) and ("req_tree" in item or "courses" in item) else UNKNOWN


def is_named(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), int) and isinstance(item.get("readable_id"), str)


def other(program: dict[str, Any]) -> dict[str, Any]:
    return {name: program.get(name) for name in ("readable_id", "display_mode", "req_tree")}


def named_by(program: Any) -> dict[int, str]:
    """The courses that the program's own summary of its requirements names."""
    summary = program.get("requirements") if isinstance(program, dict) else None
    courses = summary.get("courses") if isinstance(summary, dict) else None
    lists = courses.values() if isinstance(courses, dict) else ()
    return {item["id"]: item["readable_id"] for items in lists if isinstance(items, list) for item in items if is_named(item)}


def referenced(program: Any, courses: dict[int, str], programs: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Those of the courses and programs that a program's numbers lead to, by way of other programs too."""
    found: dict[str, dict[int, Any]] = {"courses": {}, "programs": {}}
    waiting = [program]
    while waiting:
        for number, kind in numbers(waiting.pop()):
            if kind == "course" and number in courses:
                found["courses"][number] = courses[number]
            elif kind == "program" and number in programs and number not in found["programs"]:
                found["programs"][number] = programs[number]
                waiting.append(programs[number])
    return found


def numbers(program: Any) -> Iterator[tuple[int, str]]:
    """The numbers in a program's list and tree, and what each counts."""
    if not isinstance(program, dict):
        return
    listed = program.get("courses")
    yield from ((number, "course") for number in (listed if isinstance(listed, list) else ()) if isinstance(number, int))
    waiting = [program.get("req_tree")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            data = node.get("data")
            for field, kind in (("course", "course"), ("required_program", "program"), ("required_program_id", "program")):
                if isinstance(data, dict) and isinstance(number := data.get(field), int):
                    yield number, kind
            waiting.append(node.get("children"))
