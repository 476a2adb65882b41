"""Resources in words."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.learn.catalog import display
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.queries import display_infos
from corridor.learn.catalog.vocabulary import RelationType

from .cast import NOW, days, link, make_department, make_resource, make_run, make_topics, make_unit, problems, publish_now


def run(price: str = "49.00", delivery: str = "online", location: str = "", **values: Any) -> dict[str, Any]:
    prices = [{"amount": price, "currency": "USD"}]
    return {"resource_prices": prices, "delivery": [{"code": delivery, "name": delivery.title()}], "location": location} | values


@pytest.mark.parametrize(
    ("runs", "identical"),
    [
        ([], True),
        ([run()], True),
        ([run(), run(location="Anywhere")], True),  # online, a location says nothing
        ([run(), run(price="59.00")], False),
        ([run(), run(delivery="in_person")], False),
        ([run(delivery="in_person", location="Lund"), run(delivery="in_person", location="Lund")], True),
        ([run(delivery="in_person", location="Lund"), run(delivery="in_person", location="Kyiv")], False),
        ([run() | {"delivery": [{"code": "online", "name": "Online"}, {"code": "in_person", "name": "In person"}]}], False),
    ],
)
def test_runs_are_told_together_when_they_are_alike(runs: list[dict[str, Any]], identical: bool) -> None:
    assert display.runs_identical(runs) is identical


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("49.00", "USD", "$49"),
        ("1250.00", "USD", "$1,250"),
        ("99.50", "EUR", "€99.50"),
        ("100.00", "CHF", "100 CHF"),
        ("0.00", "USD", "$0"),
    ],
)
def test_money(amount: str, currency: str, words: str) -> None:
    assert display.money(amount, currency) == words


@pytest.mark.parametrize(
    ("text", "least", "most", "words"),
    [
        ("A long winter", 1, 2, "A long winter"),
        ("", 4, 6, "4–6 weeks"),
        ("", 1, 1, "1 week"),
        ("", None, 3, "3 weeks"),
        ("", 5, None, "5 weeks"),
        ("", None, None, None),
    ],
)
def test_duration(text: str, least: int | None, most: int | None, words: str | None) -> None:
    assert display.duration({"duration": text, "min_weeks": least, "max_weeks": most}) == words


@pytest.mark.parametrize(("code", "name"), [("en", "English"), ("en-us", "English"), ("pt-BR", "Brazilian Portuguese"), ("tlh", "tlh")])
def test_language_name(code: str, name: str) -> None:
    assert display.language_name(code) == name


def told(**values: Any) -> list[str] | None:
    body = {"availability": "dated", "best_run_id": None, "runs": []} | values
    return display.starts(body, NOW)


def dated(id: int, day: float) -> dict[str, Any]:
    return {"id": id, "start_date": (NOW + timedelta(days=day)).isoformat()}


def test_starts_tells_the_coming_days_else_that_of_the_best_run() -> None:
    assert told(availability="anytime", runs=[dated(1, 5)]) == ["Anytime"]
    assert told(runs=[dated(1, -9), dated(2, 40), dated(3, 5)]) == ["March 7, 2026", "April 11, 2026"]
    assert told(runs=[dated(1, -9), dated(2, -90)], best_run_id=1) == ["February 21, 2026"]
    assert told() is None


@pytest.mark.django_db
def test_a_program_is_told_with_its_courses_and_those_of_its_programs(contract: Path) -> None:
    outer, inner, innermost = (make_resource(name, "program", offered_by=None) for name in ("outer", "inner", "innermost"))
    courses = [make_resource(f"C{number}", description="Words") for number in range(3)]
    link(outer, courses[0], relation=RelationType.PROGRAM_COURSES)
    link(outer, inner, relation=RelationType.PROGRAM_PROGRAMS)
    link(inner, courses[1], relation=RelationType.PROGRAM_COURSES)
    link(inner, innermost, relation=RelationType.PROGRAM_PROGRAMS)
    link(innermost, courses[2], outer, relation=RelationType.PROGRAM_COURSES)  # a circle
    publish_now(*LearningResource.objects.all())
    (info,) = display_infos([outer.pk], now=NOW)
    assert problems(contract, "LearningResourceDisplayInfoResponse", info) == []
    assert [(part["readable_id"], part.get("parent_program")) for part in info["program_courses"]] == [
        ("C0", None),
        ("inner", None),
        ("C1", "Title of inner"),
        ("innermost", "Title of inner"),
    ]
    assert (info["number_of_courses"], info["number_of_programs"]) == (1, 1)


@pytest.mark.django_db
def test_a_course_is_told_in_words() -> None:
    department, topics = make_department(), make_topics("Science", "Physics")
    course = make_resource(
        offered_by=make_unit(), certification=True, certification_type="completion", languages=["es"], delivery=["online"]
    )
    course.departments.add(department)
    course.topics.set(topics)
    prices = [{"amount": "0.00", "currency": "USD"}, {"amount": "49.00", "currency": "USD"}]
    make_run(
        course,
        "1",
        ["Ada Moreno"],
        start_date=days(5),
        end_date=days(50),
        resource_prices=prices,
        level=["graduate"],
        min_weeks=4,
        max_weeks=6,
    )
    publish_now(course)
    (info,) = display_infos([course.pk], now=NOW)
    told = {name: value for name, value in info.items() if value not in (None, [], "") and name not in ("id", "title")}
    assert told == {
        "free": True,
        "topics": ["Physics", "Science"],
        "price": "Free",
        "extra_price_info": "Certificate: $49",
        "certification": "Certificate of Completion",
        "instructors": ["Ada Moreno"],
        "offered_by": "Unit press",
        "languages": ["Spanish"],
        "levels": ["Graduate"],
        "departments": ["Department 6 (School of Engines)"],
        "platform": "Campus",
        "starts": ["March 7, 2026"],
        "format_type": ["Online"],
        "duration": "4–6 weeks",
    }


@pytest.mark.django_db
def test_runs_that_differ_are_told_one_by_one(contract: Path) -> None:
    course = make_resource(professional=True, certification=True)
    make_run(course, "over", start_date=days(-90), end_date=days(-80), delivery=["online"])
    for place, amount in (("Lund", "900.00"), ("Kyiv", "700.00")):
        price = [{"amount": amount, "currency": "EUR"}]
        make_run(
            course,
            place,
            ["Ada Moreno"],
            location=place,
            delivery=["in_person"],
            resource_prices=price,
            start_date=days(9),
            duration="2 days",
        )
    publish_now(course)
    (info,) = display_infos([course.pk], now=NOW)
    assert problems(contract, "LearningResourceDisplayInfoResponse", info) == []
    assert (info["price"], info["location"]) == (None, None)
    assert [run["location"] for run in info["runs"]] == ["Lund", "Kyiv"]
    assert info["runs"][0] == {
        "code": "Lund",
        "name": "Title of R1",
        "location": "Lund",
        "start_date": "March 11, 2026",
        "instructors": ["Ada Moreno"],
        "duration": "2 days",
        "price": "€900",
        "format": ["In person"],
    }


@pytest.mark.django_db
def test_runs_of_the_past_do_not_keep_those_to_come_from_being_told_together() -> None:
    course = make_resource(certification=True)
    for number, (day, amount) in enumerate(((-300, "30.00"), (9, "49.00"), (99, "49.00"))):
        prices = [{"amount": "0.00", "currency": "USD"}, {"amount": amount, "currency": "USD"}]
        make_run(course, str(number), start_date=days(day), end_date=days(day + 30), delivery=["online"], resource_prices=prices)
    publish_now(course)
    (info,) = display_infos([course.pk], now=NOW)
    assert (info["price"], info["extra_price_info"], info["runs"]) == ("Free", "Certificate: $49", None)
    assert info["starts"] == ["March 11, 2026", "June 9, 2026"]


@pytest.mark.django_db
def test_a_past_term_is_told_as_taught_in() -> None:
    course = make_resource(availability="anytime")
    make_run(course, "1", semester="Fall", year=2010)
    make_run(course, "2", semester="Spring", year=2012)
    publish_now(course)
    (info,) = display_infos([course.pk], now=NOW)
    assert (info["starts"], sorted(info["as_taught_in"])) == (["Anytime"], ["Fall 2010", "Spring 2012"])


@pytest.mark.django_db
def test_any_number_is_told_in_three_queries() -> None:
    programs = [make_resource(f"P{number}", "program") for number in range(12)]
    for program in programs:
        link(program, make_resource(f"C{program.pk}"), relation=RelationType.PROGRAM_COURSES)
    publish_now(*LearningResource.objects.all())
    with CaptureQueriesContext(connection) as queries:
        assert len(display_infos([program.pk for program in programs], now=NOW)) == 12
    assert len(queries) == 3
