"""The index of learning resources: what is searched, filtered, counted and sorted, and how a document becomes an entry of it. Pure.

Names of filters and orders are those of the published API.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from html import unescape
from typing import Any

import orjson

from corridor.learn.catalog.facts import Json
from corridor.learn.catalog.vocabulary import Level, ResourceType, ResourceTypeGroup
from corridor.search import Document, IndexDefinition, Keyword, Sort, Text
from corridor.search.definition import Analysis

TYPE_HINTS = {
    **dict.fromkeys(("course", "courses", "class", "classes"), ResourceType.COURSE),
    **dict.fromkeys(("program", "programs", "programme", "programmes"), ResourceType.PROGRAM),
    **dict.fromkeys(("learning path", "learning paths"), ResourceType.LEARNING_PATH),
    **dict.fromkeys(("podcast", "podcasts"), ResourceType.PODCAST),
    **dict.fromkeys(("episode", "episodes", "podcast episode", "podcast episodes"), ResourceType.PODCAST_EPISODE),
    **dict.fromkeys(("video", "videos"), ResourceType.VIDEO),
    **dict.fromkeys(("playlist", "playlists"), ResourceType.VIDEO_PLAYLIST),
}
LEVEL_HINTS = {
    **dict.fromkeys(("introductory", "beginner", "beginners", "beginning", "intro"), Level.INTRODUCTORY),
    "intermediate": Level.INTERMEDIATE,
    "advanced": Level.ADVANCED,
    "undergraduate": Level.UNDERGRADUATE,
    "graduate": Level.GRADUATE,
    "high school": Level.HIGH_SCHOOL,
}

RESOURCES = IndexDefinition(
    name="resources",
    texts=(
        Text("title", title=True, highlight=True, semantic=0.45),
        Text("description", highlight=True, semantic=0.3),
        Text("topics", semantic=0.05),
        Text("full_description", highlight=True, semantic=0.2),
        # What a readable id spells out is in the title, in better words: it is found as a code, not by its words.
        Text("numbers", weight=0.9, analysis=Analysis.CODES),
        Text("instructors", weight=1.2, analysis=Analysis.NAMES),
        Text("names"),
        Text("features"),
        Text("terms", weight=0.5),
        Text("children", weight=0.4),
        Text("transcript", weight=0.3),
    ),
    keywords=(
        Keyword("id", facet=False),
        Keyword("readable_id", facet=False),
        Keyword("resource_type", labels=dict(ResourceType.choices), hints=TYPE_HINTS),
        Keyword("resource_type_group", labels=dict(ResourceTypeGroup.choices)),
        Keyword("resource_category"),
        Keyword("offered_by"),
        Keyword("platform"),
        Keyword("topic", fold=True),
        Keyword("ocw_topic", fold=True),
        Keyword("department"),
        Keyword("level", labels=dict(Level.choices), hints=LEVEL_HINTS),
        Keyword("course_feature", fold=True),
        Keyword("delivery"),
        Keyword("certification_type"),
        Keyword("certification", hints={"certificate": "true", "certificates": "true"}),
        Keyword("free", hints={"free": "true"}),
        Keyword("professional"),
        Keyword("language"),
        Keyword("availability"),
        Keyword("pace"),
        Keyword("format"),
        Keyword("url__isnull", facet=False),
        # Single files of courseware, which lists leave out unless they are asked for.
        Keyword("ocw_file", facet=False),
    ),
    sorts=(
        Sort("id", "id"),
        Sort("-id", "id", descending=True),
        Sort("readable_id", "readable_id"),
        Sort("-readable_id", "readable_id", descending=True),
        Sort("last_modified", "last_modified"),
        Sort("-last_modified", "last_modified", descending=True),
        Sort("new", "created_on", descending=True),
        Sort("-new", "created_on"),
        Sort("start_date", "start_date"),
        Sort("-start_date", "start_date", descending=True),
        Sort("mitcoursenumber", "course_number"),
        Sort("-mitcoursenumber", "course_number", descending=True),
        Sort("views", "views"),
        Sort("-views", "views", descending=True),
        Sort("upcoming", "next_start_date"),
        Sort("-upcoming", "next_start_date", descending=True),
        Sort("featured", "featured"),
        Sort("browse", "browse"),
    ),
    browse="browse",
)

# A share of the score is lost to age, for each year and at most, and to what is missing of a course.
LOST_A_YEAR, LOST_TO_AGE, LOST_TO_GAPS = 0.01, 0.15, 0.25
SECONDS_A_YEAR = 365.25 * 24 * 3600
LAST = 10**9
OPEN_TEXTBOOK = "Open Textbook"

_TAG = re.compile(r"<[^>]*>")


def document(id: int, version: int, body: bytes, search: Json, vector: bytes | None = None, *, now: datetime) -> Document:
    """The entry of a resource, from the body and `search` of its ResourceDocument. `now` decides how old it is."""
    told: Json = orjson.loads(body)
    return Document(
        id=id,
        version=version,
        texts=texts(told, search),
        keywords=keywords(told, search),
        sorts=sorts(told, search),
        body=body,
        vector=vector,
        weight=weight(told["completeness"], moment(search.get("age_date")), now),
    )


def texts(body: Json, search: Json) -> dict[str, str | list[str]]:
    description, full = plain(body["description"]), plain(body["full_description"])
    course_numbers = (body.get("course") or {}).get("course_numbers", [])
    numbers = [number["value"] for number in sorted(course_numbers, key=lambda number: number["listing_type"] != "primary")]
    return {
        "title": body["title"],
        "description": "" if full.startswith(description) else description,
        "full_description": full,
        "numbers": _distinct([*numbers, *search["old_numbers"], body["readable_id"]]),
        "instructors": search["instructors"],
        "topics": _distinct([*(topic["name"] for topic in body["topics"]), *search["ocw_topics"]]),
        "names": _distinct(_names(body)),
        "features": _distinct(_features(body)),
        "terms": _distinct(_terms(body)),
        "children": [child["title"] for child in search["children"]],
        "transcript": search["transcript"],
    }


def keywords(body: Json, search: Json) -> dict[str, list[str]]:
    return {
        "id": [str(body["id"])],
        "readable_id": [body["readable_id"]],
        "resource_type": [body["resource_type"]],
        "resource_type_group": [body["resource_type_group"]],
        "resource_category": [body["resource_category"]],
        "offered_by": _codes([body["offered_by"]]),
        "platform": _codes([body["platform"]]),
        "topic": [topic["name"] for topic in body["topics"]],
        "ocw_topic": search["ocw_topics"],
        "department": [department["department_id"] for department in body["departments"]],
        "level": search["levels"],
        "course_feature": body["course_feature"],
        "delivery": _codes(body["delivery"]),
        "certification_type": _codes([body["certification_type"]]),
        "certification": [_flag(body["certification"])],
        "free": [_flag(body["free"])],
        "professional": [_flag(body["professional"])],
        "language": body["languages"] or [],
        "availability": [body["availability"]] if body["availability"] else [],
        "pace": _codes(body["pace"]),
        "format": _codes(body["format"]),
        "url__isnull": [_flag(not body["url"])],
        "ocw_file": [_flag(_is_courseware_file(body))],
    }


def sorts(body: Json, search: Json) -> dict[str, str | float | None]:
    best: Json = next((run for run in body["runs"] if run["id"] == body["best_run_id"]), {})
    created, place = seconds(body["created_on"]), search["featured_position"]
    material = body["resource_type_group"] == ResourceTypeGroup.LEARNING_MATERIAL
    return {
        "id": body["id"],
        "readable_id": body["readable_id"],
        "last_modified": seconds(body["last_modified"]),
        "created_on": created,
        "start_date": seconds(best.get("start_date") or body["next_start_date"]),
        "next_start_date": seconds(body["next_start_date"]),
        "course_number": search["sort_coursenum"] or None,
        "views": body["views"],
        "featured": None if place is None else place + _scatter(body["id"]),
        "browse": _in_turn(LAST if place is None else place, material, search["is_incomplete_or_stale"], LAST * 10 - int(created or 0)),
    }


def weight(completeness: float, age: datetime | None, now: datetime) -> float:
    """What multiplies the score: less for the old and the incomplete, never so little that better words do not make up for it."""
    years = max(0.0, (now - age).total_seconds() / SECONDS_A_YEAR) if age else 0.0
    gaps = 1 - min(max(completeness, 0.0), 1.0)
    return (1 - min(LOST_A_YEAR * years, LOST_TO_AGE)) * (1 - LOST_TO_GAPS * gaps)


def plain(html: str | None) -> str:
    """The text of sanitised HTML, on one line."""
    if not html:
        return ""
    text = unescape(_TAG.sub(" ", html)) if "<" in html or "&" in html else html
    return " ".join(text.split())


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def seconds(written: str | None) -> float | None:
    """A moment as a number to sort by."""
    return datetime.fromisoformat(written).timestamp() if written else None


def _names(body: Json) -> Iterator[str]:
    """Of departments, unit and platform."""
    yield from (department["name"] for department in body["departments"])
    yield from (named["name"] for named in (body["offered_by"], body["platform"]) if named)


def _features(body: Json) -> Iterator[str]:
    yield from body["course_feature"]
    if body["certification"]:
        yield body["certification_type"]["name"]
    yield body["resource_category"]


def _terms(body: Json) -> Iterator[str]:
    """When it was held: `Fall 2016`."""
    for run in body["runs"]:
        if run["semester"] or run["year"]:
            yield " ".join(str(part) for part in (run["semester"], run["year"]) if part)


def _is_courseware_file(body: Json) -> bool:
    platform = body["platform"] or {}
    shown = body["resource_type"] in (ResourceType.COURSE, ResourceType.VIDEO) or body["resource_category"] == OPEN_TEXTBOOK
    return platform.get("code") == "ocw" and not shown


def _codes(named: Iterable[Json | None]) -> list[str]:
    return [each["code"] for each in named if each and each["code"]]


@cache
def _flag(value: bool) -> str:
    return "true" if value else "false"


def _scatter(id: int) -> float:
    """A fraction that tells resources at the same place of several lists apart, without favour to any list."""
    return id * 0.6180339887498949 % 1


def _in_turn(*parts: float) -> str:
    """Numbers as a text that sorts as they do, one after the other."""
    return " ".join(f"{int(part):011d}" for part in parts)


def _distinct(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
