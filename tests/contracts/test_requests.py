"""What a request may ask, what it is told when it asks wrongly, and what it may keep."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from corridor.learn.catalog.models import Platform

from .conftest import Catalogue

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/learning_resources_search/"


@pytest.mark.parametrize(
    ("query", "parameter", "told"),
    [
        ("colour=red", "colour", "is no parameter here. There are: q, limit"),
        ("resource_type=coarse", "resource_type", "It takes: course, program, learning_path"),
        ("level=graduate,wizard", "level", "has no value “wizard”"),
        ("platform=betamax", "platform", "It takes: bootcamps, canvas"),
        ("department=99", "department", "21A"),
        ("offered_by=moon", "offered_by", "ocw"),
        ("free=perhaps", "free", "takes true or false, not “perhaps”."),
        ("limit=0", "limit", "a whole number from 1 to 100"),
        ("limit=101", "limit", "a whole number from 1 to 100"),
        ("limit=ten", "limit", "not “ten”"),
        ("limit=", "limit", "a whole number"),
        ("limit=²", "limit", "a whole number"),
        ("limit=5&limit=6", "limit", "is given more than once"),
        ("offset=-1", "offset", "a whole number from 0"),
        ("offset=99999999999999999999", "offset", "a whole number from 0"),
        ("id=1&id=one", "id", "a whole number"),
        ("sortby=mood", "sortby", "It takes: id, -id"),
        ("aggregations=title", "aggregations", "It takes: resource_type"),
        ("search_mode=telepathy", "search_mode", "best_fields"),
        ("min_score=51", "min_score", "a number from 0 to 50"),
        ("min_score=nan", "min_score", "a number from 0 to 50"),
        ("q=a%00b", "q", "code 0"),
        ("q=" + "a" * 2001, "q", "it takes up to 2000"),
        ("topic=", "topic", "is empty"),
        ("%00=1", "", "is no parameter here"),
        ("&".join(f"topic={number}" for number in range(201)), "topic", "it takes up to 200"),
    ],
)
def test_what_is_not_meant_is_refused_with_its_reason(query: str, parameter: str, told: str, catalogue: Catalogue, client: Client) -> None:
    answer = client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "bad_parameters"
    assert list(problem["errors"]) == [parameter]
    assert told in problem["errors"][parameter][0]
    assert problem["errors"][parameter][0] in problem["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "q='; DROP TABLE learn_learningresource; --",
        "q=<script>alert(1)</script>",
        "q=%FF%FE%ED%A0%80",
        "q=%5B%28%2A%7B%22",
        'q="',
        "q=title:* AND NOT (",
        "q=" + "algorithms " * 150,
        "q=\u202e\u0301\U0001f9d1",
        "topic=%22%5C",
        "readable_id=..%2F..%2Fetc%2Fpasswd",
        "q=&offset=1000000000",
    ],
)
def test_hostile_words_are_only_words(query: str, catalogue: Catalogue, client: Client) -> None:
    address = "/api/v1/courses/" if query.startswith("readable_id") else SEARCH
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 200
    assert len(answer.json()["results"]) <= 10


def test_a_platform_can_be_asked_for_as_soon_as_it_is_there(catalogue: Catalogue, client: Client) -> None:
    assert client.get(f"{SEARCH}?platform=lantern").status_code == 400
    Platform.objects.create(code="lantern", name="Lantern")
    assert client.get(f"{SEARCH}?platform=lantern").json()["count"] == 0


def test_values_may_be_repeated_or_joined(catalogue: Catalogue, client: Client) -> None:
    def total(query: str) -> int:
        return int(client.get(f"/api/v1/learning_resources/?{query}").json()["count"])

    course, video = total("resource_type=course"), total("resource_type=video")
    assert min(course, video) > 0
    assert total("resource_type=course&resource_type=video") == total("resource_type=course,video") == course + video


def test_pages_lead_to_one_another_and_keep_the_question(catalogue: Catalogue, client: Client) -> None:
    address, seen, turns = "/api/v1/videos/?sortby=-id&limit=7&free=true", [], 0
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        turns += 1
        address = page["next"]
        if address:
            assert ("free", "true") in parse_qsl(urlsplit(address).query)
    assert turns > 2
    assert len(seen) == len(set(seen)) == page["count"]
    assert seen == sorted(seen, reverse=True)
    back = client.get(page["previous"]).json()
    assert [row["id"] for row in back["results"]] == seen[-7 - len(page["results"]) : -len(page["results"])]


def test_a_type_and_a_filter_of_another_type_have_nothing_in_common(catalogue: Catalogue, client: Client) -> None:
    assert client.get("/api/v1/courses/?resource_type=video").json()["count"] == 0
    assert client.get("/api/v1/courses/?resource_type=video,course").json()["count"] > 0


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/learning_resources/999999999/",
        "/api/v1/learning_resources/99999999999999999999999/",
        "/api/v1/learning_resources/999999999/items/",
        "/api/v1/learning_resources/99999999999999999999999/similar/",
        "/api/v1/courses/999999999/contentfiles/",
        "/api/v1/contentfiles/99999999999999999999999/",
        "/api/v1/featured/999999999/",
        "/api/v1/learning_resource_display_info/999999999/",
        "/api/v1/learning_resource_display_info/99999999999999999999999/",
        "/api/v1/featured/99999999999999999999999/",
        "/api/v1/courses/99999999999999999999999/contentfiles/",
        "/api/v0/channels/99999999999999999999999/",
        "/api/v1/topics/999999999/",
        "/api/v1/platforms/betamax/",
        "/api/v1/departments/%00/",
        "/api/v0/channels/type/topic/nothing/",
        "/api/v0/channels/type/topic/%00/",
        "/api/v0/channels/counts/mood/",
        "/api/v0/channels/999999999/",
    ],
)
def test_what_is_not_there_is_told_so(address: str, catalogue: Catalogue, client: Client) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_a_detail_belongs_to_its_type(catalogue: Catalogue, client: Client) -> None:
    video = client.get("/api/v1/videos/?limit=1").json()["results"][0]["id"]
    assert client.get(f"/api/v1/videos/{video}/").json()["id"] == video
    assert client.get(f"/api/v1/courses/{video}/").status_code == 404


def test_only_reading_is_allowed(catalogue: Catalogue, client: Client) -> None:
    assert client.post(SEARCH).status_code == 405
    head = client.head(SEARCH)
    assert (head.status_code, head.content) == (200, b"")


def test_public_answers_are_kept_for_a_short_while_and_not_sent_twice(catalogue: Catalogue, client: Client) -> None:
    for address in (f"{SEARCH}?q=algorithms", "/api/v1/topics/", "/api/v0/channels/", "/api/v1/courses/"):
        first = client.get(address)
        assert first.headers["Cache-Control"] == "public, max-age=30"
        assert "Cookie" not in first.headers.get("Vary", "")
        assert not first.headers["ETag"].startswith("W/")
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_who_asks_is_told_to_themselves_alone(catalogue: Catalogue, client: Client) -> None:
    anonymous = client.get("/api/v0/users/me/")
    assert anonymous.json()["is_authenticated"] is False
    assert anonymous.cookies["csrftoken"].value
    assert anonymous.headers["Cache-Control"] == "private, no-store"
    dean = client.get("/api/v0/users/me/", headers={"Cookie": catalogue.staff_cookie}).json()
    assert (dean["username"], dean["is_authenticated"], dean["is_learning_path_editor"]) == ("dean", True, True)


def test_the_text_of_files_is_for_staff(catalogue: Catalogue, client: Client) -> None:
    file = next(row["id"] for row in client.get("/api/v1/contentfiles/?limit=100").json()["results"])
    assert "content" not in client.get(f"/api/v1/contentfiles/{file}/").json()
    assert "content" in client.get(f"/api/v1/contentfiles/{file}/", headers={"Cookie": catalogue.staff_cookie}).json()
    assert client.get("/api/v0/vector_content_files_search/").status_code == 403
    assert client.get(f"{SEARCH}?dev_mode=true").status_code == 403
    explained = client.get(f"{SEARCH}?q=algorithms&dev_mode=true", headers={"Cookie": catalogue.staff_cookie}).json()
    assert set(explained["metadata"]["explanations"]) == {str(row["id"]) for row in explained["results"]}


def test_files_of_a_resource_are_its_own(catalogue: Catalogue, client: Client) -> None:
    course = client.get("/api/v1/courses/?platform=ocw&limit=1").json()["results"][0]["id"]
    files = client.get(f"/api/v1/courses/{course}/contentfiles/?limit=100").json()["results"]
    assert {file["resource_id"] for file in files} == {str(course)}
    run = files[0]["run_id"]
    assert (
        client.get(f"/api/v1/contentfiles/?run_id={run}&limit=1").json()["count"]
        == client.get(f"/api/v1/learning_resources/{course}/contentfiles/?limit=1").json()["count"]
    )
    assert client.get(f"/api/v1/courses/{course}/contentfiles/?resource_id=1&limit=1").json()["count"] == (1 if course == 1 else 0)


def test_featured_resources_come_in_their_order_with_their_positions(catalogue: Catalogue, client: Client) -> None:
    featured = client.get("/api/v1/featured/?limit=12").json()
    assert [row["position"] for row in featured["results"]] == [0, 1, 2, 3]
    second = featured["results"][1]
    assert client.get(f"/api/v1/featured/{second['id']}/").json() == second
    assert client.get(f"/api/v1/featured/?resource_id={second['id']}").json()["results"] == [second]
    assert client.get("/api/v1/featured/?resource_type=podcast").json()["count"] == 0


def test_highlights_mark_what_was_found_and_escape_the_rest(catalogue: Catalogue, client: Client) -> None:
    found = client.get(f"{SEARCH}?q=algorithms&highlight=true").json()
    snippets = [text for each in found["metadata"]["highlights"].values() for text in each.values()]
    assert any("<mark>" in text.lower() for text in snippets)
    assert all("<" not in text.replace("<mark>", "").replace("</mark>", "") for text in snippets)
    assert "highlights" not in client.get(f"{SEARCH}?q=algorithms").json()["metadata"]


def test_channels_tell_how_much_they_lead_to(catalogue: Catalogue, client: Client) -> None:
    counts = client.get("/api/v0/channels/counts/topic/").json()
    fullest = max(counts, key=lambda each: each["counts"]["courses"])
    channel = client.get(f"/api/v0/channels/type/topic/{fullest['name']}/").json()
    assert channel == client.get(f"/api/v0/channels/{fullest['id']}/").json()
    found = client.get(f"{SEARCH}?{channel['search_filter']}&resource_type_group=course&show_ocw_files=true").json()
    assert found["count"] == fullest["counts"]["courses"] > 0


def test_neighbours_come_at_once_where_no_page_is_asked_for(catalogue: Catalogue, client: Client) -> None:
    found = client.get("/api/v0/vector_learning_resources_search/?hybrid_search=true&q=algorithms&aggregations=topic").json()
    assert len(found["results"]) == found["count"] > 10
    assert found["next"] is None
    assert client.get("/api/v0/vector_learning_resources_search/?limit=500&offset=600").status_code == 400
    assert client.get("/api/v0/vector_learning_resources_search/?title__isnull=true").json()["count"] == 0


def test_the_documentation_is_a_page_of_our_own(catalogue: Catalogue, client: Client) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "http" not in page.content.decode().replace('href="/', "")
    for name in ("learn-v1", "learn-v0"):
        assert f"/api/schema/{name}.json" in page.content.decode()
        assert client.get(f"/api/schema/{name}.json").json()["openapi"].startswith("3.")
    assert client.get("/api/schema/moon-v1.json").status_code == 404
