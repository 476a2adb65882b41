"""Rows of files. One that cannot be read is a row that says so; a file that is cut off is a failed fetch."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

from corridor.learn.ingest.payloads import LARGEST_JSON, is_web_page, parse_json, read_capped
from corridor.learn.ingest.source import FetchFailed, Stream

from .expressions import getter

LARGEST_LINE = 64 * 2**20
LARGEST_CELL = 16 * 2**20
SHOWN = 2000
BEGINNING = 200  # bytes that tell what a file is
ZIP = b"PK\x03\x04"
DELIMITERS = (";", "\t", "|", ",")
OPEN_QUOTE = "unexpected end of data"  # as the csv module says it


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
    beginning = stream.peek(BEGINNING)[:BEGINNING] if isinstance(stream, io.BufferedReader) else b""
    if beginning.startswith(ZIP):
        raise FetchFailed(f"{address} is a ZIP archive or an Excel sheet; save it as CSV")
    if is_web_page(beginning):
        raise FetchFailed(f"{address} looks like a web page")
    kind = shape.format or format_of(address)
    if kind == "csv":
        return _csv_rows(stream, address, _encoding(beginning, shape.encoding), shape.delimiter)
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
        row = parse_json(line, "the line")
    except FetchFailed as error:
        return Unreadable(_shown(line), str(error))
    if isinstance(row, list):
        return Unreadable(_shown(line), "the line is no object but a list; if the whole file is one, its `format` is json")
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


def _encoding(beginning: bytes, declared: str) -> str:
    """What a file begins with tells more than its mapping."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig" if beginning.startswith(codecs.BOM_UTF8) else declared


def _csv_rows(stream: Stream, address: str, encoding: str, delimiter: str) -> Iterator[Row]:
    """Rows of a table. A line that is no CSV is one bad row; an open quote at the end means that the file is cut off."""
    csv.field_size_limit(LARGEST_CELL)
    text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
    delimiter = "\t" if ".tsv" in address and delimiter == "," else delimiter
    reader = csv.reader(_without_nul(text), delimiter=delimiter, strict=True)
    header: list[str] = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except UnicodeError as error:
            raise FetchFailed(f"{address} is cut off or not in {encoding}, near line {reader.line_num}: {error}") from None
        except csv.Error as error:
            if not header or OPEN_QUOTE in str(error):
                raise FetchFailed(f"{address} is cut off or no CSV, at line {reader.line_num}: {error}") from None
            yield Unreadable("", f"line {reader.line_num} is no CSV: {error}")
            continue
        if not header:
            header = _header(cells, address, delimiter)
        elif cells:
            yield _csv_row(header, cells)
    if not header:
        raise FetchFailed(f"{address} is empty")


def _header(cells: list[str], address: str, delimiter: str) -> list[str]:
    if not all(map(_is_text, cells)):
        raise FetchFailed(f"{address} is not in the encoding that its mapping names; name the right one in `encoding`")
    if len(cells) == 1 and (other := next((sign for sign in DELIMITERS if sign in cells[0] and sign != delimiter), "")):
        raise FetchFailed(
            f"the header of {address} is one column, {cells[0][:80]!r}; if {other!r} parts its columns, name it in `delimiter`"
        )
    return [cell.strip() for cell in cells]


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
