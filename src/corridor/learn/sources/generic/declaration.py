"""The file that declares a catalogue: where it is, what it is called, and how its rows become records."""

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from celery.schedules import ParseException, crontab
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from corridor.learn.ingest.errors import MappingInvalid
from corridor.learn.ingest.mapping import sentence
from corridor.learn.ingest.records import ResourceRecord, RunRecord

from .expressions import Pattern, Source, Table

_ELSEWHERE = {"key", "platform", "offered_by", "details", "runs", "children", "content_files"}
RECORD_FIELDS = frozenset(ResourceRecord.model_fields) - _ELSEWHERE | {"old_numbers"}
RUN_FIELDS = frozenset(RunRecord.model_fields) | {"term"}


def _fields_of(known: frozenset[str]) -> AfterValidator:
    def check(given: dict[str, Any]) -> dict[str, Any]:
        if unknown := sorted(given.keys() - known):
            raise ValueError(f"there is no field {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return given

    return AfterValidator(check)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone") from None
    return name


def _encoding(name: str) -> str:
    try:
        "x".encode(name)
    except LookupError:
        raise ValueError(f"{name!r} is no encoding of text") from None
    return name


def _cron(text: str) -> str:
    try:
        _ = text and crontab.from_string(text)
    except (ValueError, TypeError, ParseException):
        raise ValueError(f"{text!r} is no schedule; it takes the five fields of cron, such as `30 5 * * *`") from None
    return text


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """A platform or offeror, made under this name if the reference data do not have it."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=12)]
    name: str = ""


class Lookup(Part):
    """Rows of another file that belong to a row: those with the same value in a column."""

    file: str
    by: str  # a column of both files
    its: str = ""  # the column of the other file, where it is called differently


class Grouping(Part):
    """Rows that are one record together: those with the same value. The first speaks for them; all are listed in a column."""

    by: Source
    into: str = "rows"


class Runs(Part):
    """Runs in a list of the row; without `each`, one run of the row itself."""

    each: str = ""
    fields: Annotated[dict[str, Source], _fields_of(RUN_FIELDS)]


class Children(Part):
    each: str
    readable_id: Source
    resource_type: str = "course"
    relation_type: str = "PROGRAM_COURSES"
    platform: str = ""


class Unwanted(Part):
    """Rows that are left out: those whose value is there, or matches."""

    value: Source
    matches: Pattern = ""
    why: str


class Declaration(Part):
    source: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    name: Annotated[str, StringConstraints(min_length=1)]
    file: str = ""  # a name or pattern below the address: "courses-*.csv"
    address: str = ""  # a file, folder, S3 prefix or web address; relative ones are relative to this file
    format: Literal["jsonl", "json", "csv", ""] = ""  # empty: by the file's name
    items: str = ""  # of json: the path of the list
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"  # of csv
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    precedence: int = 100
    schedule: Annotated[str, AfterValidator(_cron)] = ""  # five fields of cron, UTC; empty: by hand only
    complete: bool = True
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"  # of dates without one
    nothing: tuple[str, ...] = ()  # texts that say nothing, beside "", null, none, nan and n/a
    platform: Named
    offered_by: Named | None = None
    tables: dict[str, Table] = Field(default_factory=dict)
    join: dict[str, Lookup] = Field(default_factory=dict)
    group: Grouping | None = None
    unwanted: tuple[Unwanted, ...] = ()
    key: Source
    record: Annotated[dict[str, Source], _fields_of(RECORD_FIELDS)]
    runs: Runs | None = None
    children: Children | None = None


def load(path: Path) -> tuple[Declaration, str]:
    """A declaration and its revision, which is another one when anything in the file changes. Raises MappingInvalid."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MappingInvalid(f"{path} cannot be read: {error.strerror}") from None
    return parse(content, str(path)), blake2b(content, digest_size=8).hexdigest()


def parse(content: bytes, where: str) -> Declaration:
    try:
        data: Mapping[str, Any] = yaml.load(content, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MappingInvalid(f"{where} is no YAML: {' '.join(str(error).split())}") from None
    try:
        return Declaration.model_validate(data)
    except ValidationError as error:
        raise MappingInvalid(f"{where}: {sentence(error)}") from None
