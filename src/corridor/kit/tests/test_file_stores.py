import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from corridor.kit.storage import FileMissing, FileStore, FolderStore, S3Store


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileStore]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "files")
        return
    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        bucket = S3Store("corridor")
        bucket.client.create_bucket(Bucket="corridor")
        yield bucket


def read(store: FileStore, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def test_what_was_written_is_read_again(store: FileStore) -> None:
    store.write("raw/a/1.gz", io.BytesIO(b"one"))
    store.write("raw/a/1.gz", io.BytesIO(b"two"))
    assert read(store, "raw/a/1.gz") == b"two"


def test_a_missing_file_is_told_of(store: FileStore) -> None:
    assert not store.exists("raw/none")
    with pytest.raises(FileMissing, match="raw/none"):
        store.open("raw/none")
    store.delete("raw/none")


def test_files_are_listed_below_a_prefix_in_order(store: FileStore) -> None:
    for key in ("raw/b", "raw/a/2", "raw/a/1", "rawer/x"):
        store.write(key, io.BytesIO(b"."))
    store.delete("raw/b")
    assert list(store.keys("raw")) == ["raw/a/1", "raw/a/2"]
    assert list(store.keys("raw/a/")) == ["raw/a/1", "raw/a/2"]


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../x", "a//b", "a/./b", ".hidden", "a\x00b", "ü", "a" * 1000])
def test_no_key_leads_out_of_the_store(store: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="cannot be the key"):
        store.write(key, io.BytesIO(b"."))


class Failing(io.BytesIO):
    """A stream that breaks off."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError("gone")


def test_a_write_that_breaks_off_leaves_the_old_file_whole(store: FileStore) -> None:
    store.write("raw/a", io.BytesIO(b"old"))
    with pytest.raises(OSError, match="gone"):
        store.write("raw/a", Failing(b"new"))
    assert read(store, "raw/a") == b"old"
    assert list(store.keys("raw")) == ["raw/a"]


def test_drafts_of_killed_writers_are_no_files(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path)
    folder.write("raw/a", io.BytesIO(b"."))
    handle, _ = tempfile.mkstemp(dir=tmp_path / "raw", prefix=".draft-")
    os.close(handle)
    assert list(folder.keys("raw")) == ["raw/a"]
