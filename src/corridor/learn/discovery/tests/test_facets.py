"""Counts beside filters are true: on the demo catalogue, for questions and filters of any kind."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from corridor.learn.demo.actions import load_demo
from corridor.learn.discovery import indexing, queries
from corridor.learn.discovery.index import RESOURCES
from corridor.search import Mode, Search
from tests.fixtures.index import index_in

FACETS = tuple(keyword.name for keyword in RESOURCES.keywords if keyword.facet)
QUESTIONS = ("", "climate", "introductory python", "history of cities", "machne lerning", '"supply chain"', "CS.101", "graduate economics")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Path:
    """A home folder with the demo in its indexes; the database is left as it was."""
    home = tmp_path_factory.mktemp("demo")
    with index_in(home), django_db_blocker.unblock(), transaction.atomic():
        load_demo()
        indexing.rebuild()
        indexing.embed(indexing.without_vector(), threads=1)
        transaction.set_rollback(True)
    return home


@pytest.fixture
def demo(db: None, demo_home: Path) -> Iterator[None]:
    with index_in(demo_home):
        yield


def total(text: str, mode: Mode, filters: Mapping[str, Sequence[str]]) -> int:
    return queries.search(Search(text=text, mode=mode, filters=filters, limit=0)).total


def test_a_count_is_what_a_click_gives(demo: None) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(text=st.sampled_from(QUESTIONS), mode=st.sampled_from(Mode), chosen=st.data())
    def clicked(text: str, mode: Mode, chosen: st.DataObject) -> None:
        filters: dict[str, list[str]] = {}
        for _ in range(chosen.draw(st.integers(0, 2))):
            facets = queries.search(Search(text=text, mode=mode, filters=filters, facets=FACETS, limit=0)).facets
            field = chosen.draw(st.sampled_from(sorted(name for name in FACETS if facets[name]) or ["free"]))
            if facets[field]:
                filters[field] = [chosen.draw(st.sampled_from(facets[field])).value]
        results = queries.search(Search(text=text, mode=mode, filters=filters, facets=FACETS, limit=0))
        for field in FACETS:
            for counted in results.facets[field][:3]:
                assert counted.count == total(text, mode, {**filters, field: [counted.value]}), (text, mode, filters, field, counted)

    clicked()


def test_pages_neither_repeat_nor_lose_a_result(demo: None) -> None:
    for text in QUESTIONS:
        for mode in Mode:
            whole = [hit.id for hit in queries.search(Search(text=text, mode=mode, limit=500)).hits]
            pages = [
                hit.id for start in range(0, 500, 23) for hit in queries.search(Search(text=text, mode=mode, offset=start, limit=23)).hits
            ]
            assert pages == whole
            assert len(set(whole)) == len(whole) == total(text, mode, {})


def test_every_order_gives_everything(demo: None) -> None:
    everything = {hit.id for hit in queries.search(Search(limit=500)).hits}
    for sort in RESOURCES.sorts:
        assert {hit.id for hit in queries.search(Search(sort=sort.name, limit=500)).hits} == everything, sort.name
