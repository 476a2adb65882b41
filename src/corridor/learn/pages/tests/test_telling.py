"""What pages say of resources in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from corridor.learn.pages.addresses import content_path, resource_path
from corridor.learn.pages.cards import summary, tone
from corridor.learn.pages.telling import beginning, play_time, run_rows
from corridor.web.linked_data import graph

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RUN = {
    "id": 1, "semester": None, "year": None, "availability": "dated", "location": "", "resource_prices": [], "delivery": [], "instructors": [],
    "url": "https://example.org/", "start_date": None, "end_date": None, "enrollment_start": None, "enrollment_end": None,
}  # fmt: skip


def run(**values: Any) -> dict[str, Any]:
    return {**RUN, **{name: f"{value}T00:00:00Z" if name != "id" else value for name, value in values.items()}}


def body(*runs: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"runs": list(runs), "best_run_id": 1, "next_start_date": None, "availability": "dated", "free": False, **values}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (body(next_start_date="2026-04-07T00:00:00Z"), "Starts April 7, 2026"),
        (body(availability="anytime"), "Start any time"),
        (body(run(start_date="2026-02-01", end_date="2026-05-01")), "Under way until May 1, 2026"),
        (body(run(start_date="2025-02-01", end_date="2025-05-01")), "Last held in February 2025"),
        (body(), None),
    ],
)
def test_when_one_can_begin(told: dict[str, Any], words: str | None) -> None:
    assert beginning(told, NOW) == words


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (run(start_date="2026-04-01"), "Open for enrolment"),
        (run(start_date="2026-04-01", enrollment_start="2026-03-20"), "Enrolment opens March 20, 2026"),
        (run(start_date="2026-04-01", enrollment_end="2026-03-01"), "Enrolment closed"),
        (run(start_date="2025-04-01", end_date="2025-06-01"), "Ended"),
    ],
)
def test_whether_one_can_enrol(run: dict[str, Any], state: str) -> None:
    (row,) = run_rows(body(run), NOW)
    assert (row.state, row.open) == (state, state == "Open for enrolment")


def test_runs_to_come_stand_before_those_that_are_over() -> None:
    over = [run(id=1, start_date="2024-01-01", end_date="2024-02-01"), run(id=2, start_date="2025-01-01", end_date="2025-02-01")]
    coming = [run(id=4, start_date="2026-09-01"), run(id=3, start_date="2026-04-01")]
    starts = [row.dates.split(" – ")[0] for row in run_rows(body(*over, *coming), NOW)]
    assert starts == ["From April 1, 2026", "From September 1, 2026", "January 1, 2025", "January 1, 2024"]


@pytest.mark.parametrize(
    ("written", "words"),
    [("PT38M45S", "39 min"), ("PT1H4M40S", "1 h 5 min"), ("PT12S", "1 min"), ("PT2H", "2 h 0 min"), ("PT", None), ("long", None)],
)
def test_how_long_it_plays(written: str, words: str | None) -> None:
    assert play_time(written) == words


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Linear Algebra", "/resources/7-linear-algebra"),
        ("Économie & société", "/resources/7-economie-societe"),
        ("線形代数", "/resources/7-resource"),
        ("</script>", "/resources/7-script"),
    ],
)
def test_addresses_are_plain(title: str, path: str) -> None:
    assert resource_path(7, title) == path
    assert content_path(7, title, 3) == f"{path}/content/3"


def test_summaries_end_between_words() -> None:
    assert summary({"description": "<p>One &amp; two, three</p>", "full_description": None}, 12) == "One & two, …"


def test_the_main_subject_gives_the_colour() -> None:
    assert tone({"topics": [{"parent": 1, "icon": "gear"}, {"parent": None, "icon": "flask"}]}) == "flask"
    assert tone({"topics": []}) == "plain"


def test_linked_data_cannot_end_its_element() -> None:
    assert "<" not in graph([{"name": "</script><script>alert(1)</script>"}])
