"""One raw record made into what is stored of it, or the reason why it cannot be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from corridor.learn.catalog import details
from corridor.learn.catalog.errors import DetailsInvalid
from corridor.learn.catalog.vocabulary import ResourceType

from . import merge
from .cleaning import storable
from .merge import Json
from .records import ResourceRecord
from .source import RawRecord, Rejected, Skip, Source

RECORDS_REVISION = 2  # raised when records.py or this file change what they make of the same mapping
LARGEST_RECORD = 64 * 2**20
LONGEST_KEY = 1024  # bytes
NUL = b"\\u0000"
_READABLE = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


class Refused(Exception):
    """A record that goes to quarantine; the message is the reason that people read."""


@dataclass(frozen=True)
class Reference:
    """What records may name: codes of platforms, offerors and departments."""

    platforms: frozenset[str]
    edx_platforms: frozenset[str]
    offerors: frozenset[str]
    departments: Mapping[str, str]  # ids by id and by folded name
    brought: bool = False  # the source brings what it names


@dataclass(frozen=True)
class Mapped:
    """A record as it is staged."""

    key: str
    raw_digest: str
    digest: str
    record: Json
    identity: str
    match_keys: list[str]
    part_identities: list[str]
    unknown_departments: tuple[str, ...] = field(default=(), compare=False)


def raw_digest(source: Source, raw: RawRecord) -> str:
    """Changes when the raw record or what would be made of it may have changed. Raises Refused for what is no data."""
    if not raw.key.strip() or "\0" in raw.key or len(raw.key.encode(errors="replace")) > LONGEST_KEY:
        raise Refused(f"the key is empty, longer than {LONGEST_KEY} bytes or not text")
    try:
        content = orjson.dumps([RECORDS_REVISION, source.mapping_revision, raw.kind, raw.data], default=str, option=_READABLE)
    except orjson.JSONEncodeError as error:
        raise Refused(f"the record is no plain data: {error}") from None
    if len(content) > LARGEST_RECORD:
        raise Refused(f"the record has {len(content) // 2**20} MB; {LARGEST_RECORD // 2**20} are allowed")
    return blake2b(content, digest_size=16).hexdigest()


def mapped(source: Source, raw: RawRecord, digest: str, reference: Reference) -> Mapped:
    """The record that the source makes of it. Raises Skip for what is not wanted, Refused for what cannot be used."""
    record = _record(source, raw)
    if not reference.brought:
        _check_codes(record, reference)
    stored, unknown = _stored(record, reference)
    content = orjson.dumps(stored, option=orjson.OPT_SORT_KEYS)
    if NUL in content:  # PostgreSQL keeps none
        stored = storable(stored)
    return Mapped(
        key=raw.key,
        raw_digest=digest,
        digest=blake2b(content, digest_size=16).hexdigest(),
        record=stored,
        identity=merge.identity_of(stored),
        match_keys=merge.match_keys(stored, reference.edx_platforms),
        part_identities=part_identities(stored),
        unknown_departments=unknown,
    )


def _record(source: Source, raw: RawRecord) -> ResourceRecord:
    try:
        return source.map(raw)
    except Skip:
        raise
    except Rejected as error:
        raise Refused(str(error)) from None
    except ValidationError as error:
        raise Refused(sentence(error)) from None
    except Exception as error:  # a mapping's own mistake must not take the other records along
        raise Refused(f"the mapping failed with {type(error).__name__}: {error}") from error


def sentence(error: ValidationError) -> str:
    """What is wrong with which fields, in words."""
    faults = [f"{'.'.join(map(str, each['loc'])) or 'the record'}: {_fault(each)}" for each in error.errors()]
    more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
    return "; ".join(faults[:5]) + more


def _fault(error: ErrorDetails) -> str:
    if error["type"] in ("too_short", "string_too_short") and error.get("ctx", {}).get("min_length") == 1:
        return "is empty"
    if error["type"] == "too_long" and isinstance(error["input"], str):
        return f"is longer than {error['ctx']['max_length']} characters"
    return "is missing" if error["type"] == "missing" else error["msg"].removeprefix("Value error, ")


def _check_codes(record: ResourceRecord, reference: Reference) -> None:
    for what, code, known in (("platform", record.platform, reference.platforms), ("offeror", record.offered_by, reference.offerors)):
        if code and code not in known:
            raise Refused(
                f"the {what} {code!r} is not in the reference data: add it to {what}s.yaml of a folder, run `corridor reference load FOLDER`, and run the source again"
            )


def _stored(record: ResourceRecord, reference: Reference) -> tuple[Json, tuple[str, ...]]:
    """The fields that say something, and the departments that are none of ours."""
    stored = record.model_dump(mode="json", exclude_defaults=True)
    stored.pop("key", None)
    known, unknown = _departments(record.departments, reference.departments)
    _keep(stored, "departments", known)
    _keep(stored, "details", _details(record, reference.departments))
    for name, key in _DISTINCT.items():
        if name in stored:
            stored[name] = _distinct(stored[name], key)
    stored.pop("course_numbers", None)
    return stored, unknown


# What identifies the parts of a record; of two with the same the first counts.
_DISTINCT = {
    "runs": ("run_id",),
    "children": ("resource_type", "readable_id", "platform", "relation_type"),
    "content_files": ("run_id", "key"),
}


def _distinct(parts: list[Json], key: tuple[str, ...]) -> list[Json]:
    found: dict[tuple[Any, ...], Json] = {}
    for part in parts:
        found.setdefault(tuple(part.get(name, "") for name in key), part)
    return list(found.values())


def _keep(stored: Json, name: str, value: Collection[Any]) -> None:
    if value:
        stored[name] = value
    else:
        stored.pop(name, None)


def _departments(names: Collection[str], known: Mapping[str, str]) -> tuple[list[str], tuple[str, ...]]:
    found = {name: known.get(name) or known.get(folded(name)) for name in names}
    return sorted({id for id in found.values() if id}), tuple(name for name, id in found.items() if not id)


def _details(record: ResourceRecord, departments: Mapping[str, str]) -> Json:
    """What only one type has, as the catalogue shapes it, without what says nothing."""
    given = dict(record.details)
    if record.course_numbers and record.resource_type == ResourceType.COURSE:
        given["course_numbers"] = [
            {"value": number.value, "listing_type": number.listing_type, "department": departments.get(number.department)}
            for number in record.course_numbers
        ]
    if not given:
        return {}
    try:
        shaped = details.shaped(record.resource_type, given)
    except DetailsInvalid as error:
        raise Refused(str(error)) from None
    return {name: value for name, value in shaped.items() if value not in (None, "", [])}


def part_identities(record: Json) -> list[str]:
    """Identities of the resources that a record names: its children, and what was made of its files."""
    platform = record["platform"]
    children = {
        merge.identity(child.get("platform") or platform, child["resource_type"], child["readable_id"])
        for child in record.get("children", ())
    }
    made = {
        merge.identity(platform, kind, file["direct_resource"])
        for file in record.get("content_files", ())
        if file.get("direct_resource")
        for kind in (ResourceType.DOCUMENT.value, ResourceType.VIDEO.value)
    }
    return sorted(children | made)


def folded(name: str) -> str:
    """A department's name as it is compared."""
    return " ".join(name.split()).casefold()
