"""The invented catalogue in ../fixture, and what becomes of it."""

from pathlib import Path

import pytest

from corridor.learn.sources.tests.reading import Outcome, amounts, read
from corridor.learn.sources.xpro.source import Xpro

FIXTURE = Path(__file__).parents[1] / "fixture"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return read(Xpro(address=str(FIXTURE)), tmp_path_factory.mktemp("store"))


def test_unknown_platforms_and_formats_are_refused_by_name(outcome: Outcome) -> None:
    assert outcome.kinds() == {"course": 2, "program": 1}
    assert list(outcome.rejected.values()) == [
        "platform 'Somewhere Else' is not one that xPRO is known to use",
        "format 'By post' is no known way of delivery",
    ]


def test_a_course_is_professional_and_gives_credits(outcome: Outcome) -> None:
    course = outcome.records["course:course-v1:xPRO+FAC1"]
    assert (course.professional, course.certification_type, str(course.continuing_ed_credits)) == (True, "professional", "1.25")
    assert course.topics == ("Manufacturing", "Operations")
    assert course.url == "https://xpro.mit.edu/courses/course-v1:xPRO+FAC1/"
    assert (course.min_weeks, course.min_weekly_hours, course.max_weekly_hours) == (3, 5, 7)
    assert amounts(course.runs[0]) == ["1299 USD"]


def test_only_what_has_a_price_is_published(outcome: Outcome) -> None:
    assert [run.published for run in outcome.records["course:course-v1:xPRO+FAC1"].runs] == [True, False]
    assert not outcome.records["course:course-v1:xPRO+FAC2"].published


def test_partners_have_platforms_of_their_own(outcome: Outcome) -> None:
    course = outcome.records["course:course-v1:xPRO+FAC2"]
    assert (course.platform, course.offered_by, course.delivery) == ("globalalumni", "xpro", ("hybrid",))
    program = outcome.records["program:program-v1:xPRO+FAC"]
    assert [(child.readable_id, child.platform) for child in program.children or ()] == [
        ("course-v1:xPRO+FAC1", "xpro"),
        ("course-v1:xPRO+FAC2", "globalalumni"),
    ]
    assert [instructor.full_name for instructor in program.runs[0].instructors] == ["Maya Lindqvist"]
