"""What staff change shows in every process within seconds."""

import pytest
from django.test import TestCase

from corridor.learn.catalog.tests.cast import make_resource, publish_now
from corridor.learn.discovery import indexes, queries, tuning
from corridor.learn.discovery.models import Boost, SynonymSet
from corridor.search import Search
from tests.fixtures.index import Index

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "FRESH_SECONDS", 0.0)


def titles(text: str, searcher: object = None) -> list[int]:
    asked = searcher.searcher().search(Search(text=text)) if isinstance(searcher, indexes.Tuned) else queries.search(Search(text=text))
    return [hit.id for hit in asked.hits]


def another_process() -> indexes.Tuned:
    return indexes.Tuned(indexes.resource_store(), None, tuning.load)


def test_a_synonym_works_at_once_everywhere_and_ends_when_it_is_switched_off(index: Index, at_once: None) -> None:
    film = make_resource("F", title="Film and society")
    publish_now(film)
    index.deliver()
    other = another_process()
    assert titles("flicks", other) == []
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = SynonymSet.objects.create(terms=["film", "flicks"])
    assert titles("flicks") == titles("flicks", other) == [film.pk]
    made.enabled = False
    with TestCase.captureOnCommitCallbacks(execute=True):
        made.save()
    assert titles("flicks", other) == []


def test_a_boost_moves_a_resource(index: Index, at_once: None) -> None:
    resources = [make_resource(f"F{number}", title="Film and society again", description="On film.") for number in range(3)]
    publish_now(*resources)
    index.deliver()
    assert titles("film society")[0] == resources[0].pk
    with TestCase.captureOnCommitCallbacks(execute=True):
        Boost.objects.create(query="film society", resource=resources[2], factor=3)
    assert titles("film society")[0] == resources[2].pk
    with TestCase.captureOnCommitCallbacks(execute=True):
        Boost.objects.all().delete()
    assert titles("film society")[0] == resources[0].pk


def test_a_change_that_is_rolled_back_is_not_told(index: Index) -> None:
    before = tuning.token()
    with TestCase.captureOnCommitCallbacks() as callbacks:
        SynonymSet.objects.create(terms=["film", "flicks"])
    assert callbacks
    assert tuning.token() == before


def test_a_search_asks_the_database_nothing_once_the_tuning_is_known(index: Index, django_assert_num_queries: object) -> None:
    queries.search(Search(text="film"))
    with django_assert_num_queries(0):
        queries.search(Search(text="film", facets=("topic", "level"), highlight=True))


def test_searches_go_on_when_the_cache_is_away(index: Index, at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(key: str) -> None:
        raise ConnectionError("no route")

    film = make_resource("F", title="Film")
    publish_now(film)
    index.deliver()
    monkeypatch.setattr(tuning.cache, "get", away)
    assert titles("film") == [film.pk]
