"""The index follows the catalogue, whatever becomes of the messages that tell of it."""

import os
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction

from corridor.kit.outbox import publish
from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.tests.cast import days, make_resource, publish_now
from corridor.learn.discovery import entries, indexes, indexing, queries, vectors
from corridor.learn.discovery.errors import NotIndexedYet
from corridor.learn.discovery.models import TextVector
from corridor.search import Mode, Search
from corridor.search.errors import EncoderUnavailable
from corridor.search.ports import Vectors
from corridor.search.store import IndexStore
from tests.fixtures.index import Index

pytestmark = pytest.mark.django_db


def found(text: str = "", mode: Mode = Mode.LEXICAL, **filters: list[str]) -> set[int]:
    return {hit.id for hit in queries.search(Search(text=text, mode=mode, filters=filters)).hits}


def changed(resource: LearningResource, **values: Any) -> None:
    for name, value in values.items():
        setattr(resource, name, value)
    resource.save()
    publish_now(resource)


def owe(*resources: int) -> None:
    with transaction.atomic():
        publish(TOPIC, map(str, resources))


def test_what_is_published_is_found_and_what_is_not_is_gone(index: Index) -> None:
    bees, wasps = make_resource("B", title="Bees"), make_resource("W", title="Wasps", published=False)
    publish_now(bees, wasps)
    assert found() == set()
    index.deliver()
    assert found() == {bees.pk}
    changed(wasps, published=True)
    changed(bees, published=False)
    index.deliver()
    assert found("wasps") == found() == {wasps.pk}
    wasps_id = wasps.pk
    with transaction.atomic():
        wasps.delete()
        from corridor.learn.catalog.documents import publish as publish_documents

        publish_documents([wasps_id], now=days(0))
    index.deliver()
    assert found() == set()


def test_hits_carry_the_bytes_that_the_catalogue_serves(index: Index) -> None:
    bees = make_resource("B", title="Bees")
    publish_now(bees)
    index.deliver()
    (hit,) = queries.search(Search(text="bees")).hits
    assert hit.body == bytes(bees.document.body)


def test_messages_may_come_twice_late_and_for_nothing(index: Index) -> None:
    bees = make_resource("B", title="Bees")
    publish_now(bees)
    owe(bees.pk, bees.pk, 999_999)
    index.deliver()
    changed(bees, title="Bumblebees")
    index.deliver()
    state = indexes.resource_store().snapshot().words.versions()
    owe(bees.pk, 999_999)
    index.deliver()
    assert indexes.resource_store().snapshot().words.versions() == state == dict(entries.versions())
    assert found("bumblebees") == {bees.pk}


def test_an_older_version_never_takes_the_place_of_a_later_one(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    bees = make_resource("B", title="Bees")
    publish_now(bees)
    old = entries.load([bees.pk])
    changed(bees, title="Bumblebees")
    index.deliver()
    monkeypatch.setattr(entries, "load", lambda ids: old)
    indexing.apply([bees.pk])
    assert found("bumblebees") == {bees.pk}


def test_meaning_follows_words_and_texts_are_embedded_once(index: Index) -> None:
    bees = make_resource("B", title="Determinants of things")
    publish_now(bees)
    indexing.apply([bees.pk])
    assert found("determinants") == {bees.pk}
    assert indexing.without_vector() == [bees.pk]
    index.deliver()
    assert indexing.without_vector() == []
    assert found("matrices", Mode.SEMANTIC) == {bees.pk}
    calls = index.encoder.calls
    changed(bees, url="https://example.org/elsewhere")
    index.deliver()
    assert indexing.without_vector() == []
    assert TextVector.objects.count() == 1
    assert index.encoder.calls == calls, "its texts are as they were"
    changed(bees, title="Determinants of bees")
    index.deliver()
    assert (TextVector.objects.count(), index.encoder.calls) == (2, calls + 1)


def test_a_rebuild_embeds_nothing_anew(index: Index) -> None:
    publish_now(*(make_resource(f"R{number}", title=f"Course number {number}") for number in range(5)))
    index.deliver()
    calls = index.encoder.calls
    assert indexing.rebuild().documents == 5
    index.deliver()
    assert indexing.without_vector() == []
    assert index.encoder.calls == calls


class Away:
    name = "words-of-the-tests"

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise EncoderUnavailable("The service is down.")


def test_without_the_encoder_words_are_indexed_and_texts_wait(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "encoder", lambda threads: Away())
    bees = make_resource("B", title="Bees")
    publish_now(bees)
    index.deliver()
    assert found("bees", Mode.HYBRID) == {bees.pk}
    (waiting,) = OutboxEvent.objects.all()
    assert (waiting.topic, waiting.attempts, waiting.error) == (indexing.VECTORS_TOPIC, 1, "The service is down.")


def test_while_another_writes_changes_wait(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "IMPATIENT", 0.05)
    bees = make_resource("B", title="Bees")
    publish_now(bees)
    store = indexes.resource_store()
    with IndexStore(store.folder, store.definition, encoder=store.encoder).writer():
        index.deliver()
    (waiting,) = OutboxEvent.objects.all()
    assert (waiting.topic, waiting.attempts) == (TOPIC, 1)
    assert "writing" in waiting.error
    OutboxEvent.objects.update(due_at=days(0))
    index.deliver()
    assert found() == {bees.pk}


def test_an_index_that_is_missing_is_made_with_everything(index: Index) -> None:
    bees, wasps = make_resource("B", title="Bees"), make_resource("W", title="Wasps")
    publish_now(bees, wasps)
    index.deliver()
    (index.home / "index" / "resources" / "CURRENT").unlink()
    with pytest.raises(NotIndexedYet, match="corridor index"):
        found()
    changed(bees, title="Bumblebees")
    index.deliver()
    assert found() == {bees.pk, wasps.pk}


def test_vectors_of_another_encoder_are_replaced(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    bees = make_resource("B", title="Determinants")
    publish_now(bees)
    index.deliver()
    monkeypatch.setattr(index.encoder, "name", "another", raising=False)
    indexes._resource_store.cache_clear()
    indexes._tuned_resources.cache_clear()
    changed(bees, title="Determinants again")
    index.deliver()
    assert indexes.resource_store().snapshot().encoder == "another"
    assert found("matrices", Mode.SEMANTIC) == {bees.pk}


def test_vectors_that_nothing_needs_are_forgotten_in_time(index: Index) -> None:
    bees = make_resource("B", title="Bees")
    publish_now(bees)
    index.deliver()
    changed(bees, title="Bumblebees")
    index.deliver()
    assert vectors.sweep() == 0, "they are young"
    TextVector.objects.update(created_on=days(-300))
    assert vectors.sweep() == 1
    assert TextVector.objects.count() == 1
    indexing.rebuild()
    assert indexing.without_vector() == []


def test_threads_leave_a_processor_to_the_pages() -> None:
    from corridor.learn.discovery.events import THREADS

    assert 1 <= THREADS <= max(1, (os.cpu_count() or 1) - 1)
