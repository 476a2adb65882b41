"""What runs, prices and trees sound like."""

from typing import Any

import pytest

from corridor.mitxonline.catalog import parts, telling
from corridor.mitxonline.catalog.tests.cast import NOW

RUN: dict[str, Any] = {
    "id": 1, "title": "Lanterns", "run_tag": "1T", "start_date": "2026-03-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z",
    "enrollment_start": "2026-02-01T00:00:00Z", "enrollment_end": None, "upgrade_deadline": None, "is_enrollable": True, "is_upgradable": True,
    "is_self_paced": False, "language": "en", "language_label": "English", "variant_length": "", "variant_industry": "",
    "courseware_url": None, "products": [{"price": "99.50", "is_active": True}],
    "enrollment_modes": [{"mode_slug": "audit", "requires_payment": False}, {"mode_slug": "verified", "requires_payment": True}],
}  # fmt: skip
LATER = {"start_date": "2026-05-01T00:00:00Z", "enrollment_start": "2026-04-01T00:00:00Z", "is_enrollable": False}
PAST = {"start_date": "2025-03-01T00:00:00Z", "end_date": "2025-06-01T00:00:00Z"}
PAID_ONLY = [{"mode_slug": "verified", "requires_payment": True}]


def run(**fields: Any) -> dict[str, Any]:
    return {**RUN, **fields}


@pytest.mark.parametrize(
    ("fields", "begins", "dates", "enrolment", "cost"),
    [
        ({}, "Under way until June 1, 2026", "March 1, 2026 – June 1, 2026", "Open for enrolment", "Free; certificate $99.50"),
        ({"is_self_paced": True}, "Start any day", "Any day until June 1, 2026", "Open for enrolment", "Free; certificate $99.50"),
        ({"is_self_paced": True, "end_date": None}, "Start any day", "Any day", "Open for enrolment", "Free; certificate $99.50"),
        ({"end_date": None}, "Under way since March 1, 2026", "From March 1, 2026", "Open for enrolment", "Free; certificate $99.50"),
        (LATER, "Starts May 1, 2026", "May 1, 2026 – June 1, 2026", "Enrolment opens April 1, 2026", "Free; certificate $99.50"),
        (PAST, "Archived, open to read", "March 1, 2025 – June 1, 2025", "Archived: its material can still be read", "Free"),
        ({**PAST, "is_enrollable": False}, "Last held in March 2025", "March 1, 2025 – June 1, 2025", "Ended", ""),
        ({"start_date": None, "is_enrollable": False}, "No dates yet", "Dates to be announced", "Enrolment not open yet", "Free; certificate $99.50"),
        (
            {"upgrade_deadline": "2026-04-01T00:00:00Z", "enrollment_modes": PAID_ONLY, "enrollment_end": "2026-03-20T00:00:00Z"},
            "Under way until June 1, 2026", "March 1, 2026 – June 1, 2026", "Open for enrolment until March 20, 2026", "certificate $99.50 until April 1, 2026",
        ),
        (
            {"upgrade_deadline": "2026-02-20T00:00:00Z", "is_upgradable": False, "is_enrollable": False, "enrollment_end": "2026-02-25T00:00:00Z"},
            "Under way until June 1, 2026", "March 1, 2026 – June 1, 2026", "Enrolment closed February 25, 2026",
            "Free; certificate no longer sold since February 20, 2026",
        ),
    ],
)  # fmt: skip
def test_a_run_in_words(fields: dict[str, Any], begins: str, dates: str, enrolment: str, cost: str) -> None:
    line = telling.line(run(**fields), 1, NOW)
    assert (telling.beginning([run(**fields)], 1, NOW), line.dates, line.enrolment, line.cost) == (begins, dates, enrolment, cost)


def test_runs_stand_in_the_order_of_use() -> None:
    runs = [
        run(id=1, **PAST),
        run(id=2, **LATER),
        run(id=3),
        run(id=4, start_date="2026-01-01T00:00:00Z"),
        run(id=5, **PAST, is_enrollable=False),
    ]
    assert [each["id"] for each in telling.in_order(runs, 3, NOW)] == [3, 4, 2, 1, 5]


@pytest.mark.parametrize(("price", "said"), [("1250.00", "$1,250"), (99.5, "$99.50"), ("0.00", "$0")])
def test_money(price: Any, said: str) -> None:
    assert telling.money(price) == said


@pytest.mark.parametrize(
    ("least", "most", "said"), [(None, None, ""), (6, 6, "6 weeks"), (1, 1, "1 week"), (4, 6, "4–6 weeks"), (None, 3, "3 weeks")]
)
def test_how_long_it_takes(least: int | None, most: int | None, said: str) -> None:
    assert telling.length({"duration": "", "min_weeks": least, "max_weeks": most}) == said


def operator(wanted: str | None, *kinds: str, title: str = "", elective: bool = False) -> dict[str, Any]:
    leaves = [
        {"data": {"node_type": kind, "course": at, "required_program": at, "operator": None}, "children": []}
        for at, kind in enumerate(kinds)
    ]
    data = {"node_type": "operator", "operator": "min_number_of" if wanted else "all_of", "operator_value": wanted}
    return {"data": {**data, "title": title, "elective_flag": elective}, "children": leaves}


@pytest.mark.parametrize(
    ("node", "heading", "sentence"),
    [
        (operator(None, "course"), "Required", "This course."),
        (operator(None, "course", "course"), "Required", "Both of these courses."),
        (operator(None, "course", "program", "course", title="First"), "First", "All 3 of these parts."),
        (operator("1", "program", "program", elective=True), "To choose from", "One of these 2 programs."),
        (operator("2", "course", "course", "course", title="Elective Courses"), "To choose from", "Any 2 of these 3 courses."),
        (operator("3", "course", "course", "course"), "To choose from", "All 3 of these courses."),
    ],
)
def test_what_an_operator_asks_for(node: dict[str, Any], heading: str, sentence: str) -> None:
    (told,) = parts.told([node], {0: "a", 1: "b", 2: "c"}, {0: "p", 1: "q"})
    assert (told.heading, told.sentence) == (heading, sentence)


def test_operators_lie_within_operators() -> None:
    outer = operator(None, "course", title="Whole")
    outer["children"].append(operator("1", "course", "course"))
    (told,) = parts.told([outer], {0: "a", 1: "b"}, {})
    assert (told.sentence, told.parts[0].row, [part.row for part in told.parts[1].parts]) == ("Both of these parts.", "a", ["a", "b"])
