import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from corridor.kit import request_ids

CHANNEL = "corridor_outbox"
INSERT = "INSERT INTO kit_outboxevent (topic, aggregate, payload, request_id) SELECT %s, unnest(%s::text[]), %s::jsonb, %s"


def publish(topic: str, aggregates: Iterable[str], payload: dict[str, Any] | None = None) -> int:
    """Owe `topic` one message for each aggregate, in the transaction that is open. Gives the number of messages.

    Raises RuntimeError outside a transaction: a message for a change that may still be rolled back is a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs into the transaction of the change it tells of")
    if owed := list(aggregates):
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [topic, owed, json.dumps(payload or {}), request_ids.current()])
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])
    return len(owed)
