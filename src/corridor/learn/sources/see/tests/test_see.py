"""The invented catalogue in ../fixture, and what becomes of it."""

import shutil
from pathlib import Path

import pytest

from corridor.learn.ingest.source import Gap
from corridor.learn.sources.see.source import Sloan
from corridor.learn.sources.tests.reading import Outcome, amounts, read

FIXTURE = Path(__file__).parents[1] / "fixture"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return read(Sloan(address=str(FIXTURE)), tmp_path_factory.mktemp("store"))


def test_courses_are_joined_with_their_offerings(outcome: Outcome) -> None:
    assert {key: [run.run_id for run in record.runs] for key, record in outcome.records.items()} == {
        "course:a01": ["MER 7-8-2031", "MER 1-14-2031"],
        "course:a02": ["FOR FY31"],
    }
    assert outcome.skipped == {"course:a03": "it has no offering", "offering:LOST 1-1-2031": "an offering of a course that is not listed"}
    assert outcome.rejected == {"course:a04": "delivery 'Carrier Pigeon' of PIG 1-1-2031 is not known"}


def test_days_begin_in_cambridge(outcome: Outcome) -> None:
    dates = [(run.start_date and run.start_date.isoformat()) for run in outcome.records["course:a01"].runs]
    assert dates == ["2031-07-08T00:00:00-04:00", "2031-01-14T00:00:00-05:00"]  # summer and winter time


def test_hours_of_a_day_count_for_the_days_that_there_are(outcome: Outcome) -> None:
    run = outcome.run("MER 7-8-2031")
    assert (run.min_weeks, run.min_weekly_hours, run.max_weekly_hours) == (1, 21, 24)  # 7-8 hours on 3 days


def test_hours_alone_are_spread_over_the_whole(outcome: Outcome) -> None:
    run = outcome.run("FOR FY31")
    assert (run.min_weeks, run.min_weekly_hours, run.max_weekly_hours) == (6, 1, 1)  # 6 hours in 30 days


def test_a_course_is_what_its_offerings_are(outcome: Outcome) -> None:
    course = outcome.records["course:a01"]
    assert (course.availability, course.delivery, course.location) == ("dated", ("hybrid", "in_person"), "Cambridge, MA")
    assert (course.format, course.pace) == (("asynchronous", "synchronous"), ("instructor_paced",))
    assert course.topics == ("Leadership & Organizations", "Strategy")
    assert str(course.continuing_ed_credits) == "2.0"
    on_demand = outcome.records["course:a02"]
    assert (on_demand.availability, on_demand.pace, on_demand.topics) == ("anytime", ("self_paced",), ())


def test_prices_keep_their_currency(outcome: Outcome) -> None:
    assert [amounts(run) for run in outcome.records["course:a01"].runs] == [["4500 USD"], ["5000 CHF"]]


def test_a_comma_before_junior_parts_no_names(outcome: Outcome) -> None:
    assert [person.full_name for person in outcome.run("MER 7-8-2031").instructors] == ["Ruth Amsel", "John Doe Jr.", "Lee Wong"]


def test_courses_without_any_offering_listed_are_left_as_they_were(tmp_path: Path) -> None:
    shutil.copy(FIXTURE / "courses.json", tmp_path)
    outcome = read(Sloan(address=str(tmp_path)), tmp_path / "store")
    assert (outcome.records, outcome.skipped) == ({}, {})
    assert Gap("", "no offerings are listed") in outcome.gaps
