"""A resource as it is told to people in words, made of its published body. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf.locale import LANG_INFO

from .facts import Json
from .vocabulary import Availability, Delivery, RelationType, ResourceType

DEEPEST = 2  # programs within programs
PARTS = (RelationType.PROGRAM_COURSES, RelationType.PROGRAM_PROGRAMS)
ON_SITE = {Delivery.IN_PERSON, Delivery.HYBRID}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True)
class Told:
    """The document of a resource, parsed: its body, and the places of its parts."""

    body: Json
    children: list[Json]


def display_info(told: Told, parts: Mapping[int, Told], now: datetime) -> Json:
    """The display payload of one resource. `parts` holds its courses and programs, and theirs."""
    body = told.body
    runs = offered_runs(body, now)
    identical = runs_identical(runs)
    program = body["resource_type"] == ResourceType.PROGRAM
    return {
        "id": body["id"],
        "title": body["title"],
        "description": body["description"] or "",
        "full_description": body["full_description"],
        "url": body["url"] or "",
        "free": body["free"],
        "topics": [topic["name"] for topic in body["topics"]],
        "price": price(body["resource_prices"], body["free"]) if identical else None,
        "extra_price_info": certificate_price(body) if identical else None,
        "certification": body["certification_type"]["name"] if body["certification"] else None,
        "instructors": _distinct(name for run in runs for name in _instructors(run)) or None,
        "runs": None if identical else [_run(run, body["free"]) for run in runs],
        "offered_by": body["offered_by"]["name"] if body["offered_by"] else None,
        "languages": [language_name(code) for code in body["languages"] or []] or None,
        "levels": _distinct(level["name"] for run in runs for level in run["level"]) or None,
        "departments": [_department(department) for department in body["departments"]],
        "platform": body["platform"]["name"] if body["platform"] else None,
        "number_of_courses": body["program"]["course_count"] if program else None,
        "number_of_programs": body["program"]["program_count"] if program else None,
        "program_courses": _parts(told, parts) if program else None,
        "location": _location(body) if identical else None,
        "starts": starts(body, now),
        "format_type": [delivery["name"] for delivery in body["delivery"]] or None,
        "as_taught_in": as_taught_in(body),
        "duration": duration(body),
    }


def offered_runs(body: Json, now: datetime) -> list[Json]:
    """The best run and those that are still to start."""
    return [run for run in body["runs"] if run["id"] == body["best_run_id"] or (run["start_date"] and _day(run) >= now)]


def runs_identical(runs: Iterable[Json]) -> bool:
    """Whether one line tells price and place of all runs: they cost the same, have one delivery and, on site, one location."""
    told = {
        (
            tuple((price["amount"], price["currency"]) for price in run["resource_prices"]),
            tuple(sorted(delivery["code"] for delivery in run["delivery"])),
            run["location"] if ON_SITE & {delivery["code"] for delivery in run["delivery"]} else "",
        )
        for run in runs
    }
    return len(told) <= 1 and all(len(deliveries) <= 1 for _, deliveries, _ in told)


def money(amount: str, currency: str) -> str:
    """$1,250 or 99.50 CHF: whole amounts without decimals."""
    value = Decimal(amount)
    figure = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return f"{SYMBOLS[currency]}{figure}" if currency in SYMBOLS else f"{figure} {currency}"


def _range(prices: list[Json]) -> str | None:
    if not prices:
        return None
    least, most = (money(each["amount"], each["currency"]) for each in (prices[0], prices[-1]))
    return least if least == most else f"{least} – {most}"


def price(prices: list[Json], free: bool) -> str | None:
    """What it costs to take part; prices come least first."""
    return "Free" if free else _range(prices)


def certificate_price(body: Json) -> str | None:
    """What the certificate of a free course costs."""
    paid = [each for each in body["resource_prices"] if Decimal(each["amount"])]
    return f"Certificate: {_range(paid)}" if body["free"] and body["certification"] and paid else None


def starts(body: Json, now: datetime) -> list[str] | None:
    """Days on which one can begin: of the coming runs, else of the best one."""
    if body["availability"] == Availability.ANYTIME:
        return ["Anytime"]
    runs = [run for run in offered_runs(body, now) if run["start_date"]]
    days = [day for day in map(_day, runs) if day >= now] or [_day(run) for run in runs]
    return _distinct(day_name(day) for day in sorted(days)) or None


def as_taught_in(body: Json) -> list[str] | None:
    """The terms in which a course that is there at any time was held."""
    if body["availability"] != Availability.ANYTIME:
        return None
    return _distinct(term for run in body["runs"] if (term := _term(run))) or None


def _day(run: Json) -> datetime:
    return datetime.fromisoformat(run["start_date"])


def day_name(day: datetime) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def duration(offering: Json) -> str | None:
    """In the words of the source, else counted in weeks."""
    least, most = offering["min_weeks"], offering["max_weeks"]
    if offering["duration"] or not (least or most):
        return offering["duration"] or None
    weeks = f"{least}–{most}" if least and most and least != most else str(least or most)
    return f"{weeks} week" + ("" if weeks == "1" else "s")


def language_name(code: str) -> str:
    """English for en and en-us; a code that is not known stays as it is."""
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.lower().split("-")[0]) or {}
    return str(known.get("name", code))


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _instructors(run: Json) -> list[str]:
    return [person["full_name"] for person in run["instructors"]]


def _run(run: Json, free: bool) -> Json:
    return {
        "code": run["run_id"],
        "name": run["title"],
        "location": run["location"],
        "start_date": day_name(_day(run)) if run["start_date"] else "",
        "instructors": _instructors(run),
        "duration": duration(run) or "",
        "price": price(run["resource_prices"], free) or "",
        "format": [delivery["name"] for delivery in run["delivery"]],
    }


def _term(run: Json) -> str:
    return " ".join(str(part) for part in (run["semester"], run["year"]) if part)


def _department(department: Json) -> str:
    return f"{department['name']} ({department['school']['name']})" if department["school"] else str(department["name"])


def _location(body: Json) -> str | None:
    return body["location"] or None if ON_SITE & {delivery["code"] for delivery in body["delivery"]} else None


def _parts(program: Told, parts: Mapping[int, Told], depth: int = 1) -> list[Json]:
    """Courses and programs of a program, those of its programs after each."""
    told: list[Json] = []
    for child in program.children:
        part = parts.get(child["child"])
        if part and child["relation_type"] in PARTS:
            told.append(_part(part.body, None if depth == 1 else program.body["title"]))
            told += _parts(part, parts, depth + 1) if depth < DEEPEST else []
    return told


def _part(part: Json, parent_program: str | None) -> Json:
    summary = {name: part[name] for name in ("title", "readable_id", "resource_type")}
    summary |= {"description": part["description"] or "", "topics": [topic["name"] for topic in part["topics"]]}
    return summary | ({"parent_program": parent_program} if parent_program else {})
