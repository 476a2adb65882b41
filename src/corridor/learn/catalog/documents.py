"""The served documents of resources: made of facts, compared, written and announced in the transaction of a change."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import Q

from corridor.kit import clock, outbox
from corridor.learn.channels.sync import Synced, sync

from . import loading
from .facts import Reference
from .loading import among
from .models import LearningResource, ResourceDocument
from .rendering import Rendered, render
from .vocabulary import RelationType
from .wire import binary_cursor

TOPIC = "learn.resources"
LOCK = 0x0D0C_0FFE
CHUNK = 1000  # resources whose facts are in memory at once

# Relations by which the document of a child tells of its parent, too. Parents always tell of their children.
TOLD_BY_CHILDREN = (
    RelationType.PODCAST_EPISODES,
    RelationType.PLAYLIST_VIDEOS,
    RelationType.LEARNING_PATH_ITEMS,
    RelationType.COURSE_LEARNING_MATERIALS,
)
NEIGHBOURS = """
    SELECT parent_id FROM learn_relationship WHERE child_id = ANY(%(ids)s)
    UNION SELECT child_id FROM learn_relationship WHERE parent_id = ANY(%(ids)s) AND relation_type = ANY(%(relations)s)
    UNION SELECT direct_resource_id FROM learn_contentfile WHERE resource_id = ANY(%(ids)s) AND direct_resource_id IS NOT NULL
"""


@dataclass(frozen=True)
class Published:
    """What `publish` did with the resources it was given and with those whose documents tell of them."""

    changed: frozenset[int]  # a document is new or differs, unpublished ones included
    unpublished: frozenset[int]  # of the changed: were readable before, are not now
    unchanged: frozenset[int]


def publish(resource_ids: Collection[int], *, now: datetime | None = None) -> Published:
    """Bring the documents of these resources up to date and owe `learn.resources` a message for each that changed.

    Call it once, last, inside the transaction that changed the resources, their runs, relations, tags, topics or content
    files, with every id that was touched (created, changed, hidden, deleted; parents and children of changed relationships).
    It opens and closes the channels of topics, and finds by itself the resources whose documents tell of those given or
    of a channel that came or went. What a document says is derived here from the sources' facts and the time `now`:
    callers never store a best run, next start date or free flag. Nothing is written where nothing differs.

    One transaction publishes at a time; another waits here until it is over. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs into the transaction of the change that it publishes")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    ids = {*resource_ids, *_neighbours(resource_ids), *_naming(sync())}
    moment, reference = now or clock.now(), loading.reference()
    changed, unpublished = set[int](), set[int]()
    for chunk in _chunks(sorted(ids)):
        changed_here, unpublished_here = _publish(chunk, reference, moment)
        changed |= changed_here
        unpublished |= unpublished_here
    outbox.publish(TOPIC, map(str, sorted(changed)))
    return Published(frozenset(changed), frozenset(unpublished), frozenset(ids - changed))


def _publish(ids: list[int], reference: Reference, now: datetime) -> tuple[set[int], set[int]]:
    """Write the documents that differ. Gives the ids of these and of those that cannot be read any more."""
    before = _before(ids)
    documents = {each.resource.id: _document(render(each, reference, now)) for each in loading.load(ids)}
    same = {id: document for id, document in documents.items() if id in before and before[id].digest == document.digest}
    differing = {id: document for id, document in documents.items() if id not in same}
    _write([*differing.values()])
    _keep_time([document for id, document in same.items() if before[id].stale_at != document.stale_at])
    gone = set(ids) - documents.keys()
    hidden = {id for id, document in differing.items() if id in before and before[id].published and not document.published}
    return gone | differing.keys(), gone | hidden


class _Before(NamedTuple):
    """A document as it was."""

    digest: str
    published: bool
    stale_at: datetime | None


def _before(ids: Collection[int]) -> dict[int, _Before]:
    rows = ResourceDocument.objects.filter(among("pk", ids)).values_list("pk", "digest", "published", "stale_at")
    return {id: _Before(digest, published, stale_at) for id, digest, published, stale_at in rows}


def _neighbours(ids: Collection[int]) -> set[int]:
    """Resources whose documents tell of these."""
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, {"ids": list(ids), "relations": list(TOLD_BY_CHILDREN)})
        return {id for (id,) in cursor.fetchall()}


def _naming(synced: Synced) -> set[int]:
    """Resources whose documents name the address of a channel that came or went."""
    topics = synced.opened | synced.closed
    if not (topics or synced.units or synced.departments):
        return set()
    named = Q(topics__in=topics) | Q(offered_by__in=synced.units) | Q(departments__in=synced.departments)
    return set(LearningResource.objects.filter(named).values_list("id", flat=True))


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


class _Document(NamedTuple):
    """A rendered resource as it is stored. The digest covers all that readers and indexes see."""

    id: int
    digest: str
    published: bool
    best_run_id: int | None
    next_start_date: datetime | None
    free: bool
    stale_at: datetime | None
    body: bytes
    search: str


def _document(rendered: Rendered) -> _Document:
    body, search = orjson.dumps(rendered.body, option=orjson.OPT_UTC_Z), orjson.dumps(rendered.search, option=orjson.OPT_UTC_Z)
    return _Document(
        id=rendered.body["id"],
        digest=blake2b(body + search, digest_size=16).hexdigest(),
        published=rendered.body["published"],
        best_run_id=rendered.best_run_id,
        next_start_date=rendered.next_start_date,
        free=rendered.free,
        stale_at=rendered.stale_at,
        body=body,
        search=search.decode(),
    )


WRITE = """
    INSERT INTO learn_resourcedocument
        (resource_id, version, digest, published, best_run_id, next_start_date, free, stale_at, body, search)
    SELECT id, nextval('learn_document_version'), digest, published, best_run_id, next_start_date, free, stale_at, body, search::jsonb
    FROM unnest(%b::bigint[], %b::text[], %b::bool[], %b::bigint[], %b::timestamptz[], %b::bool[], %b::timestamptz[], %b::bytea[], %b::text[])
        AS rendered (id, digest, published, best_run_id, next_start_date, free, stale_at, body, search)
    ON CONFLICT (resource_id) DO UPDATE SET
        version = excluded.version, digest = excluded.digest, published = excluded.published, best_run_id = excluded.best_run_id,
        next_start_date = excluded.next_start_date, free = excluded.free, stale_at = excluded.stale_at,
        body = excluded.body, search = excluded.search
"""


def _write(documents: list[_Document]) -> None:
    """Insert or replace documents under new versions."""
    if documents:
        with binary_cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*documents, strict=True)])


KEEP_TIME = """
    UPDATE learn_resourcedocument SET stale_at = kept.stale_at FROM unnest(%s::bigint[], %s::timestamptz[]) AS kept (id, stale_at)
    WHERE resource_id = kept.id
"""


def _keep_time(documents: list[_Document]) -> None:
    """Note when documents that are true now may next be untrue."""
    if documents:
        with connection.cursor() as cursor:
            cursor.execute(KEEP_TIME, [[document.id for document in documents], [document.stale_at for document in documents]])


def refresh_derived(now: datetime) -> int:
    """Publish the resources for which a run's date has passed since their document was made. Gives how many changed.

    Works in transactions of its own, so that one that is cut short leaves little to do again.
    """
    changed = 0
    late = list(ResourceDocument.objects.filter(stale_at__lte=now).order_by("pk").values_list("pk", flat=True))
    for chunk in _chunks(late):
        with transaction.atomic():
            changed += len(publish(chunk, now=now).changed)
    return changed


def publish_everything(told: Callable[[int, int], None] = lambda done, changed: None) -> int:
    """Publish all resources, as after an upgrade that renders differently or a new address of the site. Gives how many changed.

    Works in transactions of its own and calls `told` after each with the numbers done and changed so far.
    """
    ids = list(LearningResource.objects.order_by("pk").values_list("pk", flat=True))
    done = changed = 0
    for chunk in _chunks(ids):
        with transaction.atomic():
            changed += len(publish(chunk).changed)
        done += len(chunk)
        told(done, changed)
    return changed


def with_position(body: bytes, position: int) -> bytes:
    """A body as an item of a list."""
    return body.replace(b'"position":null', b'"position":%d' % position, 1)
