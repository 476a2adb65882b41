"""What follows from the facts of resources and their runs: which run counts, dates, prices, kinds, ages, numbers. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from .vocabulary import Delivery, Format, Pace, RelationType, ResourceType, ResourceTypeGroup

FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Price:
    amount: Decimal
    currency: str = "USD"


class RunFacts(Protocol):
    """What the rules ask of a run."""

    @property
    def id(self) -> int: ...
    @property
    def published(self) -> bool: ...
    @property
    def is_variant(self) -> bool: ...
    @property
    def start_date(self) -> datetime | None: ...
    @property
    def end_date(self) -> datetime | None: ...
    @property
    def enrollment_start(self) -> datetime | None: ...
    @property
    def enrollment_end(self) -> datetime | None: ...
    @property
    def semester(self) -> str: ...
    @property
    def year(self) -> int | None: ...


R = TypeVar("R", bound=RunFacts)


# --- runs and the time of day


def public_runs(runs: Iterable[R]) -> list[R]:
    """Published runs that are no variant, by start, then opening of enrollment, then id; unknown dates come last."""
    return sorted((run for run in runs if run.published and not run.is_variant), key=_date_order)


def _date_order(run: RunFacts) -> tuple[datetime, datetime, int]:
    return run.start_date or FAR, run.enrollment_start or FAR, run.id


def is_enrollable(run: RunFacts, now: datetime) -> bool:
    """Whether enrollment has opened and not closed. The run's own dates stand in for missing ones of enrollment."""
    opens, closes = run.enrollment_start or run.start_date, run.enrollment_end or run.end_date
    return opens is not None and closes is not None and opens <= now < closes


def best_run(runs: Iterable[R], now: datetime) -> R | None:
    """The one run that cards, pages and search tell of.

    The first to start of those open for enrollment, a missing date counting as now; else the next to start; else the last
    that started; else the first there is.
    """
    public = public_runs(runs)
    if enrollable := [run for run in public if is_enrollable(run, now)]:
        return min(enrollable, key=lambda run: (run.start_date or now, run.end_date or now))
    dated = [(run.start_date, run) for run in public if run.start_date]
    if upcoming := [run for start, run in dated if start >= now]:
        return upcoming[0]
    if dated:
        return max(dated, key=lambda pair: pair[0])[1]
    return public[0] if public else None


def next_run(runs: Iterable[R], now: datetime) -> R | None:
    """The public run that starts soonest after now."""
    return next((run for run in public_runs(runs) if run.start_date and run.start_date > now), None)


def next_start_date(runs: Iterable[RunFacts], now: datetime) -> datetime | None:
    """When one can begin with the next run: its start, or the opening of its enrollment if that is later."""
    run = next_run(runs, now)
    return max(date for date in (run.start_date, run.enrollment_start) if date) if run else None


def next_change(runs: Iterable[RunFacts], now: datetime) -> datetime | None:
    """The moment up to which every answer above stays as it is at `now`."""
    dates = (
        date
        for run in public_runs(runs)
        for date in (run.start_date, run.end_date, run.enrollment_start, run.enrollment_end)
        if date and date >= now
    )
    return min(dates, default=None)


# What is told of the best run in place of the resource; the fields of a row belong together.
RUN_DEPENDENT = (
    ("availability",),
    ("location",),
    ("duration", "min_weeks", "max_weeks"),
    ("time_commitment", "min_weekly_hours", "max_weekly_hours"),
)


def run_dependent(own: object, best: object) -> dict[str, Any]:
    """The RUN_DEPENDENT fields: the best run's where it knows them, else the resource's own."""
    values: dict[str, Any] = {}
    for fields in RUN_DEPENDENT:
        known = {name: getattr(best, name) for name in fields}
        values |= known if any(value not in (None, "") for value in known.values()) else {name: getattr(own, name) for name in fields}
    return values


# --- prices


def shown_prices(prices: Iterable[Price], certification: bool) -> tuple[Price, ...]:
    """Prices to tell, least first. What one would pay for a certificate is not told where none is to be had."""
    known = tuple(sorted(set(prices), key=lambda price: (price.amount, price.currency)))
    return () if not certification and any(price.amount == 0 for price in known) else known


def is_free(resource_type: str, professional: bool, prices: Collection[Price]) -> bool:
    """Whether it can be had for nothing: all materials, and courses and programs that are not professional and cost nothing."""
    if resource_type not in (ResourceType.COURSE, ResourceType.PROGRAM):
        return True
    return not professional and (not prices or any(price.amount == 0 for price in prices))


# --- kinds


def resource_category(resource_type: str, given: str = "") -> str:
    """The word that people read: what the source calls it, else the type's own."""
    return given or str(ResourceType(resource_type).label)


def resource_type_group(resource_type: str, category: str) -> ResourceTypeGroup:
    """A program shown as a course counts as a course; what is neither course nor program is learning material."""
    if resource_type not in (ResourceType.COURSE, ResourceType.PROGRAM):
        return ResourceTypeGroup.LEARNING_MATERIAL
    shown = category.lower()
    return ResourceTypeGroup(shown if shown in (ResourceTypeGroup.COURSE, ResourceTypeGroup.PROGRAM) else resource_type)


MODES: dict[str, str] = {"delivery": Delivery.ONLINE, "pace": Pace.SELF_PACED, "format": Format.ASYNCHRONOUS}


def modes(field: str, own: Collection[str], of_runs: Iterable[Collection[str]]) -> list[str]:
    """Delivery, pace or format of a resource: its own, else all that its runs have, else the usual one."""
    return sorted(set(own) or {mode for run in of_runs for mode in run}) or [MODES[field]]


CANONICAL_RELATION = {
    ResourceType.PODCAST_EPISODE: RelationType.PODCAST_EPISODES,
    ResourceType.VIDEO: RelationType.PLAYLIST_VIDEOS,
}


def canonical_parents(resource_type: str, parents: Iterable[tuple[int, str]]) -> list[int]:
    """Of the parents (id, relation type), those that are part of the resource's address: an episode's podcasts, a video's playlists."""
    wanted = CANONICAL_RELATION.get(ResourceType(resource_type))
    return sorted(id for id, relation in parents if wanted and relation == wanted)


# --- completeness and age


def completeness(course_number: str, *, videos: int, notes: int, exams: int, problem_sets: int) -> float:
    """How much of a course is there, 0 to 1: its lecture videos and notes of 24, exams of 1, problem sets of 10.

    Courses made for independent learners (numbers ending in SC) are complete.
    """
    if course_number.upper().endswith("SC"):
        return 1.0
    parts = ((0.4, videos, 24), (0.2, notes, 24), (0.2, exams, 1), (0.2, problem_sets, 10))
    return round(sum(weight * min(count / full, 1) for weight, count, full in parts), 4)


TERM_MONTHS = {"fall": 9, "spring": 3, "january iap": 1, "summer": 6}
STALE_YEAR = 2010
LEAST_COMPLETENESS = 0.5


def run_date(run: RunFacts) -> datetime | None:
    """When a run was held: its start, else the first of its term's first month."""
    if run.start_date or not run.year:
        return run.start_date
    return datetime(run.year, TERM_MONTHS.get(run.semester.lower(), 1), 1, tzinfo=UTC)


def age_date(resource_type: str, last_modified: datetime | None, runs: Iterable[RunFacts], now: datetime) -> datetime | None:
    """Since when a resource ages: a material's last change, a past course's last run. Programs and coming courses do not age."""
    if resource_type not in (ResourceType.COURSE, ResourceType.PROGRAM):
        return last_modified
    public = public_runs(runs)
    if resource_type == ResourceType.PROGRAM or next_run(public, now):
        return None
    return max((date for date in map(run_date, public) if date), default=None)


def is_incomplete_or_stale(age: datetime | None, completeness: float) -> bool:
    return completeness < LEAST_COMPLETENESS or (age is not None and age.year <= STALE_YEAR)


# --- course numbers


def sort_coursenum(number: str) -> str:
    """A key in which course numbers sort as people count: the first number in it has two digits at least, 6.001 → 06.001."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(2), number.strip().upper(), count=1)
