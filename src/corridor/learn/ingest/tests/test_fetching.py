import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from corridor.kit.http import Limits
from corridor.kit.storage import FolderStore, s3_client
from corridor.kit.tests.misbehaving import Server, cut_off, serving
from corridor.learn.ingest import payloads
from corridor.learn.ingest.archive import Archive, Manifest
from corridor.learn.ingest.fetching import LiveFetcher, ReplayingFetcher
from corridor.learn.ingest.source import FetchFailed

QUICK = Limits(connect_seconds=1, read_seconds=0.5, total_seconds=2, largest_bytes=2**20, attempts=2, first_pause=0.01)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(FolderStore(tmp_path / "store"))


@pytest.fixture
def server() -> Iterator[Server]:
    routes: dict[str, Any] = {
        "/courses": lambda r: r.give(b"", 304) if r.headers["If-None-Match"] == '"1"' else r.give(b'[{"id": 1}]', etag='"1"'),
        "/page": lambda r: r.give(b"<!DOCTYPE html><html><body>Sign in</body></html>", content_type="text/html"),
        "/cut": cut_off,
        "/token": lambda r: r.give(json.dumps({"access_token": r.rfile.read(int(r.headers["Content-Length"])).decode()}).encode()),
    }
    with serving(routes) as running:
        yield running


def live(archive: Archive, *trusted: str, previous: Manifest | None = None) -> LiveFetcher:
    return LiveFetcher(archive, trusted, previous=previous, limits=QUICK)


def test_unchanged_answers_come_from_the_store(archive: Archive, server: Server) -> None:
    first = live(archive, server.address)
    second = live(archive, server.address, previous=first.manifest)
    assert first.json(server.at("/courses"), page=1) == second.json(server.at("/courses"), page=1) == [{"id": 1}]
    assert server.seen[1][2]["if-none-match"] == '"1"'
    assert first.manifest == second.manifest


def test_a_cleared_store_asks_anew(archive: Archive, server: Server) -> None:
    first = live(archive, server.address)
    first.json(server.at("/courses"))
    for key in list(archive.store.keys("raw")):
        archive.store.delete(key)
    second = live(archive, server.address, previous=first.manifest)
    assert second.json(server.at("/courses")) == [{"id": 1}]
    assert "if-none-match" not in server.seen[1][2]


def test_a_run_is_replayed_without_its_source(archive: Archive, server: Server, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_text("[2]")
    first = live(archive, server.address, str(tmp_path / "in"))
    read = [first.json(server.at("/courses")), [first.json(each) for each in first.list(str(tmp_path / "in"))]]
    key = archive.write_manifest("any", 7, first.manifest)
    (tmp_path / "in/a.json").unlink()
    again = ReplayingFetcher(archive, archive.read_manifest(key))
    assert [again.json(server.at("/courses")), [again.json(each) for each in again.list(str(tmp_path / "in"))]] == read
    assert again.post(server.at("/token"), {})["access_token"]
    with pytest.raises(FetchFailed, match="was not read in the run"):
        again.json(server.at("/other"))
    with pytest.raises(FetchFailed, match="was not listed"):
        again.list("elsewhere")
    assert len(server.seen) == 1


def test_the_same_payload_is_kept_once_and_small(archive: Archive, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"payload " * 100_000)
    fetcher = live(archive, str(tmp_path))
    assert fetcher.bytes(str(tmp_path / "a")) == fetcher.bytes(str(tmp_path / "b")) == b"payload " * 100_000
    kept = list((tmp_path / "store").rglob("*.gz"))
    assert len(kept) == 1
    assert kept[0].stat().st_size < 10_000


def test_what_was_made_at_some_cost_is_made_once(archive: Archive, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        assert live(archive).kept("text/of/ä", lambda: made.append(1) or {"text": "x"}) == {"text": "x"}
    assert made == [1]


def test_a_secret_of_a_form_is_not_kept(archive: Archive, server: Server, tmp_path: Path) -> None:
    fetcher = live(archive, server.address)
    assert fetcher.post(server.at("/token"), {"client_secret": "hush"}) == {"access_token": "client_secret=hush"}
    assert fetcher.manifest == Manifest()
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("path", "says"),
    [("/page", "looks like a web page"), ("/cut", "the connection broke")],
)
def test_an_answer_that_is_no_data_is_told_of(archive: Archive, server: Server, path: str, says: str) -> None:
    with pytest.raises(FetchFailed, match=says):
        live(archive, server.address).json(server.at(path))


def test_files_other_than_the_sources_own_are_refused(archive: Archive, tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other.json"
    own.mkdir()
    other.write_text("[]")
    (own / "link.json").symlink_to(other)
    (own / "good.json").write_text("[]")
    fetcher = live(archive, str(own))
    for address in (
        str(other),
        f"file://{other}",
        str(own / "../other.json"),
        str(own / "link.json"),
        "/etc/passwd",
        "a\0b",
        "ftp://host/x",
    ):
        with pytest.raises(FetchFailed):
            fetcher.bytes(address)
    assert list(fetcher.list(str(own))) == [str(own / "good.json")]
    assert list(live(archive, str(other)).list(str(other))) == [str(other)]


@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:9/", "s3://bucket/key"])
def test_what_is_not_there_is_told_of(archive: Archive, address: str) -> None:
    for ask in ("bytes", "list"):
        with pytest.raises(FetchFailed):
            getattr(live(archive), ask)(address)


def test_a_bucket_is_read_and_what_has_not_changed_is_not_asked_for(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = s3_client(None)
        for bucket in ("own", "other"):
            client.create_bucket(Bucket=bucket)
        client.put_object(Bucket="own", Key="courses/a b?#/data.json", Body=b'{"v": 1}')
        first = live(archive, "s3://own/courses/")
        (address,) = first.list("s3://own/courses/")
        assert first.json(address) == {"v": 1}
        second = live(archive, "s3://own/courses/", previous=first.manifest)
        second.list("s3://own/courses/")
        monkeypatch.setattr(type(second.readers["s3"].client), "get_object", None, raising=False)
        assert second.json(address) == {"v": 1}
        for gone in ("s3://own/none", "s3://other/x"):
            with pytest.raises(FetchFailed):
                live(archive, "s3://own").bytes(gone)


def stream(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def test_packed_streams_are_unpacked_to_their_end() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert payloads.unpacked(stream(packed), "x").read() == b"one two"
    assert payloads.unpacked(stream(b"plain"), "x").read() == b"plain"
    assert payloads.unpacked(stream(b""), "x").read() == b""


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        (gzip.compress(b"abc" * 1000, mtime=0)[:-9], "cut off"),
        (gzip.compress(b"abc" * 1000, mtime=0)[:20] + b"garbage" * 9, "damaged|cut off"),
    ],
)
def test_a_packed_stream_that_is_cut_off_or_damaged_is_told_of(packed: bytes, says: str) -> None:
    with pytest.raises(FetchFailed, match=says):
        payloads.unpacked(stream(packed), "x").read()


def test_a_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "LARGEST_UNPACKED", 2**20)
    with pytest.raises(FetchFailed, match="unpacks to more"):
        payloads.unpacked(stream(gzip.compress(bytes(8 * 2**20))), "x").read()


@pytest.mark.parametrize(
    ("payload", "data"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'{"a": NaN, "b": -Infinity}', {"a": None, "b": None}),
        (b'"\\u0000"', "\0"),
    ],
)
def test_odd_json_is_read(payload: bytes, data: object) -> None:
    assert payloads.parse_json(payload, "x") == data


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b'{"a": 1}}', b"\xff\xfe", b"[" * 100_000 + b"]" * 100_000, b"[NaN" + b"[" * 100_000, b"<html>", b'{"a": "\xc3"}'],
)
def test_bad_json_is_told_of(payload: bytes) -> None:
    with pytest.raises(FetchFailed, match="is no JSON"):
        payloads.parse_json(payload, "x")


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (BOMB, "refused"),
        (OUTSIDE, "refused"),
        (b"<x>", "is no XML"),
        (b"", "is no XML"),
        (b'<?xml version="1.0" encoding="klingon"?><x/>', "is no XML"),
    ],
)
def test_bad_xml_is_told_of(payload: bytes, says: str) -> None:
    with pytest.raises(FetchFailed, match=says):
        payloads.parse_xml(payload, "x")


def test_a_payload_too_large_to_read_at_once_is_told_of() -> None:
    with pytest.raises(FetchFailed, match="larger than"):
        payloads.read_capped(stream(bytes(2**20 + 1)), 2**20, "x")
