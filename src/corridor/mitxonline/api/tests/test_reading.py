"""What anybody may read of the catalogue, over the API."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from corridor.kit import clock
from corridor.mitxonline.catalog import actions, documents, trees
from corridor.mitxonline.catalog.models import Course, Department, Program, ProgramCollection, ProgramCollectionItem, Topic
from corridor.mitxonline.catalog.requirements import all_of, course, min_number_of
from corridor.mitxonline.catalog.tests.cast import NOW, a_course, a_product, a_program, a_run, at
from tests.fixtures.database import for_many_tests
from tests.fixtures.queries import CountQueries

pytestmark = pytest.mark.django_db
V = "/mitxonline/api/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@transaction.atomic
def publish_all() -> None:
    documents.publish(
        courses=list(Course.objects.values_list("id", flat=True)), programs=list(Program.objects.values_list("id", flat=True))
    )


@pytest.fixture(scope="module")
def made_shelf(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Course]]:
    with for_many_tests(django_db_blocker), clock.fixed(NOW):
        yield make_shelf()


@pytest.fixture
def shelf(made_shelf: list[Course], db: None) -> list[Course]:
    return copy.deepcopy(made_shelf)


def make_shelf() -> list[Course]:
    """Fifteen courses of one department and topic, each with an open run that is for sale; programs and a collection of them."""
    physics, light = Department.objects.create(name="Physics", slug="physics"), Topic.objects.create(name="Light")
    courses = [a_course(f"LN.{number:02}x") for number in range(15)]
    for each in courses:
        each.departments.add(physics)
        each.topics.add(light)
        a_product(a_run(each))
    programs = [a_program(f"P{number}") for number in range(4)]
    publish_all()
    for each in programs:
        trees.set_requirements(each.pk, [all_of(course(courses[0].pk)), min_number_of(1, *(course(part.pk) for part in courses[1:4]))])
    collection = ProgramCollection.objects.create(title="Lamps", description="To read by.")
    for position, each in enumerate(programs):
        ProgramCollectionItem.objects.create(collection=collection, program=each, position=position)
    publish_all()
    return courses


def read(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"{V}{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_pages_are_numbered(client: Client, shelf: list[Course]) -> None:
    first = read(client, "v2/courses/")
    assert (first["count"], len(first["results"]), first["previous"]) == (15, 12, None)
    second = client.get(first["next"]).json()
    assert [row["id"] for row in first["results"] + second["results"]] == [each.pk for each in shelf]
    assert second["next"] is None
    assert client.get(second["previous"]).json()["results"] == first["results"]
    assert len(read(client, "v2/courses/", page=3, page_size=7)["results"]) == 1
    assert read(client, "v2/courses/", page=9)["results"] == []


def test_version_1_gives_the_whole_list_unless_asked_for_a_page(client: Client, shelf: list[Course]) -> None:
    whole = read(client, "v1/courses/")
    assert (len(whole["results"]), whole["next"]) == (15, None)
    assert len(read(client, "v1/courses/", page=1)["results"]) == 12
    assert len(read(client, "v1/programs/")["results"]) == 4


def test_a_course_is_found_by_number_and_by_id(client: Client, shelf: list[Course]) -> None:
    one = shelf[3]
    assert read(client, f"v2/courses/{one.pk}/") == read(client, f"v2/courses/{one.readable_id}/")
    program = Program.objects.latest("id")
    assert read(client, f"v2/programs/{program.readable_id}/")["id"] == program.pk


@pytest.mark.parametrize(
    "path",
    ["v2/courses/99999999/", "v2/courses/course-v1:N+NONE/", "v1/courses/99999999999999999999999/", "v2/programs/7777777/", "v1/course_runs/888888/", "v2/departments/777777/", "v0/products/7777777/", "v0/products/99999999999999999999999/", "v2/program-collections/777777/"],
)  # fmt: skip
def test_what_is_not_there_is_said_to_programs_as_json(client: Client, path: str) -> None:
    answer = client.get(f"{V}{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] in ("course_not_found", "not_found")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("v2/courses/?fields=id", "fields"),
        ("v2/courses/?page=0", "page"),
        ("v2/courses/?page_size=101", "page_size"),
        ("v2/courses/?live=maybe", "live"),
        ("v2/courses/?id=1,two", "id"),
        ("v2/courses/?courseruns__language=klingon", "courseruns__language"),
        ("v2/courses/?updated_since=yesterday", "updated_since"),
        ("v2/courses/?updated_since=2026-03-02T12:00:00", "updated_since"),
        ("v2/courses/?updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"),
        ("v2/courses/?cursor=0&page=2", "page"),
        ("v2/courses/?cursor=0&courseruns__language=fr", "courseruns__language"),
        ("v1/departments/?page=1", "page"),
        ("v3/courses/variant_runs/?course_id=x", "course_id"),
    ],
)
def test_what_is_not_meant_is_refused(client: Client, path: str, name: str) -> None:
    answer = client.get(f"{V}{path}")
    assert answer.status_code == 400
    assert [*answer.json()["errors"]] == [name]


def test_filters_choose(client: Client, shelf: list[Course]) -> None:
    hidden, closed = shelf[0], shelf[1]
    actions.edit_course(hidden.pk, fields={"live": False}, prospectus={"live": False})
    actions.edit_run(closed.runs.get().pk, fields={"enrollment_end": at(2, 3)})
    for version in ("v1", "v2"):
        listed = {
            name: {row["id"] for row in read(client, f"{version}/courses/", page_size=100, page=1, **query)["results"]}
            for name, query in {
                "all": {},
                "live": {"live": "true"},
                "not live": {"live": "false"},
                "page": {"page__live": "false"},
                "open": {"courserun_is_enrollable": "true"},
                "not open": {"courserun_is_enrollable": "false"},
                "named": {"readable_id": closed.readable_id},
                "numbered": {"id": closed.pk},
            }.items()
        }
        assert listed["all"] == listed["live"] | {hidden.pk}
        assert listed["not live"] == listed["page"] == {hidden.pk}
        assert listed["open"] == listed["all"] - {closed.pk}
        assert listed["not open"] == listed["named"] == listed["numbered"] == {closed.pk}
    assert len(read(client, "v2/courses/", id=f"{hidden.pk},{closed.pk}")["results"]) == 2


def test_organizations_programs_are_for_their_members(client: Client, shelf: list[Course]) -> None:
    inside = a_program("INSIDE", b2b_only=True)
    publish_all()
    assert inside.pk not in {row["id"] for row in read(client, "v2/programs/", page_size=100)["results"]}
    assert client.get(f"{V}v2/programs/{inside.readable_id}/").status_code == 404
    assert client.get(f"{V}v1/programs/{inside.pk}/").status_code == 404
    for query in ({"org_id": 1}, {"contract_id": 1}):
        assert read(client, "v2/programs/", **query)["results"] == read(client, "v2/courses/", **query)["results"] == []
    assert read(client, "v3/courses/variant_runs/", contract=1) == []


def test_variants_are_listed_when_asked_for(client: Client) -> None:
    one, other = a_course("ONE"), a_course("OTHER")
    original = a_run(one, "1T")
    french = a_run(one, "1T", courseware_id="course-v1:N+ONE+1T_fr", language="fr", is_primary_language=False)
    a_run(other, "1T")
    publish_all()
    assert [run["id"] for run in read(client, f"v2/courses/{one.pk}/")["courseruns"]] == [original.pk]
    (found,) = read(client, "v2/courses/", courseruns__language="fr")["results"]
    assert [(run["id"], run["language_label"]) for run in found["courseruns"]] == [(french.pk, "Français")]
    assert read(client, "v2/courses/", courseruns__variant_length="S")["results"] == []
    (group,) = read(client, "v3/courses/variant_runs/", language="fr")
    assert (group["id"], [run["id"] for run in group["courseruns"]]) == (one.pk, [french.pk])
    assert [group["id"] for group in read(client, "v3/courses/variant_runs/", course_id=[one.pk, other.pk])] == [one.pk, other.pk]


def test_runs_that_matter_to_a_course_or_a_program(client: Client, shelf: list[Course]) -> None:
    program = Program.objects.earliest("id")
    assert [row["course"]["id"] for row in read(client, "v1/course_runs/", relevant_to=shelf[5].readable_id)] == [shelf[5].pk]
    assert [row["course"]["id"] for row in read(client, "v1/course_runs/", relevant_to=program.readable_id)] == [
        each.pk for each in shelf[:4]
    ]
    run = shelf[5].runs.get()
    assert read(client, f"v1/course_runs/{run.pk}/")["courseware_id"] == run.courseware_id
    assert [row["id"] for row in read(client, "v1/course_runs/", id=run.pk, live="true")] == [run.pk]


def test_departments_and_collections_tell_what_they_hold(client: Client, shelf: list[Course]) -> None:
    (counted,), (listed,) = read(client, "v1/departments/"), read(client, "v2/departments/")
    assert (counted["name"], counted["courses"], counted["programs"]) == ("Physics", 15, 0)
    assert (listed["slug"], listed["course_ids"]) == ("physics", [each.pk for each in shelf])
    assert read(client, f"v2/departments/{listed['id']}/") == listed
    (collection,) = read(client, "v2/program-collections/")["results"]
    assert [row["order"] for row in collection["programs"]] == [0, 1, 2, 3]
    assert read(client, f"v2/program-collections/{collection['id']}/") == collection


def test_products_tell_what_they_sell(client: Client, shelf: list[Course]) -> None:
    program, kept = Program.objects.earliest("id"), a_program("INSIDE", b2b_only=True)
    a_product(program, "450.00")
    a_product(kept)
    page = read(client, "v0/products/", limit=100)
    assert page["count"] == 16
    run, sold_program = page["results"][0]["purchasable_object"], page["results"][-1]["purchasable_object"]
    assert (run["course"]["id"], sold_program["readable_id"], page["results"][-1]["price"]) == (shelf[0].pk, program.readable_id, "450.00")
    assert read(client, f"v0/products/{page['results'][0]['id']}/") == page["results"][0]


def test_changes_can_be_followed(client: Client, shelf: list[Course]) -> None:
    whole = read(client, "v2/courses/", cursor=0, live="true", page_size=10)
    rest = client.get(whole["next"]).json()
    assert {row["id"] for row in whole["results"] + rest["results"]} == {each.pk for each in shelf}
    assert (rest["next"], rest["tombstones"]) == (None, [])
    actions.edit_course(shelf[0].pk, fields={"title": "Renamed"})
    actions.edit_course(shelf[1].pk, fields={"live": False})
    now = read(client, "v2/courses/", cursor=rest["cursor"], live="true")
    assert ([row["title"] for row in now["results"]], [row["readable_id"] for row in now["tombstones"]]) == (
        ["Renamed"],
        [shelf[1].readable_id],
    )
    since = read(client, "v2/courses/", updated_since=NOW.isoformat(), page_size=1)
    assert "updated_since" not in since["next"]
    assert read(client, "v2/programs/", updated_since=at(1, 5).isoformat())["results"] == []


def test_a_cursor_that_no_answer_gave_begins_anew(client: Client, shelf: list[Course]) -> None:
    answer = client.get(f"{V}v2/courses/?cursor=999999999")
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_unknown")


def test_what_a_client_has_already_is_not_sent_again(client: Client, shelf: list[Course]) -> None:
    for path in ("v2/courses/", "v2/courses/?cursor=0", f"v1/courses/{shelf[0].pk}/", "v2/departments/"):
        first = client.get(f"{V}{path}")
        again = client.get(f"{V}{path}", headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    actions.edit_course(shelf[0].pk, fields={"title": "Renamed"})
    assert client.get(f"{V}v2/courses/", headers={"If-None-Match": client.get(f"{V}v2/courses/?page=2")["ETag"]}).status_code == 200


LISTS = {
    "courses, version 1": "v1/courses/?page=1",
    "courses": "v2/courses/?",
    "open courses": "v2/courses/?courserun_is_enrollable=true",
    "courses in a language": "v2/courses/?courseruns__language=en",
    "changes of courses": "v2/courses/?cursor=0",
    "programs, version 1": "v1/programs/?page=1",
    "programs": "v2/programs/?",
    "collections": "v2/program-collections/?",
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", [1, 50])
def test_lists_take_the_same_queries_for_one_and_for_many(
    name: str, size: int, client: Client, shelf: list[Course], count_queries: CountQueries
) -> None:
    with count_queries(f"mitxonline: {name}"):
        assert read(client, f"{LISTS[name]}&page_size={size}")["results"]


WHOLES = {"runs": "v1/course_runs/", "departments": "v2/departments/", "variants": "v3/courses/variant_runs/", "products": "v0/products/", "a course": "v2/courses/course-v1:NorthmereX+LN.00x/"}  # fmt: skip


@pytest.mark.parametrize("name", WHOLES)
def test_reads_take_few_queries(name: str, client: Client, shelf: list[Course], count_queries: CountQueries) -> None:
    with count_queries(f"mitxonline: {name}"):
        assert read(client, WHOLES[name])


@pytest.mark.parametrize("late", [1, 15])
def test_documents_past_their_time_are_made_anew_together(
    late: int, client: Client, shelf: list[Course], count_queries: CountQueries
) -> None:
    for each in shelf[:late]:
        actions.edit_run(each.runs.get().pk, fields={"enrollment_end": at(20)})
    with clock.fixed(at(21)), count_queries("mitxonline: courses past their time"):
        shown = read(client, "v2/courses/", page_size=50)["results"]
    assert [row["courseruns"][0]["is_enrollable"] for row in shown] == [number >= late for number in range(15)]


@pytest.mark.parametrize(
    "address",
    [
        "v2/courses/a%00b/",
        "v2/courses/99999999999999999999/",
        "v1/courses/99999999999999999999/",
        "v0/products/99999999999999999999/",
        "v2/courses/?readable_id=a%00",
        "v2/courses/?cursor=99999999999999999999",
        "v2/courses/?updated_since=0001-01-01T00:00:00%2B05:00",
        "v3/courses/variant_runs/?course_id=99999999999999999999",
    ],
)
def test_absurd_addresses_are_refused(address: str) -> None:
    assert Client().get(f"/mitxonline/api/{address}").status_code in (400, 404)
