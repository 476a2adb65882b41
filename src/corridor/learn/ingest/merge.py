"""Which records of several sources are one resource, and what that resource then is. Pure.

Records are one when they name the same thing by identity, by address, by course key, or by course number together with
title and unit; never by title alone, never two of one source, never across a barrier that staff set.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import combinations
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

Json = dict[str, Any]
Name = tuple[str, str]  # a source and the key of one of its records
Barriers = frozenset[frozenset[Name]]

RULES = ("identity", "url", "course", "number")  # the surest first
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|referrer|src|source|cm_\w+|_ga", re.IGNORECASE)
_COURSE_KEY = re.compile(r"(?:course-v1:|course:)?([\w.-]+)\+([\w.~-]+?)(?:\+([\w.~-]+))?", re.IGNORECASE)
_OLD_COURSE_KEY = re.compile(r"([\w.-]+)/([\w.~-]+)/([\w.~-]+)")
_LONGEST_KEY = 240


# --- what a record may have in common with another


def identity(platform: str, resource_type: str, readable_id: str) -> str:
    """What other records name a resource by."""
    return f"{platform}|{resource_type}|{readable_id}"


def identity_of(record: Json) -> str:
    return identity(record["platform"], record["resource_type"], record["readable_id"])


def match_keys(record: Json, edx_platforms: Collection[str] = ()) -> list[str]:
    """`rule:value` for each way in which the record can be recognised. Only records that share one are compared."""
    kind = record["resource_type"]
    keys = [f"identity:{identity_of(record)}"]
    if address := canonical_url(record.get("url", "")):
        keys.append(f"url:{kind}|{address}")
    if record["platform"] in edx_platforms:
        keys += sorted({f"course:{kind}|{key}" for name in _names(record) if (key := course_key(name))})
    if unit := record.get("offered_by"):
        title = folded_title(record["title"])
        keys += sorted(f"number:{kind}|{unit}|{number}|{title}" for number in course_numbers(record))
    return [key if len(key) <= _LONGEST_KEY else f"{key.partition(':')[0]}:{kind}|{_digest(key)}" for key in keys]


def canonical_url(address: str) -> str:
    """An address without scheme, www, port, trailing slash, tracking parameters and fragment; "" for a bare host, which names no page."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    except ValueError:
        return ""
    path = re.sub(r"/+", "/", unquote(parts.path)).rstrip("/")
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name)))
    if not host or not (path or query):
        return ""
    return f"{host}{port}{path}?{query}" if query else f"{host}{port}{path}"


def course_key(name: str) -> str:
    """Organization and number, in small letters, of an Open edX course or run key; "" for other names."""
    match = _COURSE_KEY.fullmatch(name.strip()) or _OLD_COURSE_KEY.fullmatch(name.strip())
    return f"{match[1]}+{match[2]}".casefold() if match else ""


def folded_title(title: str) -> str:
    """A title as it is compared: without case, accents' encodings, punctuation."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold()))


def folded_number(number: str) -> str:
    """A course number as it is compared; 6.042J is 6.042 listed jointly."""
    return re.sub(r"(?<=\d)j$", "", re.sub(r"[\s_-]+", "", number.casefold()))


def course_numbers(record: Json) -> frozenset[str]:
    numbers = record.get("details", {}).get("course_numbers", ())
    return frozenset(folded for number in numbers if (folded := folded_number(number["value"])))


def terms(record: Json) -> frozenset[tuple[int, str]]:
    """The terms of the record's runs: year and semester, which may be empty."""
    found = set()
    for run in record.get("runs", ()):
        year = run.get("year") or run.get("start_date", "")[:4]
        if year:
            found.add((int(year), run.get("semester", "").casefold()))
    return frozenset(found)


def _names(record: Json) -> Iterator[str]:
    yield record["readable_id"]
    yield from (run["run_id"] for run in record.get("runs", ()))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


# --- which records are one


@dataclass(frozen=True)
class Listed:
    """A record as matching sees it."""

    id: int
    source: str
    key: str
    precedence: int  # lower is believed
    keys: tuple[str, ...]
    record: Json = field(repr=False, compare=False)
    digest: str = ""

    @property
    def name(self) -> Name:
        return self.source, self.key

    @property
    def trust(self) -> tuple[bool, int, str, str]:
        """Sorts the most trusted first: published ones, then by precedence."""
        return not self.record.get("published", True), self.precedence, self.source, self.key


@dataclass(frozen=True)
class Join:
    """Why a record is in a group."""

    rule: str
    evidence: str


@dataclass(frozen=True)
class _Tie:
    """Two records that share a key."""

    rule: str
    key: str
    one: Listed
    other: Listed


@dataclass
class Group:
    """Records of one resource, the most trusted first."""

    members: list[Listed]
    ties: list[_Tie] = field(default_factory=list)

    @property
    def identity(self) -> str:
        return identity_of(self.members[0].record)

    @property
    def joins(self) -> dict[int, Join]:
        """Why each record but the first is here, by record id: what ties it to the first, directly or by way of others."""
        found: dict[int, Join] = {}
        reached = {self.members[0].id}
        while waiting := [tie for tie in self.ties if (tie.one.id in reached) != (tie.other.id in reached)]:
            tie = waiting[0]
            known, new = (tie.one, tie.other) if tie.one.id in reached else (tie.other, tie.one)
            found[new.id] = Join(tie.rule, f"{tie.key.partition(':')[2]} as in {known.source}: {known.key}")
            reached.add(new.id)
        return found


def partition(records: Iterable[Listed], barriers: Barriers = frozenset()) -> list[Group]:
    """The records in groups of one resource each. The order of the records plays no part."""
    listed = sorted(records, key=lambda each: each.trust)
    groups = {each.id: Group([each]) for each in listed}
    for tie in _ties(listed):
        first, second = groups[tie.one.id], groups[tie.other.id]
        if first is not second and _may_be_one(first, second, barriers) and not contradicts(tie.rule, tie.one.record, tie.other.record):
            first.members += second.members
            first.ties += [*second.ties, tie]
            groups |= {each.id: first for each in second.members}
    distinct = list({id(group): group for group in groups.values()}.values())
    for group in distinct:
        group.members.sort(key=lambda each: each.trust)
    return distinct


def _ties(listed: Sequence[Listed]) -> Iterator[_Tie]:
    """Records of different sources that share a key, by the surest rule first. A key that a source gives twice tells nothing."""
    holders: defaultdict[str, list[Listed]] = defaultdict(list)
    for each in listed:
        for key in each.keys:
            holders[key].append(each)
    shared = {key: held for key, held in holders.items() if len(held) > 1 and len({each.source for each in held}) == len(held)}
    for key in sorted(shared, key=lambda key: (RULES.index(key.partition(":")[0]), key)):
        for one, other in combinations(shared[key], 2):
            yield _Tie(key.partition(":")[0], key, one, other)


def _may_be_one(first: Group, second: Group, barriers: Barriers) -> bool:
    if {each.source for each in first.members} & {each.source for each in second.members}:
        return False
    return not barriers or not any(frozenset((a.name, b.name)) in barriers for a in first.members for b in second.members)


def contradicts(rule: str, one: Json, other: Json) -> bool:
    """Whether two records that share a key say that they are different things after all."""
    if rule == "number":
        return _terms_apart(terms(one), terms(other))
    if rule == "url":
        numbers = course_numbers(one), course_numbers(other)
        apart = bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])
        return apart and folded_title(one["title"]) != folded_title(other["title"])
    return False


def _terms_apart(one: frozenset[tuple[int, str]], other: frozenset[tuple[int, str]]) -> bool:
    if not one or not other:
        return False
    return not any(
        year == another and ("" in (semester, second) or semester == second) for year, semester in one for another, second in other
    )


# --- what the resource is then


@dataclass(frozen=True)
class Merged:
    record: Json
    origin: Mapping[str, int]  # field: position of the record that it was taken from


# Said of a record or run as a whole: taken from the most trusted, also where it says so by saying nothing.
_OF_THE_FIRST = frozenset({"key", "readable_id", "resource_type", "platform", "published", "test_mode"})


def combine(records: Sequence[Json]) -> Merged:
    """One record of several, the most trusted first: blanks are filled from the next, runs are united by their ids."""
    merged, origin = dict(records[0]), dict.fromkeys(records[0], 0)
    for position, record in enumerate(records[1:], 1):
        for name in record.keys() - merged.keys() - _OF_THE_FIRST:
            merged[name], origin[name] = record[name], position
    if len(records) > 1:
        details = [record["details"] for record in records if "details" in record]
        merged |= {"details": _filled(details)} if details else {}
        merged |= {"runs": runs} if (runs := _united_runs(records)) else {}
    return Merged(merged, origin)


def _filled(parts: Sequence[Json]) -> Json:
    """The first part, its blanks filled from those that follow."""
    filled = dict(parts[0])
    for part in parts[1:]:
        filled |= {name: part[name] for name in part.keys() - filled.keys() - _OF_THE_FIRST}
    return filled


def _united_runs(records: Sequence[Json]) -> list[Json]:
    """Runs of all records, those of the same id in one; also those that name the same term, no dates, and nothing else in it."""
    united: defaultdict[str, list[Json]] = defaultdict(list)
    for record in records:
        runs = record.get("runs", ())
        own, before, here = {run["run_id"] for run in runs}, _by_term(parts[0] for parts in united.values()), _by_term(runs)
        twins = {name: before[term] for term, name in here.items() if term in before and before[term] not in own and name not in united}
        for run in runs:
            united[twins.get(run["run_id"], run["run_id"])].append(run)
    return [_filled(runs) for runs in united.values()]


def _by_term(runs: Iterable[Json]) -> dict[tuple[int, str], str]:
    """Ids of undated runs by year and semester, of terms that have one alone."""
    names: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for run in runs:
        if run.get("year") and run.get("semester"):
            names[run["year"], run["semester"].casefold()].append("" if run.get("start_date") else run["run_id"])
    return {term: found[0] for term, found in names.items() if len(found) == 1 and found[0]}
