"""Content files as entries of the index: the public ones of public resources, of one run each."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from django.db import connection

from corridor.learn.catalog import loading
from corridor.learn.catalog.facts import FileFacts
from corridor.learn.catalog.rendering import content_file
from corridor.search import Document

from .index import document
from .models import ContentFile

RESOURCES_AT_ONCE = 50
# Of the runs that have files, the one that cards tell of; where it has none, the last that began.
CHOSEN = """
    SELECT file.id, file.version FROM learn_resourcedocument told
    LEFT JOIN LATERAL (
        SELECT run.id FROM learn_run run WHERE run.resource_id = told.resource_id AND run.published AND NOT run.is_variant
        AND EXISTS (SELECT FROM learn_contentfile own WHERE own.run_id = run.id AND own.published)
        ORDER BY run.id IS NOT DISTINCT FROM told.best_run_id DESC, run.start_date DESC NULLS LAST, run.id DESC LIMIT 1
    ) AS chosen ON true
    JOIN learn_contentfile file ON file.resource_id = told.resource_id AND file.published AND (file.run_id IS NULL OR file.run_id = chosen.id)
    WHERE told.published
"""
NEXT_RESOURCES = """
    SELECT resource_id FROM learn_resourcedocument WHERE published AND resource_id > %s
    AND EXISTS (SELECT FROM learn_contentfile file WHERE file.resource_id = learn_resourcedocument.resource_id AND file.published)
    ORDER BY resource_id LIMIT %s
"""


class Shape(NamedTuple):
    """A file as readers see it, without its text."""

    id: int
    version: int
    course: str
    ocw_topics: list[str]
    body: bytes


def versions(resource_ids: Collection[int] | None = None) -> dict[int, int]:
    """Version of every file that should be indexed: of these resources, or of all. One query."""
    if resource_ids is None:
        return dict(_fetch(CHOSEN))
    return dict(_fetch(f"{CHOSEN} AND told.resource_id = ANY(%s)", list(resource_ids)))


def shapes(wanted: Mapping[int, int]) -> list[Shape]:
    """What the index serves of files, given their versions."""
    files = loading.rows(ContentFile.objects.filter(loading.among("id", wanted)).order_by("id"), FileFacts)
    reference = loading.reference()
    return [
        Shape(
            owned.file.id,
            wanted[owned.file.id],
            owned.owner.title,
            owned.owner.ocw_topics,
            orjson.dumps(content_file(owned, reference), option=orjson.OPT_UTC_Z),
        )
        for owned in loading.owned(files)
    ]


def documents(shapes: Collection[Shape]) -> list[Document]:
    """Entries with their texts. One query."""
    contents = dict(ContentFile.objects.filter(loading.among("id", [each.id for each in shapes])).values_list("id", "content"))
    return [
        document(
            each.id, each.version, orjson.loads(each.body), each.body,
            content=contents.get(each.id, ""), course=each.course, ocw_topics=each.ocw_topics,
        )
        for each in shapes
    ]  # fmt: skip


def load_all() -> Iterator[list[Document]]:
    """Every entry, resource by resource, a chunk at a time."""
    last = 0
    while resources := [id for (id,) in _fetch(NEXT_RESOURCES, last, RESOURCES_AT_ONCE)]:
        yield documents(shapes(versions(resources)))
        last = resources[-1]


def _fetch(statement: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
