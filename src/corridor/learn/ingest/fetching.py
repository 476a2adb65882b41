"""The Fetcher that sources are given: any address, each payload kept; and its double that gives again what a run was given."""

import builtins
import io
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlencode, urlsplit
from xml.etree.ElementTree import Element

import orjson

from corridor.kit import clock
from corridor.kit.http import NOT_MODIFIED, HttpClient, HttpFailed, Limits
from corridor.kit.storage import is_missing, s3_client

from .archive import Archive, Kept, Manifest
from .following import Followed, take, tells_changes
from .payloads import LARGEST_JSON, LARGEST_XML, parse_json, parse_xml, read_capped, unpacked
from .source import FetchFailed, Stream

LARGEST_FILE = 2 * 2**30
LARGEST_AT_ONCE = 512 * 2**20
MOST_CHANGES = 10_000  # pages of them
REPLAYED_TOKEN = {"access_token": "replayed", "token_type": "Bearer", "expires_in": 3600}


@dataclass(frozen=True)
class Request:
    address: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a manifest calls it: the address with its parameters, without headers, which may hold keys."""
        query = urlencode(sorted(self.parameters.items()), doseq=True)
        return f"{self.address}{'&' if '?' in self.address else '?'}{query}" if query else self.address


@dataclass(frozen=True)
class Received:
    content: Stream
    etag: str = ""
    last_modified: str = ""


class Reader(Protocol):
    """One way to the outside. `known` is what an earlier run was given; None as an answer says that it still holds."""

    def read(self, request: Request, known: Kept | None) -> Received | None: ...
    def list(self, address: str) -> Iterator[str]: ...


class PayloadFetcher(ABC):
    """What both fetchers do with a payload."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @abstractmethod
    def payload(self, request: Request) -> Stream:
        """The bytes of an address, from their start."""

    @abstractmethod
    def list(self, prefix: str) -> Iterator[str]: ...

    @abstractmethod
    def post(self, address: str, form: Mapping[str, str]) -> Any: ...

    @abstractmethod
    def followed(self, address: str, **parameters: Any) -> builtins.list[Any] | None: ...

    def json(self, address: str, *, headers: Mapping[str, str] | None = None, **parameters: Any) -> Any:
        with unpacked(self.payload(Request(address, parameters, headers or {})), address) as stream:
            return parse_json(read_capped(stream, LARGEST_JSON, address), address)

    def xml(self, address: str, *, headers: Mapping[str, str] | None = None) -> Element:
        with unpacked(self.payload(Request(address, {}, headers or {})), address) as stream:
            return parse_xml(read_capped(stream, LARGEST_XML, address), address)

    def bytes(self, address: str, *, headers: Mapping[str, str] | None = None) -> bytes:
        with self.payload(Request(address, {}, headers or {})) as stream:
            return read_capped(stream, LARGEST_AT_ONCE, address)

    def open(self, address: str, *, headers: Mapping[str, str] | None = None) -> Stream:
        return unpacked(self.payload(Request(address, {}, headers or {})), address)

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        key = self.archive.memo(name)
        found = self.archive.read_memo(key)
        if found is None:
            found = orjson.dumps(make())
            self.archive.write_memo(key, found)
        return orjson.loads(found)


class LiveFetcher(PayloadFetcher):
    """Reads the outside. `previous` is the manifest of an earlier run: what has not changed since is not sent again.

    `trusted` are the source's own addresses: files, buckets and inside hosts beyond them are refused.
    """

    def __init__(
        self,
        archive: Archive,
        trusted: Iterable[str],
        *,
        previous: Manifest | None = None,
        limits: Limits | None = None,
        s3_endpoint: str | None = None,
    ) -> None:
        super().__init__(archive)
        own = tuple(filter(None, trusted))
        self.web = WebReader(HttpClient(own, limits))
        self.readers: dict[str, Reader] = {"http": self.web, "https": self.web, "s3": BucketReader(own, s3_endpoint), "": FolderReader(own)}
        self.previous = previous or Manifest()
        self.manifest = Manifest()

    def payload(self, request: Request) -> Stream:
        known = self.previous.payloads.get(request.name)
        known = known if known and (known.etag or known.last_modified) and self.archive.has(known) else None
        received = self._reader(request.address).read(request, known)
        if received is None:
            kept = known
        else:
            with received.content as content:
                kept = Kept(self.archive.keep(content), received.etag, received.last_modified)
        assert kept
        self.manifest.payloads[request.name] = kept
        return self.archive.open(kept.key)

    def list(self, prefix: str) -> Iterator[str]:
        addresses = list(self._reader(prefix).list(prefix))
        self.manifest.listings[prefix] = addresses
        return iter(addresses)

    def post(self, address: str, form: Mapping[str, str]) -> Any:
        return self.web.post(address, form)

    def followed(self, address: str, **parameters: Any) -> builtins.list[Any] | None:
        name = Request(address, parameters).name
        known = self._known(name)
        try:
            found = self._follow(known, address, parameters)
        except FetchFailed:
            if not known.cursor:
                return None  # the ordinary reading says what is wrong, if anything is
            found = self._follow(Followed(begun=clock.now().isoformat()), address, parameters)
        if found is None:
            return None
        self.manifest.followed[name] = Kept(self.archive.keep(io.BytesIO(orjson.dumps(asdict(found)))))
        return [*found.items.values()]

    def _known(self, name: str) -> Followed:
        kept = self.previous.followed.get(name)
        if kept and self.archive.has(kept):
            with self.archive.open(kept.key) as file:
                known = Followed(**orjson.loads(file.read()))
            if not known.is_old(clock.now()):
                return known
        return Followed(begun=clock.now().isoformat())

    def _follow(self, known: Followed, address: str, parameters: Mapping[str, Any]) -> Followed | None:
        """What is known and what has changed since; None where changes are not told. Leaves `known` as it was."""
        found = replace(known, items=dict(known.items))
        for _ in range(MOST_CHANGES):
            page = self.json(address, **parameters, cursor=found.cursor)
            if not tells_changes(page):
                return None
            if not take(found, page):
                return found
        raise FetchFailed(f"the changes of {address} do not end")

    def _reader(self, address: str) -> Reader:
        scheme = scheme_of(address)
        if scheme not in self.readers:
            raise FetchFailed(f"{address[:200]} has a scheme that cannot be read; http, https, s3 and paths can")
        return self.readers[scheme]


class ReplayingFetcher(PayloadFetcher):
    """Gives what a run was given, and nothing else."""

    def __init__(self, archive: Archive, manifest: Manifest) -> None:
        super().__init__(archive)
        self.manifest = manifest

    def payload(self, request: Request) -> Stream:
        kept = self.manifest.payloads.get(request.name)
        if kept is None:
            raise FetchFailed(f"{request.name} was not read in the run that is replayed")
        return self.archive.open(kept.key)

    def list(self, prefix: str) -> Iterator[str]:
        if prefix not in self.manifest.listings:
            raise FetchFailed(f"{prefix} was not listed in the run that is replayed")
        return iter(self.manifest.listings[prefix])

    def post(self, address: str, form: Mapping[str, str]) -> Any:
        return dict(REPLAYED_TOKEN)

    def followed(self, address: str, **parameters: Any) -> builtins.list[Any] | None:
        kept = self.manifest.followed.get(Request(address, parameters).name)
        if kept is None:
            return None
        with self.archive.open(kept.key) as file:
            return [*Followed(**orjson.loads(file.read())).items.values()]


class WebReader:
    def __init__(self, client: HttpClient) -> None:
        self.client = client

    def read(self, request: Request, known: Kept | None) -> Received | None:
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        headers = {**request.headers, **{name: value for name, value in conditions.items() if value}}
        try:
            answer = self.client.get(request.address, parameters=request.parameters, headers=headers)
        except HttpFailed as error:
            raise FetchFailed(str(error)) from error
        if answer.status == NOT_MODIFIED:
            answer.body.close()
            if known is None:
                raise FetchFailed(f"{request.address} says that nothing has changed, and was not asked")
            return None
        return Received(answer.body, answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))

    def post(self, address: str, form: Mapping[str, str]) -> Any:
        try:
            with self.client.post(address, form).body as body:
                return parse_json(read_capped(body, 2**20, address), address)
        except HttpFailed as error:
            raise FetchFailed(str(error)) from error

    def list(self, address: str) -> Iterator[str]:
        raise FetchFailed(f"{address} is a web address; the files behind one cannot be listed")


class FolderReader:
    def __init__(self, trusted: Iterable[str]) -> None:
        self.roots = [path_of(address).resolve() for address in trusted if scheme_of(address) == ""]

    def read(self, request: Request, known: Kept | None) -> Received | None:
        path = self._own(request.address)
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise FetchFailed(f"{path} is larger than the {LARGEST_FILE // 2**30} GB that are allowed")
            return Received(path.open("rb"))
        except OSError as error:
            raise FetchFailed(f"{path} cannot be read: {error.strerror}") from None

    def list(self, address: str) -> Iterator[str]:
        path = self._own(address)
        if path.is_file():
            return iter([str(path)])
        if not path.is_dir():
            raise FetchFailed(f"there is no folder {path}")
        return (str(file) for file in sorted(path.rglob("*")) if file.is_file() and self._is_own(file.resolve()))

    def _own(self, address: str) -> Path:
        path = path_of(address)
        if "\0" in address or not self._is_own(path.resolve()):
            raise FetchFailed(f"{address!r} is not one of the source's own files")
        return path

    def _is_own(self, path: Path) -> bool:
        return any(path.is_relative_to(root) for root in self.roots)


class BucketReader:
    """Reads S3. A listing tells the ETags, so what has not changed since an earlier run is not asked for at all."""

    def __init__(self, trusted: Iterable[str], endpoint: str | None) -> None:
        self.buckets = {bucket_and_key(address)[0] for address in trusted if scheme_of(address) == "s3"}
        self.endpoint = endpoint
        self.listed: dict[str, str] = {}
        self._client: Any = None

    def read(self, request: Request, known: Kept | None) -> Received | None:
        bucket, key = self._own(request.address)
        if known and known.etag and self.listed.get(request.address) == known.etag:
            return None
        spool: Stream = tempfile.SpooledTemporaryFile(max_size=4 * 2**20)  # noqa: SIM115 - the caller closes it
        with _told_plainly(request.address):
            found = self.client.get_object(Bucket=bucket, Key=key)
            if found["ContentLength"] > LARGEST_FILE:
                raise FetchFailed(f"{request.address} is larger than the {LARGEST_FILE // 2**30} GB that are allowed")
            shutil.copyfileobj(found["Body"], spool, 1 << 20)
        spool.seek(0)
        return Received(spool, found.get("ETag", ""))

    def list(self, address: str) -> Iterator[str]:
        bucket, prefix = self._own(address)
        with _told_plainly(address):
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            found = {f"s3://{bucket}/{entry['Key']}": entry["ETag"] for page in pages for entry in page.get("Contents", ())}
        self.listed |= found
        return iter(sorted(found))

    @property
    def client(self) -> Any:
        self._client = self._client or s3_client(self.endpoint)
        return self._client

    def _own(self, address: str) -> tuple[str, str]:
        bucket, key = bucket_and_key(address)
        if bucket not in self.buckets:
            raise FetchFailed(f"{address} is not in one of the source's own buckets")
        return bucket, key


@contextmanager
def _told_plainly(address: str) -> Iterator[None]:
    """Turns the errors of the S3 client into FetchFailed."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        reason = "there is no such object" if is_missing(error) else error.response.get("Error", {}).get("Message", "refused")
        raise FetchFailed(f"{address} cannot be read: {reason}") from error
    except BotoCoreError as error:
        raise FetchFailed(f"{address} cannot be read: {error}") from error


def scheme_of(address: str) -> str:
    """http, https, s3 and their like; "" for paths and file:// addresses."""
    scheme, divider, _ = address.partition("://")
    return "" if not divider or scheme.lower() == "file" else scheme.lower()


def path_of(address: str) -> Path:
    return Path(unquote(urlsplit(address).path)) if address.lower().startswith("file://") else Path(address).expanduser()


def bucket_and_key(address: str) -> tuple[str, str]:
    bucket, _, key = address.partition("://")[2].partition("/")
    return bucket, key
