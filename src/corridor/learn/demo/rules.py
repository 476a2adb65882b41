"""How an entry of the data files becomes what a ResourceRecord is made of (pure).

An entry is a record with shorthands: `id`, `numbers`, `weeks`, `hours`, `prices` as amounts, `instructors` as handles,
`taught` and `starts` for runs, `courses`, `programs`, `items` and `materials` for children, `parts` for episodes and videos.
Everything else it says is a field of ResourceRecord.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import slugify

from . import calendar

Fields = dict[str, Any]

# Parts that are written within their whole: what they are, and how the two relate.
PARTS = {"podcast": ("podcast_episode", "PODCAST_EPISODES"), "video_playlist": ("video", "PLAYLIST_VIDEOS")}
CHILDREN = {
    "courses": ("course", "PROGRAM_COURSES"),
    "programs": ("program", "PROGRAM_PROGRAMS"),
    "materials": ("document", "COURSE_LEARNING_MATERIALS"),
}
INHERITED = ("topics", "languages", "departments")
SHARED_WITH_RUNS = (
    "languages", "availability", "delivery", "pace", "format", "location", "duration", "time_commitment",
    "min_weeks", "max_weeks", "min_weekly_hours", "max_weekly_hours", "prices", "url",
)  # fmt: skip
SHORTHANDS = {
    "id", "type", "numbers", "old_numbers", "weeks", "hours", "level", "instructors", "taught", "starts", "items", "parts",
    "run_id", "run_days", "enrollment", "released", "length", "transcript", *CHILDREN,
}  # fmt: skip
COURSE_NUMBER = re.compile(r"[A-Z]+\.[0-9A-Za-z]+")
LENGTH = re.compile(r"(?:(\d+):)?(\d+):(\d\d)")


@dataclass(frozen=True)
class Setting:
    """What all entries of a provider have in common."""

    type: str
    defaults: Mapping[str, Fields]  # by resource type
    people: Mapping[str, Fields]
    pages: Mapping[str, Sequence[Fields]]  # by the id of their course
    day_zero: date


def records(entry: Fields, setting: Setting) -> Iterator[Fields]:
    """The record of an entry, and those of the parts written within it."""
    whole = complete(entry, setting)
    yield record(whole, setting)
    for part in parts(whole):
        yield record(complete(part, setting), setting)


def complete(entry: Fields, setting: Setting) -> Fields:
    """The entry with its type, and with what its provider says of all things of that type."""
    kind = entry.get("type", setting.type)
    return {"type": kind, **setting.defaults[kind], **entry}


def parts(whole: Fields) -> list[Fields]:
    if "parts" not in whole:
        return []
    kind, _ = PARTS[whole["type"]]
    inherited = {name: whole[name] for name in INHERITED if name in whole}
    return [{"type": kind, **inherited, **part} for part in whole["parts"]]


def record(entry: Fields, setting: Setting) -> Fields:
    fields = {name: value for name, value in entry.items() if name not in SHORTHANDS}
    fields |= {"key": entry["id"], "readable_id": entry["id"], "resource_type": entry["type"]}
    fields["url"] = entry["url"].format(slug=slugify(entry["title"]), id=slugify(re.sub(r"[.+]", "-", entry["id"])))
    fields |= {
        "certification": fields.get("certification_type", "none") != "none",
        "prices": [price(text) for text in entry.get("prices", [])],
        **span("duration", "weeks", "week", entry.get("weeks")),
        **span("time_commitment", "weekly_hours", "hour", entry.get("hours")),
        **numbers(entry),
        "details": details(entry, fields["url"]),
    }
    if "released" in entry:
        fields["last_modified"] = calendar.moment(setting.day_zero, -entry["released"])
    if entry["type"] in ("course", "program"):
        fields["runs"] = runs(entry, fields, setting)
    if entry["id"] in setting.pages:
        fields["content_files"] = content_files(setting.pages[entry["id"]], fields)
    if linked := children(entry):
        fields["children"] = linked
    return fields


def price(text: str | int | float) -> Fields:
    """An amount in US dollars, or "1200 EUR"."""
    amount, _, currency = str(text).partition(" ")
    return {"amount": amount, "currency": currency or "USD"}


def span(text: str, limits: str, unit: str, value: int | list[int] | None) -> Fields:
    """A length of time in words and in numbers: 6 or [4, 6] of a unit."""
    if value is None:
        return {}
    low, high = value if isinstance(value, list) else (value, value)
    amount = str(low) if low == high else f"{low}-{high}"
    words = f"{amount} {unit}{'' if amount == '1' else 's'}"
    return {text: words if unit == "week" else f"{words} per week", f"min_{limits}": low, f"max_{limits}": high}


def numbers(entry: Fields) -> Fields:
    """Course numbers, the first of them primary, and the departments they begin with."""
    if entry["type"] != "course":
        return {}
    found = COURSE_NUMBER.fullmatch(entry["id"].rpartition("+")[2])
    values = entry.get("numbers", [found.group()] if found else [])
    numbered = [
        {"value": value, "listing_type": "cross-listed" if position else "primary", "department": value.partition(".")[0]}
        for position, value in enumerate(values)
    ]
    return {"course_numbers": numbered, "departments": entry.get("departments", [number["department"] for number in numbered])}


def details(entry: Fields, url: str) -> Fields:
    """What only the entry's type has."""
    said: Fields = dict(entry.get("details", {}))
    match entry["type"]:
        case "course" if "old_numbers" in entry:
            said["old_numbers"] = entry["old_numbers"]
        case "podcast_episode":
            said |= {"audio_url": f"{url}.mp3", "episode_link": url, "duration": iso_length(entry["length"])}
        case "video":
            said |= {"duration": iso_length(entry["length"]), "transcript": entry.get("transcript", "")}
    return said


def iso_length(text: str) -> str:
    """A playing time such as 1:02:30 or 42:10 as ISO 8601 says it."""
    match = LENGTH.fullmatch(text)
    assert match, f"{text} is no length such as 42:10"
    hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return "PT" + (f"{hours}H" if hours else "") + f"{minutes}M{seconds}S"


def runs(entry: Fields, fields: Fields, setting: Setting) -> list[Fields]:
    planned = [*map(taught, entry.get("taught", [])), *map(start, entry.get("starts", []))]
    common = {name: fields[name] for name in SHARED_WITH_RUNS if name in fields}
    common |= {"level": entry.get("level", []), "instructors": [setting.people[handle] for handle in entry.get("instructors", [])]}
    return [run(position, plan, entry, common, setting) for position, plan in enumerate(planned, 1)]


def taught(text: str) -> Fields:
    return {"term": text}


def start(plan: int | Fields) -> Fields:
    return {"start": plan} if isinstance(plan, int) else plan


def run(position: int, plan: Fields, entry: Fields, common: Fields, setting: Setting) -> Fields:
    """One holding: of a past term, or so many days before or after day 0, with what it says otherwise than the course."""
    own = {name: value for name, value in plan.items() if name not in ("term", "start")}
    if "prices" in own:
        own["prices"] = [price(text) for text in own["prices"]]
    dates = term_dates(plan["term"], setting.day_zero) if "term" in plan else run_dates(plan["start"], entry, setting.day_zero)
    return {**common, "run_id": entry["run_id"].format(id=entry["id"], n=position), "title": entry["title"], **dates, **own}


def term_dates(text: str, day_zero: date) -> Fields:
    semester, year, first_day = calendar.term(day_zero, text)
    return {"semester": semester, "year": year, "start_date": first_day}


def run_dates(first: int, entry: Fields, day_zero: date) -> Fields:
    """First and last day of a run and of its enrollment; `run_days` and `enrollment` say how long, counted from the first day."""
    last = entry.get("run_days", 7 * span_end(entry.get("weeks", 1)))
    opens, closes = entry["enrollment"]
    return {
        "start_date": calendar.moment(day_zero, first),
        "end_date": calendar.moment(day_zero, first + last),
        "enrollment_start": calendar.moment(day_zero, first + opens),
        "enrollment_end": calendar.moment(day_zero, first + closes),
    }


def span_end(value: int | list[int]) -> int:
    return value[-1] if isinstance(value, list) else value


def content_files(pages: Sequence[Fields], fields: Fields) -> list[Fields]:
    """The pages of each run of a course: whichever run is the best one on a day, they are found with it."""
    return [
        {"content_type": "page", "run_id": run["run_id"], "url": f"{run['url']}/{page['key']}", "content_title": page["title"], **page}
        for run in fields["runs"]
        for page in pages
    ]


def children(entry: Fields) -> list[Fields]:
    linked = [
        {"readable_id": child, "resource_type": kind, "relation_type": relation}
        for shorthand, (kind, relation) in CHILDREN.items()
        for child in entry.get(shorthand, [])
    ]
    if entry["type"] in PARTS:
        kind, relation = PARTS[entry["type"]]
        linked += [{"readable_id": part["id"], "resource_type": kind, "relation_type": relation} for part in entry["parts"]]
    linked += [{"relation_type": "LEARNING_PATH_ITEMS", **item} for item in entry.get("items", [])]
    return linked
