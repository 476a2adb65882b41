"""Courses and programs as rows: what lists of them show. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from html import unescape
from textwrap import shorten

import orjson
from django.utils.html import strip_tags

from . import telling
from .asked import HOME
from .facts import Json
from .rules import course_number
from .telling import Fact
from .vocabulary import DisplayMode

SUMMARY = 180
TONES = ("chip", "leaf", "briefcase", "flask", "people", "quill", "gear", "palette", "book", "heart", "lightbulb")


@dataclass(frozen=True)
class Row:
    kind: str  # names its cover
    id: int
    label: str
    title: str
    path: str  # empty where it has no page
    tone: str
    summary: str
    facts: list[Fact]


def course_path(readable_id: str) -> str:
    return f"{HOME}courses/{readable_id}/"


def program_path(readable_id: str) -> str:
    return f"{HOME}programs/{readable_id}/"


def summary(body: Json, longest: int = SUMMARY) -> str:
    """The beginning of the description, as text."""
    return shorten(unescape(strip_tags(body["page"]["description"] or "")), longest, placeholder=" …")


def tone(body: Json) -> str:
    """Names the colour of its department: the same one everywhere, though not always one of its own."""
    name = next((each["name"] for each in body["departments"]), "")
    return TONES[blake2b(name.encode(), digest_size=1).digest()[0] % len(TONES)]


def live_runs(body: Json) -> list[Json]:
    return [run for run in body["courseruns"] if run["live"]]


def course(body: Json, now: datetime, *, has_page: bool = True) -> Row:
    return Row(
        kind="course",
        id=body["id"],
        label=f"Course {course_number(body['readable_id'])}",
        title=body["title"],
        path=course_path(body["readable_id"]) if has_page else "",
        tone=tone(body),
        summary=summary(body),
        facts=telling.facts(body, live_runs(body), now),
    )


def program(body: Json, *, has_page: bool = True) -> Row:
    """One that is shown as a course says so."""
    return Row(
        kind="program",
        id=body["id"],
        label=program_label(body),
        title=body["title"],
        path=program_path(body["readable_id"]) if has_page else "",
        tone=tone(body),
        summary=summary(body),
        facts=program_facts(body),
    )


def program_label(body: Json) -> str:
    if body["display_mode"] == DisplayMode.COURSE:
        return "Course"
    return " · ".join(filter(None, ["Program", body["program_type"]]))


def program_facts(body: Json) -> list[Fact]:
    told = [("course", extent(body)), ("clock", telling.length(body)), ("award", program_award(body))]
    return [Fact(icon, text) for icon, text in told if text]


def extent(body: Json) -> str:
    """How many courses and programs it names."""
    numbers = {noun: sum(map(len, body["requirements"][f"{noun}s"].values())) for noun in ("course", "program")}
    return ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for noun, number in numbers.items() if number)


def program_award(body: Json) -> str:
    """Kind and price of its certificate, where there is one."""
    if not body["certificate_available"]:
        return ""
    sold = next((each for each in body["products"] if each["is_active"]), None)
    return " ".join(filter(None, [body["certificate_type"], telling.money(sold["price"]) if sold else ""]))


def courses(bodies: Sequence[bytes], now: datetime) -> list[Row]:
    return [course(orjson.loads(body), now) for body in bodies]


def programs(bodies: Sequence[bytes]) -> list[Row]:
    return [program(orjson.loads(body)) for body in bodies]
