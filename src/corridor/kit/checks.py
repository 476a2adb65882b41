"""Checks of what every part stands on: database, cache, broker, migrations, worker, outbox."""

from collections.abc import Iterator
from functools import cache

import redis
from django.conf import settings
from django.core.cache import cache as django_cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from .health import Details, Unwell, check
from .metrics import Sample, gauge
from .outbox.queries import backlog
from .outbox.receivers import RECEIVERS

PROBE_KEY = "health"
# A relay that is further behind than this does not keep up, or does not run.
LARGEST_LAG_SECONDS = 120


@check("database", "startup", "liveness", "readiness")
def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@check("cache", "startup", "readiness")
def cache_store() -> None:
    django_cache.get(PROBE_KEY)


@check("broker", "startup", "readiness")
def broker() -> None:
    _broker().ping()


@cache
def _broker() -> "redis.Redis":
    return redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=2, socket_timeout=2)


@check("migrations", "startup")
def migrations() -> None:
    _all_applied()


@cache  # which keeps no exceptions: once all are applied, this process need not ask again
def _all_applied() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unwell("the database lacks migrations of this version")


@check("worker")
def worker() -> Details:
    from corridor.celery import app

    answers = app.control.ping(timeout=2, limit=1)
    if not answers:
        raise Unwell("no worker answers")
    return {"workers": len(answers)}


@check("beat")
def beat() -> None:
    if not _broker().exists(str(settings.REDBEAT["redbeat_lock_key"])):
        raise Unwell("no beat holds the schedule")


@check("outbox")
def outbox() -> Details:
    topics = backlog()
    lag = max((each.lag_seconds for each in topics if each.topic not in RECEIVERS or not RECEIVERS[each.topic].patient), default=0.0)
    if lag > LARGEST_LAG_SECONDS:
        raise Unwell(f"messages wait since {lag:.0f} s: the relay does not run or does not keep up")
    return {"pending": sum(topic.pending for topic in topics), "dead": sum(topic.dead for topic in topics), "lag_seconds": round(lag, 1)}


@gauge("corridor_outbox_messages", "Messages that are owed to others, by topic and state.")
def outbox_messages() -> Iterator[Sample]:
    for each in backlog():
        yield {"topic": each.topic, "state": "pending"}, each.pending
        yield {"topic": each.topic, "state": "dead"}, each.dead


@gauge("corridor_outbox_lag_seconds", "How long the message has waited whose turn came first.")
def outbox_lag() -> Iterator[Sample]:
    for each in backlog():
        yield {"topic": each.topic}, each.lag_seconds
