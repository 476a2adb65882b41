"""Bytes from outside made into data, within limits. What cannot be read is a FetchFailed with a reason."""

import gzip
import io
import json
import zlib
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .source import FetchFailed

LARGEST_JSON = 256 * 2**20
LARGEST_XML = 64 * 2**20
LARGEST_UNPACKED = 4 * 2**30
GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


def parse_json(payload: bytes, what: str) -> Any:
    """JSON data. Of a key that comes twice the last value counts; NaN and infinities, which are no JSON, become null."""
    try:
        return orjson.loads(payload.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        if b"NaN" in payload or b"Infinity" in payload:
            return _lenient_json(payload, what)
        raise FetchFailed(f"{what} is no JSON: {error}{_instead(payload)}") from None


def _lenient_json(payload: bytes, what: str) -> Any:
    try:
        return json.loads(payload.removeprefix(_BOM), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise FetchFailed(f"{what} is no JSON: {error}") from None


def _instead(payload: bytes) -> str:
    return "; it looks like a web page" if is_web_page(payload[:200]) else ""


def is_web_page(beginning: bytes) -> bool:
    return beginning.removeprefix(_BOM).lstrip().lower().startswith((b"<!doctype html", b"<html"))


def parse_xml(payload: bytes, what: str) -> Element:
    """The root of an XML document. Entities and outside references are refused."""
    try:
        root: Element = fromstring(payload)
    except DefusedXmlException as error:
        raise FetchFailed(f"{what} is XML with {type(error).__name__}, which is refused") from None
    except (ParseError, ValueError, LookupError) as error:
        raise FetchFailed(f"{what} is no XML: {error}{_instead(payload)}") from None
    return root


def read_capped(stream: IO[bytes], largest: int, what: str) -> bytes:
    """All bytes of a stream. Raises FetchFailed when they are more than `largest`."""
    payload = stream.read(largest + 1)
    if len(payload) > largest:
        raise FetchFailed(f"{what} is larger than the {largest // 2**20} MB that can be read at once")
    return payload


def unpacked(stream: IO[bytes], what: str) -> IO[bytes]:
    """What a gzip stream holds; any other stream as it is."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]  # a response reads as a raw stream does
    return io.BufferedReader(_Gunzip(buffered, what), 1 << 18) if buffered.peek(2)[:2] == GZIP else buffered


class _Gunzip(io.RawIOBase):
    """Decompresses as it is read, up to a limit. A stream that ends too early is an error, not an end."""

    def __init__(self, packed: IO[bytes], what: str) -> None:
        self.packed = packed
        self.what = what
        self.given = 0
        self.gzip = gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self.gzip.read(len(buffer))
        except EOFError:
            raise FetchFailed(f"{self.what} is cut off: its gzip stream has no end") from None
        except (zlib.error, gzip.BadGzipFile) as error:
            raise FetchFailed(f"{self.what} is damaged: {error}") from None
        self.given += len(chunk)
        if self.given > LARGEST_UNPACKED:
            raise FetchFailed(f"{self.what} unpacks to more than {LARGEST_UNPACKED // 2**30} GB")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self.packed.close()
        super().close()
