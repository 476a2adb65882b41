"""What the index of content files does when something changes elsewhere."""

from collections.abc import Sequence

from corridor.kit.outbox import Delivery, receiver
from corridor.search.errors import IndexBusy

from . import indexing
from .index import TOPIC

# A course may have hundreds of files.
RESOURCES_AT_ONCE = 50
PATIENCE = 5.0


@receiver(TOPIC, batch=RESOURCES_AT_ONCE)
def index(messages: Sequence[Delivery]) -> dict[int, str] | None:
    """Files of a resource changed, or what it tells of them."""
    try:
        indexing.apply({int(message.aggregate) for message in messages}, patience=PATIENCE)
    except IndexBusy as error:
        return dict.fromkeys((message.id for message in messages), str(error))
    return None
