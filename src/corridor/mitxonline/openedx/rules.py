"""Names in the courseware, what refusals mean, and what learners are told. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LONGEST_USERNAME = 30
SHORTEST_USERNAME = 2
NOT_ALLOWED = re.compile(r"[^A-Za-z0-9._+-]+")
MOST_REFUSALS = 5
FAKE = "fake"
LOOK_BACK = timedelta(days=31)


@dataclass(frozen=True)
class Confirmed:
    """What the courseware says that it has; `emails` is None where nobody could tell it."""

    mode: str
    active: bool
    emails: bool | None = None


def is_fake(run_tag: str) -> bool:
    """Of a run that exists here alone."""
    return run_tag.startswith(FAKE)


def username_from(name: str, email: str) -> str:
    """What a person would like to be called in the courseware: their name, else what stands before the @ of their address."""
    for text in (name, email.partition("@")[0]):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        candidate = NOT_ALLOWED.sub("_", plain).strip("_.-+")[:LONGEST_USERNAME]
        if len(candidate) >= SHORTEST_USERNAME:
            return candidate
    return "learner"


def with_number(username: str, number: int) -> str:
    """The same name with a number, cut so that both fit."""
    ending = f"_{number}"
    return username[: LONGEST_USERNAME - len(ending)] + ending


def alternatives(desired: str, suggested: Iterable[str], taken: Collection[str], numbers: Iterable[int]) -> Iterator[str]:
    """Other names to try: those that the courseware suggests, then ours with numbers; none that somebody here has."""
    for name in (*suggested, *(with_number(desired, number) for number in numbers)):
        if SHORTEST_USERNAME <= len(name) <= LONGEST_USERNAME and name.casefold() not in taken:
            yield name


def has_address_taken(refusal: Mapping[str, Any]) -> bool:
    """Of an answer 409 to a registration."""
    return "email" in refusal or "email" in str(refusal.get("error_code", ""))


def has_name_taken(refusal: Mapping[str, Any]) -> bool:
    return "username" in refusal or "username" in str(refusal.get("error_code", ""))


def is_passing(status: int) -> bool:
    """Whether an error of this status may be gone the next time."""
    return status in (401, 408, 425, 429) or status >= 500 or status == 0


def is_delivered(active: bool, mode: str, confirmed: Confirmed | None) -> bool:
    """Whether the courseware has what is so here. Of an ended enrollment the mode does not matter, nor whether there ever was one."""
    if not active:
        return confirmed is None or not confirmed.active
    return confirmed is not None and confirmed.active and confirmed.mode == mode


def wants_grades(available: datetime | None, now: datetime) -> bool:
    """Whether grades of a run may still change: until a month after certificates are given."""
    return available is None or available > now - LOOK_BACK


EDUCATION = {
    "Doctorate": "p",
    "Master's or professional degree": "m",
    "Bachelor's degree": "b",
    "Associate degree": "a",
    "Secondary/high school": "hs",
    "Junior secondary/junior high/middle school": "jhs",
    "Elementary/primary school": "el",
    "No formal education": "none",
    "Other education": "other",
}
GENDERS = {"m": "m", "f": "f", "t": "o", "nb": "o", "o": "o"}
