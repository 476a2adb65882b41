"""Counts beside filters are true over HTTP, too, and operations take as many queries for one result as for many."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.learn.api.searching import ResourceSearch
from tests.fixtures.queries import CountQueries

from .conftest import Catalogue

pytestmark = pytest.mark.django_db

SEARCHES = (
    *(("/api/v1/learning_resources_search/", {"search_mode": mode}) for mode in ("phrase", "best_fields", "hybrid")),
    ("/api/v0/vector_learning_resources_search/", {}),
    ("/api/v0/vector_learning_resources_search/", {"hybrid_search": "true"}),
)
QUESTIONS = ("", "algorithms", "introduction to computer science", "6.006", '"game theory"', "leadership stratgy", "economics")
FACETS = next(list(each.choices) for each in ResourceSearch.parameters if each.name == "aggregations")


def test_a_count_is_the_total_after_adding_the_filter(catalogue: Catalogue, client: Client) -> None:
    def asked(address: str, **query: Any) -> dict[str, Any]:
        answer = client.get(address, query)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(search=st.sampled_from(SEARCHES), question=st.sampled_from(QUESTIONS), chosen=st.data())
    def filtered(search: tuple[str, dict[str, str]], question: str, chosen: st.DataObject) -> None:
        address, mode = search
        query: dict[str, Any] = {**mode, "q": question, "limit": "1"}
        found = asked(address, **query, aggregations=FACETS)
        for _ in range(2):
            facets = found["metadata"]["aggregations"]
            field = chosen.draw(st.sampled_from(sorted(name for name in FACETS if facets[name]) or ["free"]))
            for value in facets[field][:2]:
                narrowed = asked(address, **{**query, field: [value["key"]]}, aggregations=FACETS)
                assert narrowed["count"] == value["doc_count"], (query, field, value)
            if facets[field]:
                query[field], found = [value["key"]], narrowed

    filtered()


def test_pages_neither_repeat_nor_lose_a_result(catalogue: Catalogue, client: Client) -> None:
    for address, mode in SEARCHES:
        for question in ("", "algorithms"):
            whole = client.get(address, {**mode, "q": question, "limit": "100"}).json()
            pages = [
                client.get(address, {**mode, "q": question, "limit": "17", "offset": str(start)}).json() for start in range(0, 102, 17)
            ]
            ids = [row["id"] for page in pages for row in page["results"]]
            assert ids[:100] == [row["id"] for row in whole["results"]]
            assert len(set(ids)) == len(ids)
            assert {page["count"] for page in pages} == {whole["count"]}


LISTS = {
    "resources": "/api/v1/learning_resources/?sortby=new",
    "resources of a type": "/api/v1/videos/?",
    "search": "/api/v1/learning_resources_search/?q=algorithms&platform=ocw&aggregations=topic&highlight=true",
    "search by meaning": "/api/v0/vector_learning_resources_search/?hybrid_search=true&q=algorithms",
    "search of files": "/api/v1/content_file_search/?q=graph",
    "summaries": "/api/v1/learning_resources/summary/?",
    "summaries of some": "/api/v1/learning_resources/summary/?resource_type=video",
    "words for people": "/api/v1/learning_resource_display_info/?",
    "featured": "/api/v1/featured/?",
    "files": "/api/v1/contentfiles/?platform=ocw",
    "topics": "/api/v1/topics/?",
    "departments": "/api/v1/departments/?",
    "schools": "/api/v1/schools/?",
    "platforms": "/api/v1/platforms/?",
    "units": "/api/v1/offerors/?",
    "course features": "/api/v1/course_features/?",
    "channels": "/api/v0/channels/?",
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("limit", [1, 30])
def test_lists_take_the_same_queries_for_one_and_for_many(
    name: str, limit: int, catalogue: Catalogue, client: Client, count_queries: CountQueries
) -> None:
    client.get(f"{LISTS[name]}&limit=1")  # what a process learns once
    with count_queries(f"api: {name}"):
        answer = client.get(f"{LISTS[name]}&limit={limit}")
    assert answer.json()["results"]


def test_parts_and_details_take_the_same_queries_however_much_they_hold(
    catalogue: Catalogue, client: Client, count_queries: CountQueries
) -> None:
    path = client.get("/api/v1/learningpaths/").json()["results"][0]["id"]
    playlist = client.get("/api/v1/video_playlists/?sortby=-id").json()["results"][0]["id"]
    for parent in (path, playlist):
        with count_queries("api: parts"):
            assert client.get(f"/api/v1/learning_resources/{parent}/items/?limit=100").json()["count"] > 3
        with count_queries("api: detail"):
            client.get(f"/api/v1/learning_resources/{parent}/")
        with count_queries("api: similar"):
            client.get(f"/api/v1/learning_resources/{parent}/similar/")
