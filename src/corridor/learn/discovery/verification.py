"""Whether the indexes hold what they should, and how they are mended."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.content import entries as content_entries
from corridor.learn.content import indexing as content_indexing
from corridor.learn.content.index import TOPIC as CONTENTS_TOPIC
from corridor.search import Document
from corridor.search.model import Drift
from corridor.search.store import IndexStore

from . import entries, indexing
from .indexes import content_store, resource_store

# What differs is looked at again after so many seconds: it may have been on its way.
A_MOMENT = 0.5


@dataclass(frozen=True)
class Kept:
    """An index and what it should hold."""

    store: Callable[[], IndexStore]
    versions: Callable[[], Iterable[tuple[int, int]]]
    entries: Callable[[Collection[int]], Sequence[Document]]
    waiting: Callable[[], set[int]]  # entries that undelivered messages tell of


def _content_documents(ids: Collection[int]) -> list[Document]:
    versions = content_entries.versions()
    return content_entries.documents(content_entries.shapes({id: versions[id] for id in ids if id in versions}))


KEPT = {
    "resources": Kept(
        resource_store,
        entries.versions,
        lambda ids: indexing.with_vectors(entries.load(ids))[0],
        lambda: owed(TOPIC),
    ),
    "contents": Kept(
        content_store,
        lambda: content_entries.versions().items(),
        _content_documents,
        lambda: content_indexing.ids_of(owed(CONTENTS_TOPIC) | owed(TOPIC)),
    ),
}


def owed(topic: str) -> set[int]:
    """Resources that messages of a topic tell of which are still to be delivered."""
    return {int(id) for id in OutboxEvent.objects.filter(topic=topic, dead_at=None).values_list("aggregate", flat=True)}


def drift(kept: Kept) -> Drift:
    """What is missing, stale or too much in an index, changes on their way aside. Raises IndexMissing."""
    found = kept.store().verify(kept.versions())
    if not found:
        return found
    time.sleep(A_MOMENT)
    again, waiting = kept.store().verify(kept.versions()), kept.waiting()

    def lasting(first: Sequence[int], second: Sequence[int]) -> list[int]:
        return sorted({*first}.intersection(second) - waiting)

    return Drift(lasting(found.missing, again.missing), lasting(found.stale, again.stale), lasting(found.extra, again.extra))


def repair(kept: Kept, found: Drift) -> int:
    """Write what is missing or stale and delete what is too much. Gives how many entries were touched. Raises IndexBusy."""
    with kept.store().writer(indexing.PATIENT) as writer:
        # An entry of a later version than the database's, as after a restored back-up, would not give way.
        writer.apply(deletes=[*found.stale, *found.extra])
        writer.apply(kept.entries([*found.missing, *found.stale]))
    return len(found.missing) + len(found.stale) + len(found.extra)
