"""Collections of documents and judged queries, read from files of any shape."""

import csv
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from corridor.search.definition import Analysis, IndexDefinition, Keyword, Text
from corridor.search.model import Document

_LONGEST_FIELD = 100_000_000
_DELIMITERS = ",;\t|"
_BEYOND = ""  # field of what a line has more than the header
TITLE, BODY, NAMES, CODES, TOPICS = "title", "body", "names", "codes", "topics"


class Fields(BaseModel):
    """Which fields of a record are what. A path with dots reaches into objects; lists give all their values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str | None = None
    text: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @field_validator("text", "names", "codes", "keywords", mode="before")
    @classmethod
    def _several(cls, given: Any) -> Any:
        """One name stands for a list of one, and nothing for none."""
        return () if given is None else (given,) if isinstance(given, str) else given


@dataclass(frozen=True)
class Query:
    id: str
    text: str
    relevant: Mapping[str, float]


def definition(fields: Fields) -> IndexDefinition:
    return IndexDefinition(
        name="collection",
        texts=(
            Text(TITLE, title=True, highlight=True, semantic=0.45),
            Text(BODY, highlight=True, semantic=0.55),
            Text(NAMES, analysis=Analysis.NAMES),
            Text(CODES, analysis=Analysis.CODES),
            Text(TOPICS),
        ),
        keywords=tuple(Keyword(path) for path in fields.keywords),
    )


def document(record: Mapping[str, Any], fields: Fields, number: int) -> Document:
    def values(paths: Sequence[str]) -> list[str]:
        return [value for path in paths for value in reach(record, path)]

    keywords = {path: reach(record, path) for path in fields.keywords}
    return Document(
        id=number,
        version=1,
        texts={
            TITLE: values([fields.title] if fields.title else []),
            BODY: values(fields.text),
            NAMES: values(fields.names),
            CODES: values(fields.codes),
            TOPICS: [value for each in keywords.values() for value in each],
        },
        keywords=keywords,
    )


def reach(record: Any, path: str) -> list[str]:
    """The texts at a path."""
    found = [record]
    for step in [path] if isinstance(record, Mapping) and path in record else path.split("."):
        found = [each[step] for each in _flat(found) if isinstance(each, Mapping) and step in each]
    return [str(value) for value in _flat(found) if value not in (None, "") and not isinstance(value, Mapping)]


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        else:
            yield value


def read_records(path: Path) -> list[dict[str, Any]]:
    """Records of a .jsonl, .json or .csv file, gzipped or not."""
    try:
        with _opened(path) as file:
            records = _parsed(file, path.name.removesuffix(".gz"))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error, json.JSONDecodeError, RecursionError) as error:
        raise click.ClickException(f"{path.name} cannot be read: {error}") from error
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise click.ClickException(f"{path.name}, record {number}: expected an object.")
    return records


def _parsed(file: TextIO, name: str) -> list[dict[str, Any]]:
    if name.endswith(".csv"):
        csv.field_size_limit(_LONGEST_FIELD)
        header = file.readline()
        file.seek(0)
        return list(csv.DictReader(file, delimiter=max(_DELIMITERS, key=header.count), restkey=_BEYOND))
    if name.endswith(".json"):
        content = json.load(file)
        return list(content.values()) if isinstance(content, dict) else content if isinstance(content, list) else [content]
    return [_record(line, name, number) for number, line in enumerate(file, 1) if line.strip()]


def _record(line: str, name: str, number: int) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise click.ClickException(f"{name}, line {number}: {error}") from error


def unique(records: Sequence[Mapping[str, Any]], fields: Fields) -> list[Mapping[str, Any]]:
    """The first record of each id. Raises ClickException where a mapping names what no record has."""
    named = [fields.id, *([fields.title] if fields.title else []), *fields.text, *fields.names, *fields.codes, *fields.keywords]
    for path in named:
        if records and not any(reach(record, path) for record in records):
            raise click.ClickException(f"No record has the field {path}; the fields are {', '.join(records[0])}.")
    first: dict[str, Mapping[str, Any]] = {}
    for number, record in enumerate(records):
        first.setdefault(next(iter(reach(record, fields.id)), f"record {number}"), record)
    return list(first.values())


def _opened(path: Path) -> TextIO:
    return gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig", newline="")


def read_queries(path: Path) -> list[Query]:
    found = []
    for number, record in enumerate(read_records(path), 1):
        relevant = record.get("relevant")
        if not isinstance(record.get("query"), str) or not isinstance(relevant, dict | list):
            raise click.ClickException(f'{path.name}, record {number}: expected {{"qid": …, "query": text, "relevant": {{id: grade}}}}.')
        graded = relevant if isinstance(relevant, dict) else dict.fromkeys(map(str, relevant), 1)
        try:
            found.append(Query(str(record.get("qid", number)), record["query"], {str(id): float(grade) for id, grade in graded.items()}))
        except (TypeError, ValueError) as error:
            raise click.ClickException(f"{path.name}, record {number}: a grade is no number: {error}") from error
    return found


def read_ids(path: Path) -> set[str]:
    """Ids from a JSON list, an object that holds one, or lines."""
    with _opened(path) as file:
        text = file.read()
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        return set(text.split())
    lists = [content] if isinstance(content, list) else [each for each in content.values() if isinstance(each, list)]
    return {str(id) for each in lists for id in each}


def read_fields(path: Path) -> Fields:
    try:
        return Fields.model_validate(yaml.safe_load(path.read_text()))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path.name} is no mapping: {error}") from error


# Usual names, as `_plain` writes them.
_GUESSES: Mapping[str, Sequence[str]] = {
    "id": ("id", "docid", "slug", "courseid", "readableid", "key", "number", "courseurl", "url"),
    "title": ("title", "coursetitle", "name", "coursename", "headline"),
    "names": ("instructors", "instructor", "authors", "author", "people", "incharge"),
    "codes": ("coursenumber", "coursenumbers", "number", "numbers", "coursecode", "code", "readableid", "oldnumber"),
    "keywords": ("topics", "subjects", "subject", "departments", "department", "tags"),
}
_NO_TEXT = ("url", "_id", "date", "time", "price", "rating", "image", "lang")


def guess_fields(records: Sequence[Mapping[str, Any]], listed: set[str]) -> Fields:
    """A mapping by the usual names. `listed` are ids that the judgments use: the field that has them is the id."""
    present = list(dict.fromkeys(name for record in records[:200] for name in record if name))
    held = {name: len(listed & {str(record.get(name)) for record in records}) for name in present}
    id = max(present, key=held.__getitem__, default="") if any(held.values()) else next(iter(_usual("id", present)), "")
    if not id:
        raise click.ClickException(f"Which field is the id? Give a mapping; the fields are {', '.join(present)}.")
    others = [name for name in present if name != id]
    title = next(iter(_usual("title", others)), None)
    chosen = {kind: tuple(_usual(kind, others)) for kind in ("names", "codes", "keywords")}
    taken = {title, *(name for names in chosen.values() for name in names)}
    text = tuple(name for name in others if name not in taken and _is_prose(name, records))
    return Fields(id=id, title=title, text=text, **chosen)


def _usual(kind: str, present: Sequence[str]) -> Iterator[str]:
    """Those of the names that are usual for a kind, the most usual first."""
    for usual in _GUESSES[kind]:
        yield from (name for name in present if _plain(name) == usual)


def _plain(name: str) -> str:
    """Without case, spaces and lines between words."""
    return re.sub(r"[\W_]+", "", name).lower()


def _is_prose(name: str, records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a field holds text for people: words with spaces between them, in most records that have it."""
    if any(part in name.lower() for part in _NO_TEXT):
        return False
    values = [" ".join(reach(record, name)) for record in records[:200]]
    filled = [value for value in values if value]
    return bool(filled) and sum(value.count(" ") >= 3 for value in filled) > len(filled) / 2
