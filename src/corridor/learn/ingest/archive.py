"""The raw store: what sources gave, compressed, kept once however often it is fetched, and which run was given what."""

import gzip
import hashlib
import io
import shutil
import tempfile
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import IO

import orjson

from corridor.kit.storage import FileMissing, FileStore

from .source import FetchFailed

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zX", b"%PDF", b"\x28\xb5\x2f\xfd")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A payload in the store, and by what its server knows whether it has changed."""

    key: str
    etag: str = ""
    last_modified: str = ""


@dataclass
class Manifest:
    """What one run was given: payloads by request, addresses by listing."""

    address: str = ""  # where the source was read
    payloads: dict[str, Kept] = field(default_factory=dict)
    listings: dict[str, list[str]] = field(default_factory=dict)
    followed: dict[str, Kept] = field(default_factory=dict)  # what is known of lists whose changes are followed, by request


class Archive:
    """Payloads are named by what they hold."""

    def __init__(self, store: FileStore) -> None:
        self.store = store

    def keep(self, content: IO[bytes]) -> str:
        """The key of the payload, which is written unless the store has it. The stream is left at its end."""
        digest, start = hashlib.blake2b(digest_size=20), b""
        while chunk := content.read(_CHUNK):
            start = start or chunk[:4]
            digest.update(chunk)
        name = digest.hexdigest()
        packed = start.startswith(_PACKED)
        key = f"raw/payloads/{name[:2]}/{name[2:]}" + ("" if packed else ".gz")
        if not self.store.exists(key):
            content.seek(0)
            self._write(key, content, packed)
        return key

    def _write(self, key: str, content: IO[bytes], packed: bool) -> None:
        if packed:
            self.store.write(key, content)
            return
        with tempfile.SpooledTemporaryFile(max_size=8 * _CHUNK) as spool:
            with gzip.GzipFile(fileobj=spool, mode="wb", compresslevel=1, mtime=0) as file:
                shutil.copyfileobj(content, file, _CHUNK)
            spool.seek(0)
            self.store.write(key, spool)

    def open(self, key: str) -> IO[bytes]:
        """The payload as it was given. Raises FetchFailed when it has been cleared away."""
        try:
            stored = self.store.open(key)
        except FileMissing as error:
            raise FetchFailed(f"the raw payload is no longer kept: {error}") from None
        return gzip.GzipFile(fileobj=stored) if key.endswith(".gz") else stored  # type: ignore[return-value]  # reads bytes as IO does

    def has(self, kept: Kept) -> bool:
        return self.store.exists(kept.key)

    def write_manifest(self, source: str, run: int, manifest: Manifest) -> str:
        """The key under which a run's manifest is kept."""
        key = f"raw/runs/{source}/{run:012d}.json.gz"
        self._write(key, io.BytesIO(orjson.dumps(asdict(manifest))), packed=False)
        return key

    def read_manifest(self, key: str) -> Manifest:
        """Raises FetchFailed when the manifest is not kept."""
        with self.open(key) as file:
            data = orjson.loads(file.read())
        payloads, followed = ({request: Kept(**kept) for request, kept in data.get(part, {}).items()} for part in ("payloads", "followed"))
        return Manifest(data["address"], payloads, data["listings"], followed)

    def memo(self, name: str) -> str:
        """The key for what was once made of payloads."""
        digest = hashlib.blake2b(name.encode(), digest_size=20).hexdigest()
        return f"raw/made/{digest[:2]}/{digest[2:]}.gz"

    def read_memo(self, key: str) -> bytes | None:
        try:
            with gzip.GzipFile(fileobj=self.store.open(key)) as file:
                return file.read()
        except FileMissing:
            return None

    def write_memo(self, key: str, content: bytes) -> None:
        self._write(key, io.BytesIO(content), packed=False)

    def clear(self, manifests: Collection[str]) -> int:
        """Delete all manifests but these, and all payloads that none of these lists. Gives how many files were deleted."""
        listed = (self.read_manifest(key) for key in manifests)
        wanted = {*manifests, *(kept.key for each in listed for kept in (*each.payloads.values(), *each.followed.values()))}
        unwanted = [key for folder in ("raw/runs", "raw/payloads") for key in self.store.keys(folder) if key not in wanted]
        for key in unwanted:
            self.store.delete(key)
        return len(unwanted)
