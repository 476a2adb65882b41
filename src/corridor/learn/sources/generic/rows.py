"""Rows of files. One that cannot be read is a row that says so; a file that is cut off is a failed fetch."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

import orjson

from corridor.learn.ingest.payloads import LARGEST_JSON, parse_json, read_capped
from corridor.learn.ingest.source import FetchFailed, Stream

from .expressions import getter

LARGEST_LINE = 64 * 2**20
LARGEST_CELL = 16 * 2**20
SHOWN = 2000


@dataclass(frozen=True)
class Unreadable:
    """A row that is no data, and why."""

    text: str
    reason: str


Row = dict[str, Any] | Unreadable


class Shape(Protocol):
    """What has to be known of a file to read it."""

    @property
    def format(self) -> str: ...
    @property
    def items(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def delimiter(self) -> str: ...


def rows(stream: Stream, address: str, shape: Shape) -> Iterator[Row]:
    """The rows of a file, one after the other. Raises FetchFailed for a file that is cut off or of another format."""
    kind = shape.format or format_of(address)
    if kind == "csv":
        return _csv_rows(stream, address, shape)
    return _json_rows(stream, address, shape.items) if kind == "json" else _line_rows(stream)


def format_of(address: str) -> str:
    """jsonl, json or csv, by the name; jsonl for other names."""
    suffixes = PurePosixPath(address.partition("?")[0].removesuffix(".gz")).suffix.lstrip(".").lower()
    return suffixes if suffixes in ("json", "csv") else "csv" if suffixes == "tsv" else "jsonl"


def _line_rows(stream: Stream) -> Iterator[Row]:
    for line in _lines(stream):
        if isinstance(line, Unreadable):
            yield line
        elif line.strip():
            yield _line_row(line)


def _lines(stream: Stream) -> Iterator[bytes | Unreadable]:
    """Lines; one that is too long is passed over, not held."""
    first = True
    while line := stream.readline(LARGEST_LINE):
        if first:
            line, first = line.removeprefix(codecs.BOM_UTF8), False
        if len(line) == LARGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LARGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield Unreadable(_shown(line), f"the line is longer than {LARGEST_LINE // 2**20} MB")
        else:
            yield line


def _line_row(line: bytes) -> Row:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Unreadable(_shown(line), f"the line is no JSON: {error}")
    return row if isinstance(row, dict) else Unreadable(_shown(line), "the line is no object")


def _shown(line: bytes) -> str:
    return line[:SHOWN].decode(errors="replace")


def _json_rows(stream: Stream, address: str, items: str) -> Iterator[Row]:
    data = parse_json(read_capped(stream, LARGEST_JSON, address), address)
    found = getter(items, {})(data) if items else data
    if items and isinstance(found, dict):
        found = list(found.values())
    if not isinstance(found, list):
        raise FetchFailed(f"{address} holds no list at `{items}`" if items else f"{address} holds no list; name the path of one in `items`")
    for entry in found:
        yield entry if isinstance(entry, dict) else Unreadable(repr(entry)[:SHOWN], "the entry is no object")


def _csv_rows(stream: Stream, address: str, shape: Shape) -> Iterator[Row]:
    csv.field_size_limit(LARGEST_CELL)
    encoding = "utf-8-sig" if shape.encoding.lower().replace("-", "") == "utf8" else shape.encoding
    text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
    delimiter = "\t" if ".tsv" in address and shape.delimiter == "," else shape.delimiter
    reader = csv.reader(_without_nul(text), delimiter=delimiter, strict=True)
    try:
        header = next(reader, None)
        if not header:
            raise FetchFailed(f"{address} is empty")
        for cells in reader:
            if cells:
                yield _csv_row(header, cells)
    except csv.Error as error:
        raise FetchFailed(f"{address} is cut off or no CSV, at line {reader.line_num}: {error}") from None


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") if "\0" in line else line for line in lines)


def _csv_row(header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        return Unreadable(repr(cells)[:SHOWN], f"the line has {len(cells)} cells where the header has {len(header)}")
    if any(not cell.isascii() and not _is_text(cell) for cell in cells):
        return Unreadable(ascii(cells)[:SHOWN], "the line is not in the encoding of the file")
    return dict(zip(header, cells, strict=True))


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True
