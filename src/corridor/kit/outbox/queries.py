"""What is in the outbox. Times are the database's: relays on several machines agree on them."""

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from .models import OutboxEvent
from .receivers import Delivery

# A message waits for an earlier one of its aggregate that is to be tried again.
DUE = """
    event.dead_at IS NULL AND event.due_at <= statement_timestamp() AND NOT EXISTS (
        SELECT 1 FROM kit_outboxevent earlier
        WHERE earlier.topic = event.topic AND earlier.aggregate = event.aggregate
          AND earlier.attempts > 0 AND earlier.dead_at IS NULL AND earlier.id < event.id)
"""
NEXT = f"""
    SELECT id, aggregate, payload, attempts, request_id FROM kit_outboxevent event
    WHERE topic = %s AND {DUE} ORDER BY id LIMIT %s
"""  # noqa: S608 - no values in it
BACKLOG = f"""
    SELECT topic, count(*) FILTER (WHERE dead_at IS NULL), count(*) FILTER (WHERE dead_at IS NOT NULL),
           coalesce(extract(epoch FROM statement_timestamp() - min(due_at) FILTER (WHERE {DUE})), 0)::float
    FROM kit_outboxevent event GROUP BY topic ORDER BY topic
"""  # noqa: S608 - no values in it


@dataclass(frozen=True)
class Backlog:
    """What a topic has still to deliver. `lag_seconds` is how long the message has waited whose turn came first."""

    topic: str
    pending: int
    dead: int
    lag_seconds: float


def next_messages(topic: str, limit: int) -> list[Delivery]:
    """The next messages of a topic that may be delivered, in order of writing."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [topic, limit])
        return [Delivery(id, aggregate, json.loads(payload), *rest) for id, aggregate, payload, *rest in cursor.fetchall()]


def backlog() -> list[Backlog]:
    with connection.cursor() as cursor:
        cursor.execute(BACKLOG)
        return [Backlog(*row) for row in cursor.fetchall()]


def dead_letters(topic: str, limit: int = 200) -> QuerySet[OutboxEvent]:
    """Messages that were given up, the oldest first."""
    return OutboxEvent.objects.filter(topic=topic).exclude(dead_at=None).order_by("id")[:limit]
