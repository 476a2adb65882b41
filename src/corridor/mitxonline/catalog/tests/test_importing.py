"""Payloads of the published API are loaded: those of every version, again and again, bad ones set aside."""

import json
from pathlib import Path
from typing import Any

import pytest

from corridor.mitxonline.catalog import documents, importing, queries
from corridor.mitxonline.catalog.models import CatalogDocument, Course, CourseRun, Product, ProductVersion, Program
from corridor.mitxonline.catalog.requirements import courses as required_courses

from .cast import a_course, a_program

pytestmark = pytest.mark.django_db

RUN = {"courseware_id": "course-v1:N+A+1T", "run_tag": "1T", "products": [{"price": "90.00", "description": "Track"}]}
COURSE = {"id": 7, "title": "Wicks", "readable_id": "course-v1:N+A", "courseruns": [RUN], "topics": [{"name": "Oil", "parent": "Light"}]}


def told(kind: str, key: str) -> dict[str, Any]:
    return json.loads(queries.body(kind, "v2", key, kind))


def operator(*numbers: int, kind: str = "course", wanted: str | None = None) -> dict[str, Any]:
    field = "course" if kind == "course" else "required_program"
    parts = [{"data": {"node_type": kind, field: number}} for number in numbers]
    name = "min_number_of" if wanted else "all_of"
    return {"data": {"node_type": "operator", "operator": name, "operator_value": wanted, "title": "Parts"}, "children": parts}


def a_payload(*tree: dict[str, Any], code: str = "P", **fields: Any) -> dict[str, Any]:
    return {"id": 70, "title": "Lamps", "readable_id": f"program-v1:N+{code}", "req_tree": [*tree], "courses": []} | fields


@pytest.mark.parametrize(("place", "at_least"), [("sources/mitxonline", 30), ("seeds/mitxonline/courses_seed.json", 10)])
def test_payloads_of_the_real_thing_load(place: str, at_least: int, shared_data: Path) -> None:
    found = shared_data / place
    loaded = importing.load([json.loads(path.read_text()) for path in (sorted(found.glob("*.json")) if found.is_dir() else [found])])
    assert len(loaded.courses) >= at_least
    assert not [reason for name, reason in loaded.set_aside.items() if "req_tree" not in name]
    assert Course.objects.count() == CatalogDocument.objects.filter(kind="course", gone=False).count() == len(loaded.courses)
    assert CourseRun.objects.filter(b2b_contract=None).count() == CatalogDocument.objects.filter(kind="run").count()


def test_what_is_published_is_what_was_given(shared_data: Path) -> None:
    """Save what derives from dates, which have passed since, and what links lead to."""
    given = json.loads((shared_data / "sources/mitxonline/courses.json").read_text())["results"]
    importing.load([given])
    derived = {
        "id",
        "next_run_id",
        "programs",
        "page",
        "courseruns",
        "min_price",
        "max_price",
        "certificate_type",
        "certificate_available",
        "availability",
    }
    for course in given:
        shown = told("course", course["readable_id"])
        same = [name for name in course if name in shown and name not in derived]
        assert {name: shown[name] for name in same if name != "topics"} == {name: course[name] for name in same if name != "topics"}
        assert [topic["name"] for topic in shown["topics"]] == sorted(topic["name"] for topic in course["topics"])
        assert shown["page"]["instructors"] == course["page"]["instructors"]
        dates = (
            "courseware_id",
            "start_date",
            "end_date",
            "enrollment_start",
            "enrollment_end",
            "upgrade_deadline",
            "run_tag",
            "course_number",
        )
        wanted = [{name: run[name] for name in dates} for run in sorted(course["courseruns"], key=lambda run: run["start_date"])]
        assert [{name: run[name] for name in dates} for run in shown["courseruns"]] == wanted


def test_loading_again_writes_nothing(shared_data: Path) -> None:
    files = [json.loads(path.read_text()) for path in sorted((shared_data / "sources/mitxonline").glob("*.json"))]
    importing.load(files)
    versions = set(CatalogDocument.objects.values_list("version", flat=True))
    prices = ProductVersion.objects.count()
    importing.load(files)
    assert set(CatalogDocument.objects.values_list("version", flat=True)) == versions
    assert ProductVersion.objects.count() == prices


def test_programs_find_their_courses_by_the_numbers_of_the_payloads() -> None:
    a_course("OTHER")  # so that our numbers are others
    other = {**COURSE, "id": 8, "readable_id": "course-v1:N+B", "courseruns": [{"courseware_id": "course-v1:N+B+1T"}]}
    nested = a_payload(operator(8), code="INNER", id=71)
    importing.load([{"results": [COURSE, other]}, [a_payload(operator(7, 8, wanted="2"), operator(71, kind="program")), nested]])
    shown = told("program", "program-v1:N+P")
    ours = {course.readable_id: course.pk for course in Course.objects.all()}
    assert shown["courses"] == [ours["course-v1:N+A"], ours["course-v1:N+B"]]
    assert shown["req_tree"][0]["data"]["operator_value"] == "2"
    assert shown["requirements"]["programs"]["required"] == [
        {"id": Program.objects.get(readable_id="program-v1:N+INNER").pk, "readable_id": "program-v1:N+INNER"}
    ]


def test_a_course_that_a_program_embeds_is_loaded_unless_it_is_listed() -> None:
    embedded = [{**COURSE, "title": "Less"}, {**COURSE, "id": 8, "readable_id": "course-v1:N+B", "courseruns": []}]
    importing.load([[a_payload(operator(7, 8), courses=embedded), COURSE]])
    assert dict(Course.objects.values_list("readable_id", "title")) == {"course-v1:N+A": "Wicks", "course-v1:N+B": "Wicks"}
    assert len(told("program", "program-v1:N+P")["courses"]) == 2


def test_a_part_that_nobody_told_of_is_left_out_and_said() -> None:
    loaded = importing.load([[COURSE, a_payload(operator(7, 99, wanted="2"), operator(98))]])
    tree = told("program", "program-v1:N+P")["req_tree"]
    assert [(node["data"]["operator_value"], len(node["children"])) for node in tree] == [("1", 1)]
    assert "2 parts" in loaded.set_aside["program-v1:N+P: req_tree"]


def test_a_circle_in_payloads_is_set_aside() -> None:
    one = a_payload(operator(71, kind="program"), code="ONE")
    other = a_payload(operator(70, kind="program"), code="OTHER", id=71)
    loaded = importing.load([[one, other]])
    assert len(loaded.programs) == 2
    assert "would require itself" in loaded.set_aside["program-v1:N+OTHER: req_tree"]


@pytest.mark.parametrize(
    "bad",
    [
        {"title": None},
        {"readable_id": "course v1:N+C"},
        {"courseruns": [{**RUN, "courseware_id": "course-v1:N+C+1T", "start_date": "next year"}]},
        {
            "courseruns": [
                {**RUN, "courseware_id": "course-v1:N+C+1T", "start_date": "2026-03-02T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"}
            ]
        },
        {"courseruns": [{**RUN, "courseware_id": "course-v1:N+C+1T", "products": [{"price": "-5"}]}]},
    ],
)
def test_a_bad_record_is_set_aside_and_the_rest_goes_on(bad: dict[str, Any]) -> None:
    loaded = importing.load([[{**COURSE, "readable_id": "course-v1:N+C", **bad}, COURSE]])
    assert (loaded.courses, len(loaded.set_aside)) == (["course-v1:N+A"], 1)
    assert [course.readable_id for course in Course.objects.all()] == ["course-v1:N+A"]


def test_a_price_that_changes_is_a_further_version_and_one_that_goes_ends_the_sale() -> None:
    for price in ("90.00", "95.00", None):
        products = [{"price": price}] if price else []
        importing.load([[{**COURSE, "courseruns": [{**RUN, "products": products}]}]])
    assert list(ProductVersion.objects.values_list("number", flat=True)) == [1, 2]
    assert not Product.objects.get().is_active


def test_modes_that_payloads_do_not_name_are_the_usual_ones() -> None:
    importing.load([[COURSE, {**COURSE, "readable_id": "course-v1:N+B", "courseruns": [{"courseware_id": "course-v1:N+B+1T"}]}]])
    modes = [{mode["mode_slug"] for mode in told("course", f"course-v1:N+{name}")["courseruns"][0]["enrollment_modes"]} for name in "AB"]
    assert modes == [{"audit", "verified"}, {"audit"}]


def test_everything_can_be_made_anew() -> None:
    importing.load([[COURSE]])
    program = a_program()
    CatalogDocument.objects.filter(kind="course").update(digest="")
    assert documents.publish_everything() == 2
    assert (required_courses(()), told("program", program.readable_id)["id"]) == ((), program.pk)
    assert documents.publish_everything() == 0
