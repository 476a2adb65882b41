"""What discovery does when something changes elsewhere."""

import os
from collections.abc import Sequence

from corridor.kit.outbox import Delivery, receiver
from corridor.learn.catalog.documents import TOPIC
from corridor.search.errors import EncoderUnavailable, IndexBusy

from . import indexing, tuning

tuning.listen()

# Many at once cost little more than one; embedding is slow, and what comes after it waits.
WORDS_AT_ONCE, TEXTS_AT_ONCE = 2000, 16
# Pages are served from the same processors.
THREADS = max(1, (os.cpu_count() or 1) // 2)


@receiver(TOPIC, batch=WORDS_AT_ONCE)
def index(messages: Sequence[Delivery]) -> dict[int, str] | None:
    """A resource's document changed, or the resource is gone."""
    try:
        indexing.apply(_ids(messages), patience=indexing.IMPATIENT)
    except IndexBusy as error:
        return _later(messages, error)
    return None


@receiver(indexing.VECTORS_TOPIC, batch=TEXTS_AT_ONCE, patient=True)
def embed(messages: Sequence[Delivery]) -> dict[int, str] | None:
    """A resource has texts that were never embedded."""
    try:
        indexing.embed(_ids(messages), threads=THREADS, patience=indexing.IMPATIENT)
    except (EncoderUnavailable, IndexBusy) as error:
        return _later(messages, error)
    return None


def _ids(messages: Sequence[Delivery]) -> set[int]:
    return {int(message.aggregate) for message in messages}


def _later(messages: Sequence[Delivery], error: Exception) -> dict[int, str]:
    """All are tried again: the fault is not one of the messages'."""
    return dict.fromkeys((message.id for message in messages), str(error))
