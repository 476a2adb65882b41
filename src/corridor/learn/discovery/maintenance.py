"""What commands and a start do with the indexes as a whole."""

import os
from collections.abc import Callable, Mapping

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.content import indexing as content_indexing
from corridor.learn.content.index import TOPIC as CONTENTS_TOPIC
from corridor.search.errors import IndexMissing
from corridor.search.store import IndexStore, Rebuilt

from . import indexing
from .indexes import content_store, resource_store

EMBEDDED_AT_ONCE = 64

REBUILDS: Mapping[str, Callable[[bool, Callable[[int], None]], Rebuilt]] = {
    "resources": lambda allow_shrink, told: indexing.rebuild(allow_shrink=allow_shrink, told=told),
    "contents": lambda allow_shrink, told: content_indexing.rebuild(allow_shrink=allow_shrink, told=told, patience=indexing.PATIENT),
}
STORES: Mapping[str, Callable[[], IndexStore]] = {"resources": resource_store, "contents": content_store}


def unfit() -> list[str]:
    """Indexes that are missing, or were made for another definition or encoder: they are to be rebuilt."""
    return [name for name, store in STORES.items() if not _fits(store())]


def _fits(store: IndexStore) -> bool:
    try:
        return store.snapshot().encoder == store.encoder
    except IndexMissing:
        return False


def embed_everything(told: Callable[[int, int], None]) -> int:
    """Embed all that lacks a vector, with all processors. Gives how many resources; `told` is told how many of how many are done.

    Raises IndexMissing, EncoderUnavailable.
    """
    if not resource_store().encoder:
        return 0
    lacking = indexing.without_vector()
    done = 0
    for start in range(0, len(lacking), EMBEDDED_AT_ONCE):
        done += indexing.embed(lacking[start : start + EMBEDDED_AT_ONCE], threads=os.cpu_count() or 1)
        told(min(start + EMBEDDED_AT_ONCE, len(lacking)), len(lacking))
    return done


def owed(*, words_only: bool) -> int:
    """Messages about the indexes that are still to be delivered. One query."""
    topics = [TOPIC, CONTENTS_TOPIC, *([] if words_only else [indexing.VECTORS_TOPIC])]
    return OutboxEvent.objects.filter(topic__in=topics, dead_at=None).count()
