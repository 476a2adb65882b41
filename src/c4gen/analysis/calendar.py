"""A week of scheduled jobs per outside system: how many begin in each hour, and which begin in the same minute."""

import re
from collections import defaultdict
from dataclasses import dataclass

from c4gen.model.facts import Facts, Schedule

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEK = 7 * 24 * 60  # minutes
_NAMES = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}


@dataclass(frozen=True)
class Collision:
    """Jobs that begin in one minute against one system; `minute` counts from Monday 00:00. Often means more than once a day."""

    system: str
    minute: int
    jobs: tuple[str, ...]
    times: int

    @property
    def when(self) -> str:
        return f"{DAYS[self.minute // 1440]} {self.minute % 1440 // 60:02d}:{self.minute % 60:02d}"


@dataclass(frozen=True)
class Week:
    system: str
    hours: tuple[int, ...]  # 168 counts of starts
    jobs: tuple[str, ...]


@dataclass(frozen=True)
class Calendar:
    weeks: tuple[Week, ...]
    collisions: tuple[Collision, ...]
    unknown: tuple[Schedule, ...]  # whose cadence is no value


def calendar(facts: Facts) -> Calendar:
    starts = {schedule: minutes_of(schedule.cadence) for schedule in facts.schedules}
    by_system: dict[str, dict[Schedule, frozenset[int]]] = defaultdict(dict)
    systems = {node.id: node.system or node.id for node in facts.nodes}
    for schedule, minutes in starts.items():
        for edge in facts.edges:
            if (
                minutes
                and f"task: {schedule.task}" in edge.triggers
                and systems.get(edge.target, edge.target) != systems.get(edge.source, edge.source)
            ):
                by_system[edge.target][schedule] = minutes
    weeks = [_week(system, jobs) for system, jobs in sorted(by_system.items())]
    collisions = [found for system, jobs in sorted(by_system.items()) for found in _collisions(system, jobs)]
    return Calendar(tuple(weeks), tuple(collisions), tuple(schedule for schedule, minutes in starts.items() if minutes is None))


def _week(system: str, jobs: dict[Schedule, frozenset[int]]) -> Week:
    hours = [0] * 168
    for minutes in jobs.values():
        for minute in minutes:
            hours[minute // 60] += 1
    return Week(system, tuple(hours), tuple(sorted(schedule.name for schedule in jobs)))


def _collisions(system: str, jobs: dict[Schedule, frozenset[int]]) -> list[Collision]:
    """Only jobs at set times can meet: those that run every few seconds drift."""
    at: dict[int, list[str]] = defaultdict(list)
    for schedule, minutes in jobs.items():
        if schedule.cadence.startswith("cron"):
            for minute in minutes:
                at[minute].append(schedule.name)
    met: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for minute, names in at.items():
        if len(names) > 1:
            met[tuple(sorted(names))].append(minute)
    return [Collision(system, min(minutes), names, len(minutes)) for names, minutes in sorted(met.items())]


def minutes_of(cadence: str) -> frozenset[int] | None:
    """The minutes of a week, from Monday 00:00, in which a cadence begins; None when it is no value. Days of months are taken as every day."""
    if match := re.fullmatch(r"every (\d+(?:\.\d+)?) s", cadence):
        step = max(1, int(float(match[1]) // 60))
        return frozenset(range(0, WEEK, step))
    if not cadence.startswith("cron: "):
        return None
    fields = cadence.removeprefix("cron: ").split()
    if len(fields) != 5:
        return None
    minutes, hours, days = field_values(fields[0], 0, 59), field_values(fields[1], 0, 23), field_values(fields[4], 0, 7)
    if minutes is None or hours is None or days is None:
        return None
    return frozenset(
        ((day - 1) % 7) * 1440 + hour * 60 + minute for day in {day % 7 for day in days} for hour in hours for minute in minutes
    )


def field_values(text: str, least: int, most: int) -> frozenset[int] | None:
    """The values of a field of cron; None when it is malformed or open."""
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        try:
            begin = least if span == "*" else _NAMES[first[:3]] if first[:3] in _NAMES else int(first)
            last = last or first
            end = most if span == "*" or (step and not dash) else _NAMES[last[:3]] if last[:3] in _NAMES else int(last)
            stride = int(step or 1)
        except ValueError:
            return None
        if stride < 1 or not least <= begin <= most or not least <= end <= most:
            return None
        found.update(range(begin, end + 1, stride) if begin <= end else [*range(begin, most + 1, stride), *range(least, end + 1, stride)])
    return frozenset(found)
