"""Delivers the outbox: at least once, in order of writing within an aggregate, with back-off, then to the dead letters.

The order holds for transactions that change an aggregate's row before they owe a message for it: the row's lock makes them take turns.
"""

import time
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.db import Error, connection
from django.db.models.functions import Now

from .lanes import Lane, rounds
from .models import OutboxEvent
from .publish import CHANNEL
from .receivers import RECEIVERS

log = structlog.get_logger(__name__)

LOCK = 0x0B0C_0FFE
IDLE_SECONDS = 0.5


class LostTheLead(Exception):
    """The connection that held the relay's lock is gone; another relay may be at work."""


def drain() -> int:
    """Deliver everything that is due now. Gives how many messages were handed over."""
    return sum(rounds())


def replay(topic: str | None = None) -> int:
    """Bring dead letters back to life. Gives how many."""
    letters = OutboxEvent.objects.exclude(dead_at=None)
    if topic:
        letters = letters.filter(topic=topic)
    return letters.update(dead_at=None, attempts=0, due_at=Now(), error="")


def run(stopping: Callable[[], bool]) -> None:
    """Deliver until told to stop. Only one relay works at a time; others wait until it is gone."""
    while not stopping():
        try:
            _lead(stopping)
        except (Error, psycopg.Error, LostTheLead) as error:
            log.warning("outbox.relay_interrupted", error=f"{type(error).__name__}: {error}")
            connection.close()
            time.sleep(IDLE_SECONDS)


def _lead(stopping: Callable[[], bool]) -> None:
    """Take the lead and deliver. Lock, wake-up calls and deliveries share one connection: when it is lost, all are."""
    connection.ensure_connection()
    lead = connection.connection
    while not _locked():
        if stopping():
            return
        time.sleep(IDLE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    log.info("outbox.relay_leads", topics=sorted(RECEIVERS))
    lanes = [Lane(receiver) for receiver in RECEIVERS.values()]
    while not stopping():
        if connection.connection is not lead:
            raise LostTheLead
        if not sum(lane.advance() for lane in lanes):
            _wait_for_call(lead)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _wait_for_call(lead: Any) -> None:
    """Wait for the next commit that owes something, or a little while for a message that is due again."""
    for _ in lead.notifies(timeout=IDLE_SECONDS, stop_after=1):
        pass
    for _ in lead.notifies(timeout=0):  # calls for what the next round delivers anyway
        pass
