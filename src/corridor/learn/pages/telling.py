"""What pages say of a resource, in words, made of its published body. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from corridor.learn.catalog import display
from corridor.learn.catalog.facts import Json
from corridor.learn.catalog.vocabulary import Availability, CertificationType, ResourceType

OFFERED = (ResourceType.COURSE, ResourceType.PROGRAM)
_PLAY_TIME = re.compile(r"P(?:T)?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
COUNTS: dict[str, tuple[str, str]] = {
    ResourceType.PROGRAM: ("course_count", "course"),
    ResourceType.LEARNING_PATH: ("item_count", "item"),
    ResourceType.PODCAST: ("episode_count", "episode"),
    ResourceType.VIDEO_PLAYLIST: ("video_count", "video"),
}


@dataclass(frozen=True)
class Fact:
    """A short thing to know, beside a sign."""

    icon: str
    text: str


def facts(body: Json, now: datetime) -> list[Fact]:
    """What is told on a card: when, how long, what it costs and what one gets for it."""
    return list(_facts(body, now))


def _facts(body: Json, now: datetime) -> Iterator[Fact]:
    offered = body["resource_type"] in OFFERED
    if offered and (begins := beginning(body, now)):
        yield Fact("calendar", begins)
    if lasts := length(body):
        yield Fact("clock", lasts)
    if offered and (price := display.price(body["resource_prices"], body["free"])):
        yield Fact("price", price)
    if body["certification_type"]["code"] != CertificationType.NONE:
        yield Fact("award", body["certification_type"]["name"])


def beginning(body: Json, now: datetime) -> str | None:
    """When one can begin, or when it was last held."""
    if body["next_start_date"]:
        return f"Starts {display.day_name(datetime.fromisoformat(body['next_start_date']))}"
    if body["availability"] == Availability.ANYTIME:
        return "Start any time"
    best: Json = next((run for run in body["runs"] if run["id"] == body["best_run_id"]), {})
    if best.get("end_date") and datetime.fromisoformat(best["end_date"]) > now:
        return f"Under way until {display.day_name(datetime.fromisoformat(best['end_date']))}"
    if best.get("start_date"):
        return f"Last held in {datetime.fromisoformat(best['start_date']):%B %Y}"
    return None


def length(body: Json) -> str | None:
    """How long it takes, or how much there is of it."""
    kind = body["resource_type"]
    if kind in COUNTS:
        field, noun = COUNTS[kind]
        number = body[kind][field]
        return f"{number} {noun}{'' if number == 1 else 's'}" if number else None
    played = (body.get(kind) or {}).get("duration") if kind in (ResourceType.VIDEO, ResourceType.PODCAST_EPISODE) else None
    return play_time(played) if played else display.duration(body)


def play_time(written: str) -> str | None:
    """1 h 5 min for PT1H4M40S; None for what is no duration."""
    found = _PLAY_TIME.fullmatch(written)
    if not found or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    minutes = round(timedelta(hours=hours, minutes=minutes, seconds=seconds).total_seconds() / 60) or 1
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def effort(offering: Json) -> str | None:
    """Hours of work a week."""
    least, most = offering["min_weekly_hours"], offering["max_weekly_hours"]
    if offering["time_commitment"] or not (least or most):
        return offering["time_commitment"] or None
    return f"{least}–{most} hours a week" if least and most and least != most else f"{least or most} hours a week"


# --- runs


@dataclass(frozen=True)
class RunRow:
    """A run as a line of the table of runs."""

    dates: str
    state: str
    open: bool
    past: bool
    price: str
    format: str
    location: str
    instructors: list[str]
    url: str | None


def run_rows(body: Json, now: datetime) -> list[RunRow]:
    """Runs, those to come and under way first, the last past ones after them."""
    rows = [(_run_row(run, body["free"], now), run["start_date"] or "") for run in body["runs"]]
    coming = sorted((each for each in rows if not each[0].past), key=lambda each: each[1])
    past = sorted((each for each in rows if each[0].past), key=lambda each: each[1], reverse=True)
    return [row for row, _ in [*coming, *past]]


def _run_row(run: Json, free: bool, now: datetime) -> RunRow:
    start, end = _moment(run["start_date"]), _moment(run["end_date"])
    state, is_open = _state(run, now)
    term = " ".join(str(part) for part in (run["semester"], run["year"]) if part)
    return RunRow(
        dates=_dates(start, end) if run["availability"] != Availability.ANYTIME else term or "Any time",
        state=state,
        open=is_open,
        past=bool(end and end < now),
        price=display.price(run["resource_prices"], free) or "",
        format=", ".join(delivery["name"] for delivery in run["delivery"]),
        location=run["location"],
        instructors=[person["full_name"] for person in run["instructors"]],
        url=run["url"],
    )


def _state(run: Json, now: datetime) -> tuple[str, bool]:
    """Whether one can enrol, in words and as a flag."""
    opens, closes, end = _moment(run["enrollment_start"]), _moment(run["enrollment_end"]), _moment(run["end_date"])
    if end and end < now:
        return "Ended", False
    if closes and closes < now:
        return "Enrolment closed", False
    if opens and opens > now:
        return f"Enrolment opens {display.day_name(opens)}", False
    return "Open for enrolment", True


def _dates(start: datetime | None, end: datetime | None) -> str:
    if start and end:
        return f"{display.day_name(start)} – {display.day_name(end)}"
    return f"From {display.day_name(start)}" if start else "Dates to be announced"


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
