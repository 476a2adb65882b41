"""What a course of the stand-in holds: two short units with a question each, the same for every key, and what answers are worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from . import catalogue
from .models import Course, Enrollment, Learner

PASS_MARK = 0.5


@dataclass(frozen=True)
class Unit:
    title: str
    text: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    right: int


UNITS = (
    Unit(
        "How a lock lifts a boat",
        (
            "A boat that goes uphill enters a chamber between two gates. Behind it the lower gate shuts; water runs in from above "
            "through openings in the upper gate, and the boat rises with it.",
            "When the water inside stands as high as that outside, nothing presses on the upper gate any more, and it can be opened by hand.",
        ),
        "When can the upper gate be opened?",
        ("As soon as the boat is inside", "When the water stands level on both sides", "When the chamber is empty"),
        1,
    ),
    Unit(
        "What the water costs",
        (
            "Each time a boat passes, one chamber full of water goes down the canal. A reservoir at the highest stretch makes up for it.",
            "Two boats that pass in turn, one up and one down, share the water of one filling.",
        ),
        "How do two boats use least water?",
        ("One goes up and then one goes down", "Both go up, one after the other", "Both wait for rain"),
        0,
    ),
)


def course_of(key: str) -> Course:
    """The course of any key; with title and dates as Corridor tells them when it is named for the first time, else with some."""
    known = Course.objects.filter(key=key).first()
    return known or Course.objects.get_or_create(key=key, defaults=catalogue.told_of(key) or _invented(key))[0]


def _invented(key: str) -> dict[str, Any]:
    number = key.split("+")[1] if key.count("+") >= 2 else key
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return {"title": f"Canals and locks ({number})", "start": today - timedelta(days=30), "enrollment_start": today - timedelta(days=60)}


def percent(answers: Mapping[int, int]) -> float:
    """The share of units answered rightly."""
    return sum(answers.get(number) == unit.right for number, unit in enumerate(UNITS)) / len(UNITS)


def grade_of(enrollment: Enrollment) -> tuple[float, bool, str]:
    """The share, whether that passes, and the letter, which Open edX leaves out of a failing grade."""
    reached = percent(dict(enrollment.answers.values_list("unit", "choice")))
    passed = reached >= PASS_MARK
    return reached, passed, "Pass" if passed else ""


def enrolled(learner: Learner | None, course: Course) -> Enrollment | None:
    return Enrollment.objects.filter(learner=learner, course=course, is_active=True).first() if learner else None
