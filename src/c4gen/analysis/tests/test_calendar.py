"""The week of scheduled jobs, and which begin together."""

import pytest

from c4gen.analysis.calendar import DAYS, Calendar, calendar, field_values, minutes_of
from c4gen.tests.code import facts_of, service

FIELDS = {
    "*": set(range(60)),
    "5": {5},
    "*/15": {0, 15, 30, 45},
    "10-12": {10, 11, 12},
    "50-58/4": {50, 54, 58},
    "58-2": {58, 59, 0, 1, 2},
    "1,2,3": {1, 2, 3},
    "40/10": {40, 50},
    "60": None,
    "a": None,
    "*/0": None,
    "{MINUTE}": None,
}


@pytest.mark.parametrize(("text", "values"), FIELDS.items())
def test_a_field_of_cron(text: str, values: set[int] | None):
    assert field_values(text, 0, 59) == (frozenset(values) if values is not None else None)


@pytest.mark.parametrize(
    ("cadence", "count", "first"),
    [
        ("every 3600 s", 168, 0),
        ("every 5 s", 7 * 24 * 60, 0),
        ("cron: 0 5 * * *", 7, 300),
        ("cron: 30 4 * * mon", 1, 270),
        ("cron: 0 0 * * 0", 1, 6 * 1440),
        ("cron: 0 0 * * 7", 1, 6 * 1440),
        ("cron: 0 5 * * mon-fri", 5, 300),
        ("cron: 0 5 * * sat,sun", 2, 5 * 1440 + 300),
    ],
)
def test_the_minutes_of_a_week(cadence: str, count: int, first: int):
    found = minutes_of(cadence)
    assert found is not None
    assert (len(found), min(found)) == (count, first)


@pytest.mark.parametrize("cadence", ["every {PACE} s", "solar sunset", "cron: 0 5 * *", "cron: x * * * *", ""])
def test_a_cadence_that_is_no_value_is_unknown(cadence: str):
    assert minutes_of(cadence) is None


def week(**cadences: str) -> Calendar:
    """A week of tasks, one for each schedule, that all call the bank."""
    tasks = "".join(f"@shared_task\ndef {name}():\n    client.run()\n" for name in cadences)
    entries = ", ".join(f'"{name}": {{"task": "app.tasks.{name}", "schedule": {cadence}}}' for name, cadence in cadences.items())
    files = service(
        "import requests\ndef run():\n    return requests.get('https://bank.example-bank.com/a')\n",
        f"from celery.schedules import crontab\nCELERY_BEAT_SCHEDULE = {{{entries}}}",
        **{"app/tasks.py": f"from celery import shared_task\nfrom app import client\n{tasks}", "app/views.py": ""},
    )
    return calendar(facts_of(one=files))


def test_jobs_of_one_minute_collide():
    found = week(a="crontab(minute=0, hour=5)", b="crontab(minute=0, hour='4-6', day_of_week='sun')", c="crontab(minute=1, hour=5)")
    assert [(one.system, one.when, one.jobs, one.times) for one in found.collisions] == [
        ("bank.example-bank.com", "Sunday 05:00", ("a", "b"), 1)
    ]


def test_jobs_that_run_every_so_often_drift_and_do_not_collide():
    assert week(a="60", b="60").collisions == ()


def test_starts_are_counted_hour_by_hour():
    (system,) = week(a="crontab(minute='*/20', hour=5, day_of_week='tue')", b="crontab(minute=0, hour=5)").weeks
    assert system.system == "bank.example-bank.com"
    assert sum(system.hours) == 3 + 7
    assert system.hours[24 * DAYS.index("Tuesday") + 5] == 4
    assert system.jobs == ("a", "b")


def test_a_cadence_that_code_does_not_tell_is_listed_apart():
    found = week(a="unknown")
    assert [one.name for one in found.unknown] == ["a"]
    assert found.weeks == ()
