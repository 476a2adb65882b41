"""Lists that tell their changes: only these are fetched, what is gone is told, and a reading can be given again."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from corridor.kit import clock
from corridor.kit.http import Limits
from corridor.kit.storage import FolderStore
from corridor.kit.tests.misbehaving import Request, serving
from corridor.learn.ingest.archive import Archive, Manifest
from corridor.learn.ingest.fetching import LiveFetcher, ReplayingFetcher
from corridor.learn.ingest.following import TOMBSTONE

QUICK = Limits(connect_seconds=2, read_seconds=5, total_seconds=20, attempts=1)


class Feed:
    """A server's list: (version, item or tombstone), two to a page."""

    def __init__(self) -> None:
        self.log: list[tuple[int, dict[str, Any]]] = []
        self.asked: list[int] = []

    def tell(self, *items: dict[str, Any]) -> None:
        for item in items:
            self.log.append((len(self.log) + 1, item))

    def respond(self, request: Request) -> None:
        cursor = int(parse_qs(urlsplit(request.path).query)["cursor"][0])
        self.asked.append(cursor)
        if cursor > len(self.log):
            request.give(b"{}", status=410)
            return
        newest = {item["id"]: (version, item) for version, item in self.log}
        due = sorted((version, item) for version, item in newest.values() if version > cursor)[:2]
        at = due[-1][0] if due else cursor
        told = {
            "results": [item for _, item in due if "gone" not in item],
            "tombstones": [{"id": item["id"], "changed_at": "now"} for _, item in due if "gone" in item],
            "cursor": at,
            "next": "more" if at < len(self.log) else None,
        }
        request.give(json.dumps(told).encode())


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def address(feed: Feed) -> Iterator[str]:
    with serving({"/list/": feed.respond, "/plain/": lambda request: request.give(b'{"results": [], "next": null}')}) as server:
        yield server.address


def item(id: int, name: str = "one") -> dict[str, Any]:
    return {"id": id, "name": name}


class Reader:
    """Runs after one another, each of which knows what the one before was given."""

    def __init__(self, store: Path, origin: str) -> None:
        self.archive, self.origin, self.manifest = Archive(FolderStore(store)), origin, Manifest()

    def read(self, path: str = "/list/") -> list[Any] | None:
        fetcher = LiveFetcher(self.archive, [self.origin], previous=self.manifest, limits=QUICK)
        found = fetcher.followed(f"{self.origin}{path}")
        self.manifest = self.archive.read_manifest(self.archive.write_manifest("list", 1, fetcher.manifest))
        return found


@pytest.fixture
def reader(tmp_path: Path, address: str) -> Reader:
    return Reader(tmp_path, address)


def test_only_what_changed_is_fetched(feed: Feed, reader: Reader) -> None:
    feed.tell(item(1), item(2), item(3))
    assert reader.read() == [item(1), item(2), item(3)]
    feed.asked.clear()
    feed.tell(item(2, "changed"))
    assert reader.read() == [item(1), item(2, "changed"), item(3)]
    assert reader.read() == [item(1), item(2, "changed"), item(3)]
    assert feed.asked == [3, 4]


def test_what_is_gone_keeps_its_name_beside_a_tombstone(feed: Feed, reader: Reader) -> None:
    feed.tell(item(1), item(2))
    reader.read()
    feed.tell({"id": 1, "gone": True})
    assert reader.read() == [{**item(1), TOMBSTONE: "now"}, item(2)]
    feed.tell(item(1, "back"))
    assert reader.read() == [item(1, "back"), item(2)]


def test_a_server_that_tells_no_changes_is_read_as_ever(reader: Reader) -> None:
    assert reader.read("/plain/") is None
    assert reader.read("/nowhere/") is None
    assert reader.manifest.followed == {}


def test_a_server_that_forgot_the_cursor_is_read_from_its_start(feed: Feed, reader: Reader) -> None:
    feed.tell(item(1), item(2), item(3))
    reader.read()
    feed.log = [(1, item(9))]
    assert reader.read() == [item(9)]


def test_once_a_week_all_is_read(feed: Feed, reader: Reader) -> None:
    with clock.fixed(datetime(2026, 3, 2, tzinfo=UTC)):
        feed.tell(item(1))
        reader.read()
    with clock.fixed(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=8)):
        reader.read()
        reader.read()
    assert feed.asked == [0, 0, 1]


def test_what_a_run_was_given_is_given_again(feed: Feed, reader: Reader) -> None:
    feed.tell(item(1), item(2))
    reader.read()
    kept = reader.archive.write_manifest("list", 2, reader.manifest)
    assert reader.archive.clear([kept]) >= 0
    feed.tell(item(3))
    replayed = ReplayingFetcher(reader.archive, reader.archive.read_manifest(kept))
    assert replayed.followed(f"{reader.origin}/list/") == [item(1), item(2)]
    assert replayed.followed(f"{reader.origin}/other/") is None
