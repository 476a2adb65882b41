"""Prepared documents: written with the change, true at any moment, and a feed of changes."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from corridor.kit import clock
from corridor.mitxonline.catalog import actions, documents, queries, rules, trees
from corridor.mitxonline.catalog.errors import CourseNotFound, StillNeeded, TreeRefused
from corridor.mitxonline.catalog.loading import courses as load_courses
from corridor.mitxonline.catalog.models import CatalogDocument, Course, CourseRun, Product, ProductVersion
from corridor.mitxonline.catalog.requirements import all_of, course, min_number_of, program
from corridor.mitxonline.catalog.vocabulary import DocumentKind

from .cast import NOW, a_course, a_mode, a_product, a_program, a_run, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.fixed(NOW):
        yield


@transaction.atomic
def publish(**changed: list[int]) -> int:
    return documents.publish(**changed).changed


def told(kind: str, key: int | str, version: str = "v2") -> dict[str, Any]:
    return json.loads(queries.body(kind, version, key, "thing"))


def test_a_change_is_readable_at_once() -> None:
    id = actions.create_course(readable_id="course-v1:N+A", title="Wicks", live=True, prospectus={"live": True, "length": "3 weeks"})
    assert told("course", "course-v1:N+A")["duration"] == "3 weeks"
    actions.edit_course(id, fields={"title": "Wicks and Oil"}, prospectus={"length": "4 weeks"})
    assert (told("course", id)["title"], told("course", id, "v1")["page"]["length"]) == ("Wicks and Oil", "4 weeks")


def test_what_is_unchanged_is_not_written() -> None:
    course = a_course()
    assert publish(courses=[course.pk]) > 0
    version = CatalogDocument.objects.get(kind="course").version
    assert publish(courses=[course.pk]) == 0
    actions.edit_course(course.pk, fields={"title": course.title})
    assert CatalogDocument.objects.get(kind="course").version == version


def test_nothing_is_published_outside_the_transaction_of_a_change(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        documents.publish()


def test_versions_tell_the_best_run_its_price_and_its_products() -> None:
    course = a_course()
    a_run(course, "1T2025", end_date=at(1), enrollment_end=at(2))
    best = a_run(course, "1T2026")
    a_product(best, "120.50")
    publish(courses=[course.pk])
    shown = told("course", course.pk)
    assert (shown["next_run_id"], shown["min_price"], shown["max_price"], shown["page"]["current_price"]) == (best.pk, 120.5, 120.5, 120)
    assert [run["is_upgradable"] for run in shown["courseruns"]] == [False, True]
    assert shown["courseruns"][1]["products"] == [
        {"id": Product.objects.get().pk, "price": "120.50", "description": best.courseware_id, "is_active": True}
    ]
    assert shown["courseruns"][1]["course_number"] == "LN.01x"


def test_runs_of_contracts_and_sources_are_nobodys_to_see() -> None:
    course = a_course()
    a_run(course, "7T", b2b_contract=7)
    a_run(course, "SOURCE", is_source_run=True)
    publish(courses=[course.pk])
    assert told("course", course.pk)["courseruns"] == told("course", course.pk, "v1")["courseruns"] == []
    assert not CatalogDocument.objects.filter(kind="run").exists()


def test_a_price_is_added_to_a_product_and_old_ones_stay() -> None:
    run = a_run(a_course())
    first = actions.offer_run(run.pk, price=Decimal("50.00"), description="Track")
    assert actions.offer_run(run.pk, price=Decimal("75.00"), description="Track") == first
    actions.offer_run(run.pk, price=Decimal("75.00"), description="Track")
    assert list(ProductVersion.objects.values_list("number", "price")) == [(1, 50), (2, 75)]
    assert told("course", run.course_id)["courseruns"][0]["products"][0]["price"] == "75.00"
    actions.withdraw(first)
    assert told("course", run.course_id)["courseruns"][0]["products"] == []
    assert actions.offer_run(run.pk, price=Decimal("80.00"), description="Track") != first


@pytest.fixture
def seasons() -> tuple[Course, list[datetime]]:
    """A course whose runs open, start, close to upgrades, close and end; and every moment just before, at and after such a date."""
    course = a_course()
    first = a_run(course, "1T", enrollment_start=at(5), start_date=at(10), upgrade_deadline=at(15), enrollment_end=at(20), end_date=at(25))
    second = a_run(course, "2T", is_self_paced=True, enrollment_start=at(12), start_date=at(18), end_date=at(28))
    a_product(first, "40.00")
    a_product(second, "60.00")
    dates = [at(day) for day in (5, 10, 12, 15, 18, 20, 25, 28)]
    return course, [date + timedelta(seconds=shift) for date in dates for shift in (-1, 0, 1)]


def test_stored_documents_read_like_fresh_ones_at_every_moment(seasons: tuple[Course, list[datetime]]) -> None:
    course, moments = seasons
    publish(courses=[course.pk])
    seen = set()
    for moment in moments:
        with clock.fixed(moment):
            fresh = documents.courses([course.pk], moment)[course.pk]
            assert queries.bodies("course", "v2", [course.pk]) == [fresh.v2]
            assert queries.bodies("course", "v1", [course.pk]) == [fresh.v1]
            seen.add(fresh.digest)
    assert len(seen) == 6  # begun enrollment of either, no more upgrades, another best run, the end of that


def test_the_task_stores_what_a_date_has_made_untrue(seasons: tuple[Course, list[datetime]]) -> None:
    course, moments = seasons
    publish(courses=[course.pk])
    for moment in moments:
        documents.refresh(moment)
        stored = CatalogDocument.objects.get(kind="course", object_id=course.pk)
        assert bytes(stored.v2 or b"") == documents.courses([course.pk], moment)[course.pk].v2
        assert documents.refresh(moment) == 0


def test_the_filter_of_open_courses_is_the_rule(seasons: tuple[Course, list[datetime]]) -> None:
    course, moments = seasons
    CourseRun.objects.filter(run_tag="1T").update(b2b_contract=3)
    a_run(course, "3T", live=False)
    a_run(course, "4T", start_date=None)
    for moment in moments:
        by_rule = {run.id for each in load_courses([course.pk]) for run in each.runs if run.is_public and rules.is_enrollable(run, moment)}
        assert set(queries.enrollable_runs(moment).values_list("id", flat=True)) == by_rule


# --- programs


def test_a_program_tells_its_parts_and_its_parts_tell_of_it() -> None:
    one, two, three = (a_course(f"LN.0{number}x") for number in (1, 2, 3))
    whole, part = a_program("WHOLE", program_type="MicroMasters®"), a_program("PART")
    trees.set_requirements(whole.pk, [all_of(course(one.pk), program(part.pk)), min_number_of(1, course(two.pk), course(three.pk))])
    shown = told("program", whole.readable_id)
    assert shown["courses"] == [one.pk, two.pk, three.pk]
    assert shown["requirements"] == {
        "courses": {
            "required": [{"id": one.pk, "readable_id": one.readable_id}],
            "electives": [{"id": each.pk, "readable_id": each.readable_id} for each in (two, three)],
        },
        "programs": {"required": [{"id": part.pk, "readable_id": part.readable_id}], "electives": []},
    }
    assert [each["id"] for each in told("program", part.pk)["programs"]] == [whole.pk]
    assert told("course", three.pk)["certificate_type"] == rules.MICROMASTERS
    assert told("program", whole.pk, "v1")["courses"]["id"] == one.pk
    trees.set_requirements(whole.pk, [all_of(course(one.pk))])
    assert told("course", three.pk)["programs"] == told("program", part.pk)["programs"] == []
    assert told("course", three.pk)["certificate_type"] == rules.COMPLETION


def test_programs_in_a_circle_are_refused() -> None:
    one, two = a_program("ONE"), a_program("TWO")
    trees.set_requirements(one.pk, [all_of(program(two.pk))])
    with pytest.raises(TreeRefused, match="would require itself"):
        trees.set_requirements(two.pk, [all_of(program(one.pk))])


def test_the_same_tree_again_writes_nothing() -> None:
    one, whole = a_course(), a_program()
    trees.set_requirements(whole.pk, [all_of(course(one.pk))])
    version = CatalogDocument.objects.get(kind="program").version
    trees.set_requirements(whole.pk, [all_of(course(one.pk))])
    assert CatalogDocument.objects.get(kind="program").version == version


def test_programs_of_organizations_are_hidden() -> None:
    inside, one = a_program("INSIDE", b2b_only=True), a_course()
    trees.set_requirements(inside.pk, [all_of(course(one.pk))])
    assert told("course", one.pk)["programs"] == []
    assert not CatalogDocument.objects.filter(kind="program").exists()


# --- the feed


def feed(cursor: int = 0, since: datetime | None = None, limit: int = 100, **asked: Any) -> queries.Changes:
    return queries.changes(DocumentKind.COURSE, queries.courses(**asked), since=since, cursor=cursor, limit=limit)


def ids(changes: queries.Changes) -> list[int]:
    return [json.loads(body)["id"] for body in changes.bodies]


def test_the_feed_tells_what_changed_after_a_cursor() -> None:
    one, two = (actions.create_course(readable_id=f"course-v1:N+{name}", title=name, live=True) for name in "AB")
    first = feed()
    assert ids(first) == [one, two]
    assert feed(first.cursor).cursor == first.cursor
    actions.edit_course(one, fields={"title": "Changed"})
    again = feed(first.cursor)
    assert (ids(again), again.tombstones, again.count) == ([one], [], 1)


def test_the_feed_keeps_pace_page_by_page() -> None:
    made = [actions.create_course(readable_id=f"course-v1:N+{number}", title="A", live=True) for number in range(5)]
    seen, cursor, more = [], 0, True
    while more:
        page = feed(cursor, limit=2)
        seen, cursor, more = seen + ids(page), page.cursor, page.more
    assert seen == made


@pytest.mark.parametrize(
    "change",
    [actions.delete_course, lambda id: actions.edit_course(id, fields={"live": False})],
    ids=["deleted", "no longer what was asked for"],
)
def test_the_feed_tells_what_is_gone(change: Callable[[int], None]) -> None:
    id = actions.create_course(readable_id="course-v1:N+A", title="A", live=True)
    before = feed(live=True)
    change(id)
    after = feed(before.cursor, live=True)
    assert (ids(after), [(each.id, each.readable_id) for each in after.tombstones]) == ([], [(id, "course-v1:N+A")])


def test_the_feed_goes_back_to_a_moment() -> None:
    with clock.fixed(at(1)):
        actions.create_course(readable_id="course-v1:N+OLD", title="Old", live=True)
    new = actions.create_course(readable_id="course-v1:N+NEW", title="New", live=True)
    found = feed(since=at(2))
    assert ids(found) == [new]
    empty = feed(since=at(9))
    assert (empty.bodies, empty.cursor) == ([], found.cursor)


def test_what_becomes_true_with_time_is_a_change_too(seasons: tuple[Course, list[datetime]]) -> None:
    publish(courses=[seasons[0].pk])
    before = feed()
    documents.refresh(at(6))
    assert ids(feed(before.cursor)) == [seasons[0].pk]


# --- deleting


def test_what_was_sold_or_is_required_is_not_deleted() -> None:
    sold, required, free = a_course("A"), a_course("B"), a_course("C")
    a_product(a_run(sold))
    trees.set_requirements(a_program().pk, [all_of(course(required.pk))])
    for kept in (sold, required):
        with pytest.raises(StillNeeded):
            actions.delete_course(kept.pk)
    publish(courses=[free.pk])
    actions.delete_course(free.pk)
    with pytest.raises(CourseNotFound):
        told("course", free.pk)


def test_a_program_that_goes_takes_its_name_out_of_its_courses() -> None:
    one, whole = a_course(), a_program()
    trees.set_requirements(whole.pk, [all_of(course(one.pk))])
    assert told("course", one.pk)["programs"]
    actions.delete_program(whole.pk)
    assert told("course", one.pk)["programs"] == []


def test_modes_are_told_with_what_they_ask_for() -> None:
    a_mode("verified")
    id = actions.create_course(readable_id="course-v1:N+A", title="A", live=True)
    fields = {"title": "A", "courseware_id": "course-v1:N+A+1T", "run_tag": "1T"}
    actions.create_run(id, fields=fields, modes=("verified",))
    assert told("course", id)["courseruns"][0]["enrollment_modes"] == [
        {"mode_slug": "verified", "mode_display_name": "Verified", "requires_payment": True}
    ]
