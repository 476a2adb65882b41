"""What a resource is searched, filtered and sorted by."""

from datetime import UTC, datetime
from typing import Any

import pytest

from corridor.learn.catalog.tests.cast import NOW, days, link, make_department, make_resource, make_run, make_topics, make_unit, publish_now
from corridor.learn.catalog.vocabulary import RelationType
from corridor.learn.discovery import entries
from corridor.learn.discovery.index import RESOURCES, plain, weight
from corridor.search import Document

pytestmark = pytest.mark.django_db


def entry(resource: Any) -> Document:
    publish_now(resource)
    (found,) = entries.load([resource.pk])
    return found


def rich_course() -> Document:
    course = make_resource(
        "course-v1:Campus+6.042J",
        title="Mathematics for Engines",
        description="<p>Proofs &amp; <b>counting</b>.</p><p>Graphs.</p>",
        full_description="Everything on proofs.",
        offered_by=make_unit("press", name="The Press"),
        resource_category="Course",
        certification=True,
        certification_type="professional",
        ocw_topics=["Applied Mathematics"],
        languages=["en"],
        details={
            "course_numbers": [{"value": "18.062J", "listing_type": "cross-listed"}, {"value": "6.042J"}],
            "old_numbers": ["6.1200"],
        },
    )
    course.departments.add(make_department("6"))
    course.topics.add(*make_topics("Science", "Proofs"))
    make_run(
        course, "run-1", ["Ada Lovelace"], start_date=days(10), end_date=days(40), enrollment_start=days(-3), enrollment_end=days(9),
        level=["introductory"], semester="Spring", year=2026, delivery=["online"],
    )  # fmt: skip
    return entry(course)


def test_a_course_is_searched_by_what_people_know_of_it() -> None:
    texts = rich_course().texts
    assert texts["title"] == "Mathematics for Engines"
    assert texts["description"] == "Proofs & counting . Graphs."
    assert texts["full_description"] == "Everything on proofs."
    assert texts["numbers"] == ["6.042J", "18.062J", "6.1200", "course-v1:Campus+6.042J"], "the primary number first"
    assert texts["instructors"] == ["Ada Lovelace"]
    assert set(texts["topics"]) == {"Science", "Proofs", "Applied Mathematics"}
    assert set(texts["names"]) == {"Department 6", "The Press", "Campus"}
    assert "Professional Certificate" in texts["features"]
    assert texts["terms"] == ["Spring 2026"]


def test_a_course_is_filtered_by_the_names_of_the_published_api() -> None:
    keywords = rich_course().keywords
    expected = {
        "readable_id": ["course-v1:Campus+6.042J"], "resource_type": ["course"], "resource_type_group": ["course"], "resource_category": ["Course"],
        "offered_by": ["press"], "platform": ["campus"], "department": ["6"], "level": ["introductory"], "delivery": ["online"],
        "certification_type": ["professional"], "certification": ["true"], "professional": ["false"], "ocw_topic": ["Applied Mathematics"],
        "language": ["en"], "ocw_file": ["false"],
    }  # fmt: skip
    assert {name: list(keywords[name]) for name in expected} == expected
    assert sorted(keywords["topic"]) == ["Proofs", "Science"]


def test_every_declared_field_is_filled() -> None:
    course = rich_course()
    assert course.texts.keys() == {text.name for text in RESOURCES.texts}
    assert course.keywords.keys() == {keyword.name for keyword in RESOURCES.keywords}
    assert course.sorts.keys() == set(RESOURCES.sort_keys)


def test_a_course_is_sorted_by_its_dates_and_number() -> None:
    sorts = rich_course().sorts
    assert sorts["start_date"] == sorts["next_start_date"] == days(10).timestamp()
    assert sorts["course_number"] == "06.042J"
    assert sorts["featured"] is None


def test_a_program_is_found_by_the_titles_of_its_courses() -> None:
    program, course = make_resource("P", "program"), make_resource("C", title="Bridges")
    link(program, course, relation=RelationType.PROGRAM_COURSES)
    assert entry(program).texts["children"] == ["Bridges"]


def test_a_description_that_begins_the_longer_one_is_not_told_twice() -> None:
    told = entry(make_resource("A", description="On bees.", full_description="On bees. And wasps.")).texts
    assert (told["description"], told["full_description"]) == ("", "On bees. And wasps.")


@pytest.mark.parametrize(
    ("kind", "category", "platform", "hidden"),
    [
        ("document", "Notes", "ocw", "true"),
        ("document", "Open Textbook", "ocw", "false"),
        ("course", "Course", "ocw", "false"),
        ("video", "Video", "ocw", "false"),
        ("document", "Notes", "campus", "false"),
    ],
)
def test_files_of_courseware_are_told_apart(kind: str, category: str, platform: str, hidden: str) -> None:
    from corridor.learn.catalog.models import Platform

    home, _ = Platform.objects.get_or_create(code=platform, defaults={"name": platform})
    assert list(entry(make_resource("F", kind, resource_category=category, platform=home)).keywords["ocw_file"]) == [hidden]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (None, ""),
        ("Plain words", "Plain words"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<ul><li>x</li>\n<li>y</li></ul>", "x y"),
    ],
)
def test_markup_is_no_text(html: str | None, text: str) -> None:
    assert plain(html) == text


def test_age_and_gaps_cost_little() -> None:
    old, young = datetime(1990, 1, 1, tzinfo=UTC), datetime(2025, 3, 2, tzinfo=UTC)
    assert weight(1.0, None, NOW) == 1.0
    assert 0.98 < weight(1.0, young, NOW) < 1.0
    assert weight(1.0, old, NOW) == pytest.approx(0.85)
    assert weight(0.5, None, NOW) == pytest.approx(0.875)
    assert weight(0.0, old, NOW) > 0.6, "the worst still wins with better words"
    assert weight(7.0, days(900), NOW) == 1.0


def test_resources_to_browse_come_featured_first_then_courses_then_the_newest() -> None:
    from corridor.learn.discovery.index import sorts

    def place(**given: Any) -> str:
        body = {
            "id": 1, "readable_id": "R", "last_modified": None, "created_on": "2026-01-01T00:00:00Z", "next_start_date": None, "views": 0,
            "best_run_id": None, "runs": [], "resource_type_group": "course",
        }  # fmt: skip
        search = {"featured_position": None, "sort_coursenum": None, "is_incomplete_or_stale": False}
        told = sorts(
            {**body, **{k: v for k, v in given.items() if k in body}}, {**search, **{k: v for k, v in given.items() if k in search}}
        )
        return str(told["browse"])

    order = [
        place(featured_position=0, resource_type_group="learning_material"),
        place(featured_position=3),
        place(created_on="2026-02-01T00:00:00Z"),
        place(),
        place(is_incomplete_or_stale=True),
        place(resource_type_group="learning_material"),
    ]
    assert order == sorted(order)
