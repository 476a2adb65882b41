"""Published resources as entries of the index, read set-wise."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from corridor.kit import clock
from corridor.learn.catalog.wire import binary_cursor
from corridor.search import Document

from .index import document

CHUNK = 1000
COLUMNS = "SELECT resource_id, version, body, search FROM learn_resourcedocument WHERE published AND"
SOME = f"{COLUMNS} resource_id = ANY(%s::bigint[])"
NEXT = f"{COLUMNS} resource_id > %s ORDER BY resource_id LIMIT {CHUNK}"
VERSIONS = "SELECT resource_id, version FROM learn_resourcedocument WHERE published"


def load(ids: Collection[int]) -> list[Document]:
    """Entries of those that are published. One query."""
    return _documents(_rows(SOME, list(ids)))


def load_all() -> Iterator[list[Document]]:
    """Every entry, by id, a chunk at a time. What changes meanwhile is told of by a message that comes after."""
    last = 0
    while chunk := _documents(_rows(NEXT, last)):
        yield chunk
        last = chunk[-1].id


def versions() -> list[tuple[int, int]]:
    """(id, version) of everything that should be indexed. One query."""
    return _rows(VERSIONS)


def _rows(statement: str, *parameters: Any) -> list[Any]:
    with binary_cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _documents(rows: Iterable[tuple[int, int, bytes, Any]]) -> list[Document]:
    now = clock.now()
    return [document(id, version, bytes(body), search, now=now) for id, version, body, search in rows]
