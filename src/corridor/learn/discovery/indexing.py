"""The index of resources follows their documents. Everything here may be cut short and done again.

Words and meaning are written apart: a changed resource is found by its words at once, and by its meaning when its texts are embedded.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from django.db import connection, transaction

from corridor.kit import outbox
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.content.index import TOPIC as CONTENTS_TOPIC
from corridor.search import Document
from corridor.search.errors import IndexMissing
from corridor.search.store import Applied, Rebuilt

from . import entries, vectors
from .indexes import encoder, resource_store

VECTORS_TOPIC = "learn.vectors"
# Seconds that a writer waits for another: commands, and the relay, which has other things to deliver.
PATIENT, IMPATIENT = 600.0, 5.0
WITH_FILES = """
    SELECT DISTINCT resource_id FROM learn_contentfile WHERE resource_id = ANY(%(ids)s)
    UNION SELECT id FROM unnest(%(ids)s::bigint[]) AS given (id) WHERE NOT EXISTS (SELECT FROM learn_learningresource known WHERE known.id = given.id)
"""
TO_BE_DELETED = """
    SELECT count(DISTINCT aggregate) FROM kit_outboxevent WHERE topic = %s AND dead_at IS NULL
    AND NOT EXISTS (SELECT FROM learn_resourcedocument WHERE resource_id = aggregate::bigint AND published)
"""
Told = Callable[[int], None]  # is told how many are done


def silent(done: int) -> None:
    """Nobody wants to know."""


def apply(ids: Collection[int], *, patience: float = PATIENT) -> Applied:
    """Bring the entries of these resources up to date; owe the embedding of texts that are new, and a look at their files.

    An index that is missing, or was made for another definition or encoder, is made anew. Raises IndexBusy, ShrinkRefused.
    """
    store = resource_store()
    try:
        store.snapshot()
        with store.writer(patience) as writer:
            documents, unknown = with_vectors(entries.load(ids))
            applied = writer.apply(documents, set(ids) - {each.id for each in documents})
    except IndexMissing:
        applied, unknown = Applied(rebuild(patience=patience).documents, 0, 0), []
    with transaction.atomic():
        outbox.publish(VECTORS_TOPIC, map(str, unknown))
        outbox.publish(CONTENTS_TOPIC, map(str, _with_files(ids)))
    return applied


def rebuild(*, allow_shrink: bool = False, patience: float = PATIENT, told: Told = silent) -> Rebuilt:
    """Make the index anew beside the live one, with the vectors that are known, and put it in its place; owe those that are not.

    Raises ShrinkRefused, IndexBusy.
    """
    unknown: list[int] = []

    def documents() -> Iterator[Document]:
        done = 0
        for chunk in entries.load_all():
            attached, without = with_vectors(chunk)
            unknown.extend(without)
            yield from attached
            done += len(chunk)
            told(done)

    rebuilt = resource_store().rebuild(documents(), allow_shrink=allow_shrink, deleted=_to_be_deleted(), patience=patience)
    with transaction.atomic():
        outbox.publish(VECTORS_TOPIC, map(str, unknown))
    return rebuilt


def embed(ids: Collection[int], *, threads: int, patience: float = PATIENT) -> int:
    """Embed the texts of resources that the index knows by words alone, and put their vectors there. Gives how many these were.

    Raises EncoderUnavailable, IndexBusy.
    """
    model = encoder(threads)
    lacking = without_vector(ids) if model else []
    if model and lacking:
        vectors.embed(entries.load(lacking), model)
        apply(lacking, patience=patience)
    return len(lacking)


def without_vector(ids: Collection[int] | None = None) -> list[int]:
    """Of these resources, or of all that are indexed, those whose meaning is not. Raises IndexMissing."""
    snapshot = resource_store().snapshot()
    if ids is None:
        return sorted(snapshot.words.versions().keys() - snapshot.vectors.versions().keys())
    asked = list(ids)
    return [id for id, row in zip(asked, snapshot.vectors.vectors(asked), strict=True) if not row.any()]


def with_vectors(documents: Sequence[Document]) -> tuple[list[Document], list[int]]:
    """The documents with their vectors where they are known, and the ids of those to embed."""
    name = resource_store().encoder
    return vectors.attach(documents, name) if name else (list(documents), [])


def _with_files(ids: Collection[int]) -> list[int]:
    """Resources that have content files, or had some perhaps: they are gone."""
    with connection.cursor() as cursor:
        cursor.execute(WITH_FILES, {"ids": list(ids)})
        return [id for (id,) in cursor.fetchall()]


def _to_be_deleted() -> int:
    """Entries whose resources are known to be gone, although the index was not told yet."""
    with connection.cursor() as cursor:
        cursor.execute(TO_BE_DELETED, [TOPIC])
        return int(cursor.fetchone()[0])
