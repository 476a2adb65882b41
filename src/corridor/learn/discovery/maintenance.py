"""What commands and a start do with the indexes as a whole."""

import math
import os
import time
from collections.abc import Callable, Mapping

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.content import indexing as content_indexing
from corridor.learn.content.index import TOPIC as CONTENTS_TOPIC
from corridor.search.errors import IndexMissing
from corridor.search.store import IndexStore, Rebuilt

from . import indexing
from .indexes import content_store, resource_store
from .verification import KEPT, drift, repair

# Between two reports of progress; texts of like length are embedded together.
EMBEDDED_AT_ONCE = 64
# A first start waits for so many, and for so many seconds; the rest is left to the relay.
SOON_EMBEDDED, PATIENT_START = 1000, 30.0
STORES: Mapping[str, Callable[[], IndexStore]] = {"resources": resource_store, "contents": content_store}
Note = Callable[[str], None]


def rebuild(name: str, *, allow_shrink: bool, told: Note) -> Rebuilt:
    """Make an index anew from the database. Raises ShrinkRefused, IndexBusy."""
    make: Callable[..., Rebuilt] = indexing.rebuild if name == "resources" else content_indexing.rebuild
    return make(allow_shrink=allow_shrink, patience=indexing.PATIENT, told=lambda done: told(f"{done} documents"))


def mend() -> int:
    """Repair what differs from the database although no message tells of it. Gives how many entries. Raises IndexMissing, IndexBusy."""
    drifts = {name: drift(kept) for name, kept in KEPT.items()}
    return sum(repair(KEPT[name], found) for name, found in drifts.items() if found)


def lacking_vectors() -> int:
    """Resources that are indexed by their words alone. Raises IndexMissing."""
    return len(indexing.without_vector()) if resource_store().encoder else 0


def awaited_vectors() -> int:
    """Resources that a start embeds before it goes on: all when none is embedded yet and they are soon done, otherwise none. Raises IndexMissing."""
    lacking = lacking_vectors()
    return lacking if lacking <= SOON_EMBEDDED and not resource_store().snapshot().vectors.versions() else 0


def unfit() -> list[str]:
    """Indexes that are missing, or were made for another definition or encoder: they are to be rebuilt."""
    return [name for name, store in STORES.items() if not _fits(store())]


def _fits(store: IndexStore) -> bool:
    try:
        return store.snapshot().encoder == store.encoder
    except IndexMissing:
        return False


def embed_everything(told: Note, seconds: float = math.inf) -> int:
    """Embed all that lacks a vector, with all processors, or as much as begins within so many seconds. Gives how many resources.

    Raises IndexMissing, EncoderUnavailable.
    """
    lacking = indexing.without_vector() if resource_store().encoder else []
    began, done = time.monotonic(), 0
    for start in range(0, len(lacking), EMBEDDED_AT_ONCE):
        if time.monotonic() - began > seconds:
            break
        done += indexing.embed(lacking[start : start + EMBEDDED_AT_ONCE], threads=os.cpu_count() or 1)
        told(f"{done} of {len(lacking)} resources, {done / (time.monotonic() - began):.0f} a second")
    return done


def owed(*, words_only: bool) -> int:
    """Messages about the indexes that are still to be delivered. One query."""
    topics = [TOPIC, CONTENTS_TOPIC, *([] if words_only else [indexing.VECTORS_TOPIC])]
    return OutboxEvent.objects.filter(topic__in=topics, dead_at=None).count()
