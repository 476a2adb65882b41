"""Real payloads with fields dropped, emptied or of another type: a mapping takes them, passes over or refuses, and never breaks."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from corridor.learn.ingest.source import FetchFailed, Gap, RawRecord, Rejected, Skip, Source
from corridor.learn.sources.mit_edx.source import MitEdx
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.learn.sources.ocw.source import OpenCourseware
from corridor.learn.sources.podcast.source import Podcasts
from corridor.learn.sources.see.source import Sloan
from corridor.learn.sources.tests.reading import raw_records
from corridor.learn.sources.xpro.source import Xpro

PLACES: dict[type[Any], str] = {
    MitxOnline: "sources/mitxonline", MitEdx: "sources/mit_edx", Xpro: "sources/xpro", Sloan: "sources/sloan",
    OpenCourseware: "sources/ocw", Podcasts: "sources/podcast",
}  # fmt: skip
OTHERS: list[Any] = [
    None, "", " ", "null", "\x00", "<script>alert(1)</script>", "'; DROP TABLE x; --", "\ud800", "é" * 3000, "2031-13-45", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59", "1e400", "NaN", "-5", 0, -1, 1e308, float("nan"), 10**30, True, False, [], [None], [[]], [{}], {}, {"": None}, {"name": 5},
    {"content": ["x"]}, "https://[broken", "//x", "javascript:alert(1)",
]  # fmt: skip

SENDABLE = [each for each in OTHERS if each != "\ud800" and each == each]
SOURCES = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def payloads(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[type[Any], list[RawRecord]]:
    """Raw records of each source, the small ones."""
    found = {}
    for source, place in PLACES.items():
        read = raw_records(source(address=str(shared_data / place)), tmp_path_factory.mktemp("store"))
        found[source] = [raw for raw in read if not isinstance(raw, Gap) and len(repr(raw.data)) < 40_000][:60]
    return found


def places(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths to every value."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*above, key)
        yield from places(value, (*above, key))


def damaged(data: Any, path: tuple[Any, ...], other: Any) -> None:
    """Drop the value at the path, or put another one there."""
    for key in path[:-1]:
        data = data[key]
    if other == "dropped":
        del data[path[-1]]
    else:
        data[path[-1]] = copy.deepcopy(other)


@pytest.mark.parametrize("source", PLACES, ids=lambda source: source.code)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_payload_never_breaks_the_mapping(
    source: type[Any], payloads: dict[type[Any], list[RawRecord]], data: st.DataObject
) -> None:
    reader: Source = source(address="https://example.org/")
    raw = data.draw(st.sampled_from(payloads[source]))
    broken = copy.deepcopy(raw.data)
    for _ in range(data.draw(st.integers(1, 3))):
        paths = list(places(broken))
        if paths:
            damaged(broken, data.draw(st.sampled_from(paths)), data.draw(st.sampled_from(["dropped", *OTHERS])))
    try:
        record = reader.map(RawRecord(raw.key, raw.kind, broken))
    except (Skip, Rejected, ValidationError):
        return
    record.model_dump(mode="json")
    assert record.title.strip()


@dataclass
class Shelf:
    """A fetcher of documents by name."""

    documents: dict[str, Any]

    def list(self, prefix: str) -> Iterator[str]:
        return iter(sorted(self.documents))

    def json(self, address: str, **options: Any) -> Any:
        return self.documents[address]

    def bytes(self, address: str, **options: Any) -> bytes:
        if address not in self.documents:
            raise FetchFailed(f"there is no {address}")
        held = self.documents[address]
        return held if isinstance(held, bytes) else json.dumps(held).encode()

    def open(self, address: str, **options: Any) -> BytesIO:
        return BytesIO(self.bytes(address))

    def followed(self, address: str, **parameters: Any) -> None:
        return None

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        return make()


def shelf(source: type[Any]) -> Shelf:
    """The source's own fixture."""
    folder = SOURCES / source.code / "fixture"
    files = {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return Shelf({name: json.loads(data) if name.endswith(".json") else data for name, data in files.items()})


@pytest.mark.parametrize("source", PLACES, ids=lambda source: source.code)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_never_break_the_fetch(source: type[Any], data: st.DataObject) -> None:
    found = shelf(source)
    name = data.draw(st.sampled_from(sorted(found.documents)))
    document = found.documents[name]
    if isinstance(document, bytes):
        start = data.draw(st.integers(0, len(document)))
        found.documents[name] = document[:start] + data.draw(st.binary(max_size=20)) + document[start + data.draw(st.integers(0, 50)) :]
    else:
        damaged(document, data.draw(st.sampled_from(list(places(document)))), data.draw(st.sampled_from(["dropped", *SENDABLE])))
    reader: Source = source(address="fixture")
    try:
        raws = [each for each in reader.fetch(found) if isinstance(each, RawRecord)]
    except FetchFailed:
        return
    assert all(raw.key for raw in raws)
    for raw in raws:
        with suppress(Skip, Rejected, ValidationError):
            reader.map(raw)


@pytest.mark.parametrize("source", PLACES, ids=lambda source: source.code)
def test_what_is_no_payload_at_all_is_refused(source: type[Any]) -> None:
    reader: Source = source(address="https://example.org/")
    for kind in ("course", "program", "document", "video", "playlist", "podcast", "episode", "offering", "unknown", ""):
        for data in OTHERS:
            with pytest.raises((Skip, Rejected, ValidationError)):
                reader.map(RawRecord("key", kind, data))
