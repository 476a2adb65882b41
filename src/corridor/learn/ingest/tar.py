"""Files of a tar archive that nobody vouches for, read in memory: no path is followed, no link, nothing is unpacked to disk."""

import gzip
import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO

from .source import FetchFailed

MOST_UNPACKED = 2 << 30
MOST_MEMBERS = 100_000
MOST_OF_A_HEADER = 1 << 20
MOST_OF_A_TEXT = 8 << 20
MOST_OF_A_DOCUMENT = 64 << 20
MOST_KEPT = 512 << 20
_TEXTS = (".xml", ".html", ".htm", ".md", ".txt", ".srt", ".sjson", ".vtt", ".json", ".jsonl", ".yaml", ".yml")
_DOCUMENTS = (".pdf", ".tar.gz", ".tgz")
_HEADERS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


class ArchiveRefused(Exception):
    """The archive cannot be used; the message says why."""


class _Member(tarfile.TarInfo):
    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Member":
        member = super().frombuf(buf, encoding, errors)
        if member.type in _HEADERS and member.size > MOST_OF_A_HEADER:
            raise ArchiveRefused(f"a header of {member.size} bytes")
        return member


class _Counted:
    """Reads a stream up to a number of bytes, after some that were read before."""

    def __init__(self, stream: IO[bytes], most: int, head: bytes = b"") -> None:
        self.stream, self.left, self.head = stream, most, head

    def read(self, size: int = -1) -> bytes:
        part, self.head = (self.head[:size], self.head[size:]) if self.head else (self.stream.read(size), b"")
        self.left -= len(part)
        if self.left < 0:
            raise ArchiveRefused(f"unpacks to more than {MOST_UNPACKED >> 20} MB")
        return part


def files(stream: IO[bytes]) -> dict[str, bytes]:
    """The texts, PDFs and inner archives of a tar, compressed by gzip or not, by path. Raises ArchiveRefused."""
    kept: dict[str, bytes] = {}
    room = MOST_KEPT
    try:
        for name, data in _wanted(stream):
            kept[name] = data
            room -= len(data)
            if room < 0:
                raise ArchiveRefused(f"holds more than {MOST_KEPT >> 20} MB of text")
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, FetchFailed) as error:
        raise ArchiveRefused(f"is broken: {error}") from error
    return kept


def _wanted(stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    head = stream.read(2)
    plain: IO[bytes] = _Counted(stream, MOST_UNPACKED, head)  # type: ignore[assignment]  # all that is asked of it is read
    if head == b"\x1f\x8b":
        plain = _Counted(gzip.GzipFile(fileobj=plain), MOST_UNPACKED)  # type: ignore[assignment,arg-type]
    if not head:
        raise ArchiveRefused("is empty of bytes")
    with tarfile.open(fileobj=plain, mode="r|", tarinfo=_Member) as archive:
        for number, member in enumerate(archive):
            if number >= MOST_MEMBERS:
                raise ArchiveRefused(f"holds more than {MOST_MEMBERS} files")
            archive.members = []  # type: ignore[attr-defined]  # a stream needs no list of what has passed
            name = _plain_path(member.name)
            if member.isreg() and not member.issparse() and name and member.size <= _most(name):
                data = archive.extractfile(member)
                assert data
                yield name, data.read()


def _most(name: str) -> int:
    lowered = name.lower()
    return MOST_OF_A_TEXT if lowered.endswith(_TEXTS) else MOST_OF_A_DOCUMENT if lowered.endswith(_DOCUMENTS) else -1


def _plain_path(name: str) -> str:
    """A path below the archive's root, or "" for one that leaves it, and for the notes that macOS leaves beside files."""
    path = posixpath.normpath(name.replace("\\", "/"))
    parts = path.split("/")
    outside = path.startswith("/") or ".." in parts or "\x00" in path
    return "" if outside or any(part.startswith("._") or part in (".git", "__MACOSX") for part in parts) else path
