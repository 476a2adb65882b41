"""Resources made of records that say something new, a thousand at a time: while more is read, and when all has been."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event, Thread

import structlog
from django.db import DatabaseError, DataError, connection, transaction
from django.db.models import Max

from corridor.learn.catalog.queries import topic_lookup
from corridor.learn.catalog.topics import TopicLookup

from . import matching, materialise, quarantine
from .models import SourceRecord
from .quarantine import UNUSABLE, Setback
from .sql import execute, fetch
from .tally import Tally

log = structlog.get_logger(__name__)

CHUNK = 1000  # pending records applied at once
CHUNK_BYTES = 32 * 2**20  # of records as stored
PAUSE = 0.05  # seconds after which a look is taken at how much was staged meanwhile
APPLYING = 0x1D6E_0FFE  # one process applies at a time, whatever its source: resources are shared
FAULTS_OF_ROWS = ("22", "23", "54")  # classes of SQLSTATE: data, integrity, size
NEXT = """
    SELECT id FROM (
        SELECT id, sum(pg_column_size(record)) OVER (ORDER BY id) - pg_column_size(record) AS before
        FROM (SELECT id, record FROM learn_sourcerecord WHERE source = %s AND pending AND id > %s ORDER BY id LIMIT %s) AS first
    ) AS sized WHERE before < %s ORDER BY id
"""
# A bulk load outruns autovacuum, and plans made without statistics read whole tables.
ANALYSE = "ANALYZE learn_sourcerecord"

Progress = Callable[[str, int, int | None], None]  # what is done, how much of it, of how much


def in_silence(what: str, done: int, total: int | None) -> None:
    """No progress display."""


def apply_pending(source: str, tally: Tally, progress: Progress = in_silence) -> None:
    """Make resources of all that the source's records say anew. A transaction that is cut short is done again."""
    total = SourceRecord.objects.filter(source=source, pending=True).count()
    if not total:
        return
    if total > CHUNK:
        execute(ANALYSE)
    lookup = topic_lookup()
    done, last = 0, 0
    while ids := _next(source, last):
        apply(ids, lookup, tally)
        done, last = done + len(ids), ids[-1]
        progress("applied", done, total)


@contextmanager
def applied_meanwhile(source: str, tally: Tally) -> Iterator[None]:
    """While the block stages records of a source, a thread makes resources of those that are new to it.

    What it does not come to, or fails at, stays pending. Within a transaction there is none: it would not see what is staged.
    """
    if connection.in_atomic_block:
        yield
        return
    last = SourceRecord.objects.aggregate(last=Max("id"))["last"] or 0
    ended, done = Event(), Tally()
    thread = Thread(target=copy_context().run, args=(_follow, source, last, tally, done, ended))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        tally.add(done)


def _follow(source: str, last: int, staged: Tally, done: Tally, ended: Event) -> None:
    """Apply records beyond `last` as they come, in chunks."""
    applied, analysed = 0, 0
    try:
        lookup = topic_lookup()
        while not ended.wait(PAUSE):
            while staged.created - applied >= CHUNK and not ended.is_set() and (ids := _next(source, last)):
                if applied >= 2 * analysed:
                    execute(ANALYSE)
                    analysed = applied + len(ids)
                apply(ids, lookup, done)
                applied, last = applied + len(ids), ids[-1]
    except Exception:  # it comes again, and is told, when all is read
        log.warning("ingest.left_to_the_end", source=source, exc_info=True)
    finally:
        connection.close()


def _next(source: str, last: int) -> list[int]:
    """The next pending records of a source, no more than one transaction should hold."""
    return [id for (id,) in fetch(NEXT, [source, last, CHUNK, CHUNK_BYTES])]


def apply(ids: Sequence[int], lookup: TopicLookup, tally: Tally) -> None:
    """Apply pending records. When the database refuses a row, the record at fault is found and set aside."""
    try:
        with transaction.atomic():
            fetch("SELECT pg_advisory_xact_lock(%s)", [APPLYING])
            applied = materialise.apply(matching.plan(ids), lookup, tally)
        tally.documents += applied.documents
        tally.unpublished += applied.unpublished
    except DatabaseError as error:
        if not _of_a_row(error):
            raise
        if len(ids) > 1:
            middle = len(ids) // 2
            apply(ids[:middle], lookup, tally)
            apply(ids[middle:], lookup, tally)
        else:
            _set_aside(ids[0], error, tally)


def _of_a_row(error: DatabaseError) -> bool:
    """Whether what a row says is at fault; the driver, which refuses some values itself, gives no SQLSTATE."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state[:2] in FAULTS_OF_ROWS if state else isinstance(error, DataError)


def _set_aside(id: int, error: Exception, tally: Tally) -> None:
    record = SourceRecord.objects.get(id=id)
    reason = f"the database refuses what it says: {str(error).splitlines()[0]}"
    log.warning("ingest.refused_by_database", source=record.source, key=record.key, reason=reason)
    tally.warn("no resource could be made of it", record.key)
    with transaction.atomic():
        quarantine.keep(record.source, None, [Setback(record.key, UNUSABLE, record.record, reason)])
        SourceRecord.objects.filter(id=id).update(pending=False, raw_digest="")
