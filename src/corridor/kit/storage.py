"""Files under keys: a folder by default, an S3 bucket at scale. Keys are relative paths with slashes."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Protocol

from .errors import Problem

_KEY = re.compile(r"[A-Za-z0-9_=@+,-][\w=@+.,-]*(/[A-Za-z0-9_=@+,-][\w=@+.,-]*)*", re.ASCII)


class FileMissing(Problem):
    """There is no file under this key."""

    code = "file_missing"
    status = 404

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no file {key} in the store.")


class FileStore(Protocol):
    """What both stores do. A reader sees a whole file or none, also while it is written anew."""

    def write(self, key: str, content: IO[bytes]) -> None: ...
    def open(self, key: str) -> IO[bytes]: ...
    def exists(self, key: str) -> bool: ...
    def delete(self, key: str) -> None: ...
    def keys(self, prefix: str) -> Iterator[str]: ...


def checked(key: str) -> str:
    """The key, if it can be one. Raises ValueError for what would lead out of the store."""
    if not _KEY.fullmatch(key) or len(key) > 900:
        raise ValueError(f"{key[:80]!r} cannot be the key of a file")
    return key


class FolderStore:
    """Files in a folder, put in place by renaming."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, key: str, content: IO[bytes]) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
        try:
            with os.fdopen(handle, "wb") as file:
                shutil.copyfileobj(content, file, 1 << 20)
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def open(self, key: str) -> IO[bytes]:
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, NotADirectoryError):
            raise FileMissing(key) from None

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        start = self.folder / checked(prefix.rstrip("/"))
        for path in sorted(start.rglob("*")):
            if path.is_file() and not path.name.startswith(".draft-"):
                yield path.relative_to(self.folder).as_posix()

    def _path(self, key: str) -> Path:
        return self.folder / checked(key)


class S3Store:
    """Files in a bucket of S3 or of a service that speaks it."""

    def __init__(self, bucket: str, endpoint: str | None = None) -> None:
        self.bucket = bucket
        self.endpoint = endpoint

    @cached_property
    def client(self) -> Any:
        return s3_client(self.endpoint)

    def write(self, key: str, content: IO[bytes]) -> None:
        self.client.upload_fileobj(content, self.bucket, checked(key))

    def open(self, key: str) -> IO[bytes]:
        spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - the caller closes it
        try:
            self.client.download_fileobj(self.bucket, checked(key), spool)
        except self.client.exceptions.ClientError as error:
            spool.close()
            if is_missing(error):
                raise FileMissing(key) from None
            raise
        spool.seek(0)
        return spool

    def exists(self, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=checked(key))
        except self.client.exceptions.ClientError as error:
            if is_missing(error):
                return False
            raise
        return True

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=checked(key))

    def keys(self, prefix: str) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=checked(prefix.rstrip("/")) + "/")
        return (entry["Key"] for page in pages for entry in page.get("Contents", ()))


def s3_client(endpoint: str | None) -> Any:
    """A client of S3 with time-outs and retries; keys and region come from the usual AWS variables."""
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=10, read_timeout=60, retries={"max_attempts": 5, "mode": "adaptive"})
    return boto3.client("s3", endpoint_url=endpoint, config=patience)


def is_missing(error: Any) -> bool:
    """Whether a client's error says that there is no such object or bucket."""
    return error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey", "NotFound", "NoSuchBucket")


def file_store() -> FileStore:
    """The store of this deployment: the bucket of the settings, else a folder in the home."""
    from corridor.config import config

    settings = config()
    return S3Store(settings.media_bucket, settings.s3_endpoint) if settings.media_bucket else FolderStore(settings.under("files"))
