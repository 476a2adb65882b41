"""What a folder under learn/sources provides: where payloads come from and how one maps to a record. Nothing else."""

import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol, runtime_checkable
from xml.etree.ElementTree import Element

from .records import ResourceRecord

Stream = IO[bytes]


@dataclass(frozen=True)
class RawRecord:
    """One record as the source gave it: JSON-like data, its stable key, and what kind of thing it is."""

    key: str
    kind: str  # "course", "program", …: chooses the mapping
    data: Any


@dataclass(frozen=True)
class Gap:
    """Yielded by a fetch where a part could not be read: what is known under keys that begin so stays as it is.

    An empty prefix says it of the whole source.
    """

    key_prefix: str
    reason: str


class FetchFailed(Exception):
    """Raised by a fetcher: the address gives nothing usable. The message says why, in a sentence."""


class Skip(Exception):
    """Raised by a mapping for a record that is well formed and not wanted; the message says why."""


class Rejected(Exception):
    """Raised by a mapping for a record that cannot be used; the message says why. The record goes to quarantine."""


class Fetcher(Protocol):
    """The way to the outside, given to a source: HTTP, S3 or files, with time-outs, retries, size caps and ETags inside.

    Addresses are `https://…`, `s3://bucket/key` or paths. Those found in payloads may be followed: private hosts, buckets
    and folders other than the source's own are refused. Every method raises FetchFailed and nothing else.
    """

    def json(self, address: str, *, headers: Mapping[str, str] | None = None, **parameters: Any) -> Any: ...

    def xml(self, address: str, *, headers: Mapping[str, str] | None = None) -> Element: ...

    def bytes(self, address: str, *, headers: Mapping[str, str] | None = None) -> bytes: ...

    def open(self, address: str, *, headers: Mapping[str, str] | None = None) -> Stream:
        """A stream, for what is large; of a .gz file, what it holds. The caller closes it."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """Addresses of all files below a folder or S3 prefix, sorted; of a file, the file itself."""
        ...

    def post(self, address: str, form: Mapping[str, str]) -> Any:
        """The JSON answer to a form that was sent; never cached, never kept, never logged."""
        ...

    def followed(self, address: str, **parameters: Any) -> "builtins.list[Any] | None":
        """All items of a list whose server tells its changes by a cursor, of which only those are fetched; None where it tells none.

        What is gone carries following.TOMBSTONE beside what was last known of it.
        """
        ...

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """JSON-like data that `make` gave when first asked for by this name: for costly readings of unchanged bytes."""
        ...


class Source(Protocol):
    """A catalogue source. `complete` says whether a fetch gives everything there is, so that what is absent is gone."""

    code: str
    name: str
    mapping_revision: int | str  # another one when the mapping changes, so that unchanged payloads are mapped anew
    schedule: str  # five fields of cron, UTC; empty: by hand only
    precedence: int
    complete: bool
    address: str  # in place of the published one: a base address, a folder, a file or an S3 prefix; sources are dataclasses

    def fetch(self, fetcher: Fetcher) -> Iterable[RawRecord | Gap]: ...
    def map(self, raw: RawRecord) -> ResourceRecord: ...


@runtime_checkable
class BringsReferenceData(Protocol):
    """A source whose platforms and offerors are made when they are unknown; other sources' records are rejected then."""

    def platforms(self) -> Mapping[str, str]:
        """Names by code."""
        ...

    def offerors(self) -> Mapping[str, str]:
        """Names by code."""
        ...


@runtime_checkable
class UsesReferenceSet(Protocol):
    """A source whose records name platforms and offerors of a shipped set, which is loaded with the first run that lacks it."""

    reference_set: str


@runtime_checkable
class ReadsElsewhere(Protocol):
    """A source that also reads at addresses other than `address`, which may be inside the network or on this machine."""

    def places(self) -> Iterable[str]: ...
