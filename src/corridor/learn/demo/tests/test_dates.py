"""Dates follow the day of loading."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.learn.demo import calendar, rules

from .cast import TODAY, raw_records, records

DATES = ("start_date", "end_date", "enrollment_start", "enrollment_end")


def test_fetching_twice_in_a_week_gives_the_same_bytes() -> None:
    sunday = TODAY + timedelta(days=4)
    assert [json.dumps(each) for each in raw_records(TODAY).items()] == [json.dumps(each) for each in raw_records(sunday).items()]


def test_ten_weeks_later_every_dated_run_is_ten_weeks_later() -> None:
    now, later = raw_records(TODAY), raw_records(TODAY + timedelta(weeks=10))
    moved = 0
    for identity, data in now.items():
        assert [run["run_id"] for run in data.get("runs", [])] == [run["run_id"] for run in later[identity].get("runs", [])]
        for run, same in zip(data.get("runs", []), later[identity].get("runs", []), strict=True):
            for name in DATES if "semester" not in run else ():
                days = datetime.fromisoformat(same[name]).date() - datetime.fromisoformat(run[name]).date()
                assert days == timedelta(weeks=10), (identity, name)
                moved += 1
    assert moved > 500


def test_a_year_later_every_past_term_is_a_year_later() -> None:
    now, later = raw_records(TODAY), raw_records(TODAY.replace(year=TODAY.year + 1))
    terms = [(run, same) for key in now for run, same in zip(now[key].get("runs", []), later[key].get("runs", []), strict=True)]
    years = {same["year"] - run["year"] for run, same in terms if "year" in run}
    assert years == {1}


def test_days_begin_at_midnight_where_northmere_is() -> None:
    moments = [getattr(run, name) for record in records() for run in record.runs for name in DATES]
    assert {moment.astimezone(calendar.ZONE).time().isoformat() for moment in moments if moment} == {"00:00:00"}


def test_enrollment_lies_within_reach_of_its_run() -> None:
    for record in records():
        for run in record.runs:
            if run.start_date and run.end_date and run.enrollment_start and run.enrollment_end:
                assert run.enrollment_start < run.start_date <= run.end_date, run.run_id
                assert run.enrollment_start < run.enrollment_end <= run.end_date, run.run_id


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_day_zero_is_the_monday_of_the_week(now: datetime) -> None:
    day_zero = calendar.monday(now)
    assert day_zero.weekday() == 0
    assert timedelta(0) <= now.astimezone(calendar.ZONE).date() - day_zero < timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Fall 1", ("Fall", 2030, "2030-09-01T00:00:00-04:00")), ("Winter 2", ("Winter", 2029, "2029-01-08T00:00:00-05:00"))],
)
def test_terms_are_counted_back_from_this_year(text: str, expected: tuple[str, int, str]) -> None:
    assert calendar.term(date(2031, 3, 10), text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {}),
        (1, {"duration": "1 week", "min_weeks": 1, "max_weeks": 1}),
        ([4, 6], {"duration": "4-6 weeks", "min_weeks": 4, "max_weeks": 6}),
        ([5, 5], {"duration": "5 weeks", "min_weeks": 5, "max_weeks": 5}),
    ],
)
def test_lengths_are_said_in_words_and_numbers(value: int | list[int] | None, expected: dict[str, object]) -> None:
    assert rules.span("duration", "weeks", "week", value) == expected


@pytest.mark.parametrize(("text", "expected"), [("2:58", "PT2M58S"), ("42:05", "PT42M5S"), ("1:02:30", "PT1H2M30S")])
def test_play_times_become_iso_8601(text: str, expected: str) -> None:
    assert rules.iso_length(text) == expected
