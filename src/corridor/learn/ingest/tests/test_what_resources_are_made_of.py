"""Runs, people, links, parts and files of resources, as they come, change and go."""

from hashlib import md5
from typing import Any

import pytest

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.models import Instructor, Relationship, ResourceDocument, RunInstructor
from corridor.learn.content.models import ContentFile

from .cast import Given, course, read, resource

Json = dict[str, Any]


def run(run_id: str, *names: str, **fields: Any) -> Json:
    return {"run_id": run_id, "title": f"Run {run_id}", "instructors": [{"full_name": name} for name in names], **fields}


def teachers(readable_id: str) -> dict[str, list[str]]:
    rows = RunInstructor.objects.filter(run__resource__readable_id=readable_id).order_by("position")
    found: dict[str, list[str]] = {}
    for run_id, name in rows.values_list("run__run_id", "instructor__full_name"):
        found.setdefault(run_id, []).append(name)
    return found


def parts(readable_id: str) -> list[str]:
    return list(
        Relationship.objects.filter(parent__readable_id=readable_id).order_by("position").values_list("child__readable_id", flat=True)
    )


def program(key: str, *children: str, **fields: Any) -> Json:
    named = [{"readable_id": child, "resource_type": "course", "relation_type": "PROGRAM_COURSES"} for child in children]
    return course(key, resource_type="program", children=named, **fields)


def test_every_field_of_a_record_arrives(alpha: Given) -> None:
    said: Json = {
        "description": "<b>D</b>", "full_description": "F", "url": "https://u.example/1", "last_modified": "2024-05-06T07:08:09+02:00",
        "languages": ["en"], "availability": "dated", "delivery": ["hybrid", "online"], "pace": ["self_paced"], "format": ["synchronous"],
        "location": "L", "duration": "6 weeks", "time_commitment": "5 hours", "min_weeks": 6, "max_weeks": 7, "min_weekly_hours": 4, "max_weekly_hours": 5,
    }  # fmt: skip
    own: Json = {
        "resource_category": "Short Course", "offered_by": "unit", "ocw_topics": ["Heat"], "professional": True, "certification": True,
        "certification_type": "completion", "continuing_ed_credits": "1.5", "license_cc": True, "completeness": 0.5,
        "require_summaries": True, "course_numbers": [{"value": "6.001", "department": "6"}], "details": {"old_numbers": ["6.01"]},
        "image": {"url": "https://u.example/i.png", "alt": "A", "description": "I"}, "prices": [{"amount": "49"}, {"amount": "0"}],
    }  # fmt: skip
    held: Json = {
        "level": ["graduate"],
        "slug": "s",
        "semester": "Fall",
        "year": 2024,
        "start_date": "2024-09-01T00:00:00Z",
        "is_b2b": True,
    }
    read(
        alpha,
        course("1", **said, **own, runs=[{"run_id": "r", "title": "R", **said, **held, "prices": [{"amount": "5", "currency": "EUR"}]}]),
    )
    stored = resource("1")
    of_run = stored.runs.get()
    for name, value in said.items():
        for row in (stored, of_run):
            assert (
                getattr(row, name).isoformat() == "2024-05-06T05:08:09+00:00" if name == "last_modified" else getattr(row, name) == value
            ), name
    for name in (
        "resource_category",
        "ocw_topics",
        "professional",
        "certification",
        "certification_type",
        "license_cc",
        "completeness",
        "require_summaries",
    ):
        assert getattr(stored, name) == own[name], name
    assert (stored.offered_by_id, str(stored.continuing_ed_credits)) == ("unit", "1.50")
    assert (stored.image_url, stored.image_alt, stored.image_description) == ("https://u.example/i.png", "A", "I")
    assert stored.resource_prices == [{"amount": "0.00", "currency": "USD"}, {"amount": "49.00", "currency": "USD"}]
    number = {"value": "6.001", "department": "6", "listing_type": "primary", "sort_coursenum": "06.001"}
    assert stored.details == {"course_numbers": [number], "old_numbers": ["6.01"]}
    assert (of_run.level, of_run.slug, of_run.semester, of_run.year, of_run.is_b2b) == (["graduate"], "s", "Fall", 2024, True)
    assert of_run.resource_prices == [{"amount": "5.00", "currency": "EUR"}]


def test_fields_go_back_to_blank_when_the_source_says_them_no_more(alpha: Given) -> None:
    read(
        alpha,
        course("1", description="D", min_weeks=3, prices=[{"amount": "1"}], topics=["Physics"], content_tags=["Notes"], departments=["6"]),
    )
    assert resource("1").content_tags.count() == resource("1").departments.count() == 1
    read(alpha, course("1"))
    stored = resource("1")
    assert (stored.description, stored.min_weeks, stored.resource_prices) == ("", None, [])
    assert stored.topics.count() == stored.content_tags.count() == stored.departments.count() == 0


def test_runs_come_change_and_go(alpha: Given) -> None:
    read(alpha, course("1", runs=[run("a", "Ann", "Bea"), run("b", "Ann")]))
    first = dict(resource("1").runs.values_list("run_id", "id"))
    assert teachers("1") == {"a": ["Ann", "Bea"], "b": ["Ann"]}
    read(alpha, course("1", runs=[run("a", "Cy", "Bea", "Ann", location="Hall"), run("c")]))
    runs = {each.run_id: each for each in resource("1").runs.all()}
    assert {name: each.published for name, each in runs.items()} == {"a": True, "b": False, "c": True}
    assert (runs["a"].id, runs["a"].location) == (first["a"], "Hall")
    assert teachers("1")["a"] == ["Cy", "Bea", "Ann"]
    assert Instructor.objects.count() == 3


def test_names_of_a_teacher_are_filled_in_when_they_are_known(alpha: Given) -> None:
    read(alpha, course("1", runs=[run("a", "Ann Lee")]))
    known = {"full_name": "Ann Lee", "first_name": "Ann", "last_name": "Lee"}
    read(alpha, course("1", runs=[run("a", instructors=[known])]), course("2", runs=[run("a", "Ann Lee")]))
    assert Instructor.objects.values_list("full_name", "first_name", "last_name").get() == ("Ann Lee", "Ann", "Lee")


@pytest.mark.parametrize("parts_first", [True, False])
def test_parts_are_found_whether_they_come_before_or_after(alpha: Given, beta: Given, parts_first: bool) -> None:
    def courses() -> None:
        read(alpha, course("c1"), course("c2"), course("c3"))

    def programs() -> None:
        read(beta, program("p", "c3", "absent", "c1", "c3"))

    for step in (courses, programs) if parts_first else (programs, courses):
        step()
    assert parts("p") == ["c3", "c1"]
    body = ResourceDocument.objects.get(resource=resource("p")).body
    assert b'"course_count":2' in body


def test_parts_are_moved_added_and_taken_away(alpha: Given) -> None:
    courses = [course("c1"), course("c2"), course("c3")]
    read(alpha, *courses, program("p", "c1", "c2"))
    changed = read(alpha, *courses, program("p", "c3", "c1"))
    assert parts("p") == ["c3", "c1"]
    assert changed.changed_fields == {"children": 1}
    read(alpha, *courses, program("p"))
    assert parts("p") == []


def test_a_source_that_says_nothing_of_parts_leaves_them(alpha: Given) -> None:
    read(alpha, course("c1"), program("p", "c1"))
    silent = program("p", title="Renamed")
    del silent["children"]
    read(alpha, course("c1"), silent)
    assert parts("p") == ["c1"]


def test_a_part_keeps_its_place_when_another_source_takes_its_name_over(alpha: Given, beta: Given) -> None:
    page = "https://u.example/c1"
    read(beta, course("c1", url=page, platform="edx"), program("p", "c1", platform="edx"))
    read(alpha, course("official", url=page))
    assert parts("p") == ["official"]
    read(beta, course("c1", url=page, platform="edx"), program("p", "c1", platform="edx", title="Renamed"))
    assert parts("p") == ["official"]


def test_a_resource_is_no_part_of_itself(alpha: Given) -> None:
    selfish = {"readable_id": "p", "resource_type": "program", "relation_type": "PROGRAM_PROGRAMS"}
    read(alpha, course("p", resource_type="program", children=[selfish]))
    assert parts("p") == []


def file(key: str, **fields: Any) -> Json:
    return {"key": key, "title": f"File {key}", "content": f"Text of {key}", **fields}


def files(readable_id: str) -> dict[str, tuple[str, bool]]:
    rows = ContentFile.objects.filter(resource__readable_id=readable_id)
    return {key: (content, published) for key, content, published in rows.values_list("key", "content", "published")}


def test_files_come_change_and_go(alpha: Given) -> None:
    read(alpha, course("1", runs=[run("r")], content_files=[file("a", run_id="r"), file("b"), file("a", run_id="r", title="Again")]))
    assert files("1") == {"a": ("Text of a", True), "b": ("Text of b", True)}
    before = {each.key: each for each in ContentFile.objects.all()}
    assert before["a"].run
    assert before["a"].run.run_id == "r"
    assert before["b"].run is None
    assert before["a"].checksum == md5(b"Text of a").hexdigest()
    read(alpha, course("1", runs=[run("r")], content_files=[file("a", run_id="r"), file("c")]))
    assert files("1") == {"a": ("Text of a", True), "b": ("Text of b", False), "c": ("Text of c", True)}
    after = {each.key: each for each in ContentFile.objects.all()}
    assert after["a"].version == before["a"].version
    assert after["b"].version > before["b"].version
    read(alpha, course("1", runs=[run("r")], title="Silent of files"))
    assert files("1")["a"] == ("Text of a", True)


@pytest.mark.parametrize("material_first", [True, False])
def test_what_was_made_of_a_file_is_known_to_it(alpha: Given, material_first: bool) -> None:
    book, owner = course("book", resource_type="document"), course("1", content_files=[file("a", direct_resource="book")])
    for payloads in ([book], [book, owner]) if material_first else ([owner], [owner, book]):
        read(alpha, *payloads)
    assert ContentFile.objects.get().direct_resource == resource("book")


def test_changed_files_owe_a_look_at_them(alpha: Given) -> None:
    def owed() -> list[str]:
        events = OutboxEvent.objects.filter(topic="learn.contents")
        found = list(events.values_list("aggregate", flat=True))
        events.delete()
        return found

    both = [course("1", content_files=[file("a")]), course("2", content_files=[file("b")])]
    read(alpha, *both)
    assert set(owed()) == {str(resource("1").id), str(resource("2").id)}
    read(alpha, course("1", title="Renamed", content_files=[file("a")]), both[1])
    assert owed() == []
    read(alpha, course("1", content_files=[file("a", content="New")]), both[1])
    assert owed() == [str(resource("1").id)]
    read(alpha, course("1", content_files=[]), both[1])
    assert owed() == [str(resource("1").id)]
