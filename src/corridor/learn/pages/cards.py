"""A resource as a card: what lists of them show. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

import orjson
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from corridor.learn.catalog.facts import Json
from corridor.learn.discovery.index import plain
from corridor.search import Hit

from .addresses import resource_path
from .telling import Fact, facts

PLAIN_TONE = "plain"
SUMMARY = 180


@dataclass(frozen=True)
class Card:
    id: int
    kind: str  # code of the resource type
    label: str  # the kind in words, and the number of a course
    title: SafeString
    path: str
    by: str
    tone: str  # names the colour of its subject
    summary: SafeString
    facts: list[Fact]
    next_start: datetime | None


def card(body: Json, now: datetime, highlights: Mapping[str, str] | None = None) -> Card:
    """`highlights` are of a hit: HTML with nothing in it but marks."""
    marked = highlights or {}
    snippet = marked.get("description") or marked.get("full_description")
    return Card(
        id=body["id"],
        kind=body["resource_type"],
        label=" ".join([body["resource_category"], *_numbers(body)[:1]]),
        title=mark_safe(marked.get("title") or escape(body["title"])),  # noqa: S308 escaped by the search
        path=resource_path(body["id"], body["title"]),
        by=body["offered_by"]["name"] if body["offered_by"] else "",
        tone=tone(body),
        summary=mark_safe(snippet or escape(summary(body))),  # noqa: S308 likewise
        facts=facts(body, now),
        next_start=datetime.fromisoformat(body["next_start_date"]) if body["next_start_date"] else None,
    )


def cards(bodies: Iterable[bytes], now: datetime) -> list[Card]:
    return [card(orjson.loads(body), now) for body in bodies]


def cards_of_hits(hits: Iterable[Hit], now: datetime) -> list[Card]:
    return [card(orjson.loads(hit.body), now, hit.highlights) for hit in hits]


def summary(body: Json, length: int = SUMMARY) -> str:
    """The beginning of the description, as text."""
    return shorten(plain(body["description"] or body["full_description"]), length, placeholder=" …")


def _numbers(body: Json) -> list[str]:
    return [number["value"] for number in (body.get("course") or {}).get("course_numbers", [])]


def tone(body: Json) -> str:
    """The icon of the first subject that has one stands for its colour, too."""
    subjects = sorted(body["topics"], key=lambda topic: topic["parent"] is not None)
    return next((topic["icon"] for topic in subjects if topic["icon"]), PLAIN_TONE)
