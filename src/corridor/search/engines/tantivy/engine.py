"""The engine: one reader per state of the files, one writer at a time."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy
from tantivy import Query

from corridor.search.definition import IndexDefinition
from corridor.search.model import Document

from . import schema
from .documents import Spellings, convert
from .queries import Translation
from .reader import TantivyReader
from .vocabulary import Vocabularies

_META = "meta.json"
_HEAP = 128_000_000


class TantivyEngine:
    def __init__(self, folder: Path, definition: IndexDefinition) -> None:
        self._folder = folder
        self._definition = definition
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / _META).exists():
            raise FileNotFoundError(f"{folder} holds files of an index, and not the one that lists them.")
        self._schema = schema.build_schema(definition)
        self._index = tantivy.Index(self._schema, str(folder))
        self._index.config_reader("manual")
        schema.register(self._index)
        self._vocabularies = Vocabularies()
        self._lock = threading.Lock()
        self._state: tuple[int, int] | None = None
        self._reader: TantivyReader | None = None

    def reader(self) -> TantivyReader:
        # Files change by commit of any process, which replaces meta.json: cheaper to look than to be told.
        status = os.stat(self._folder / _META)
        state = (status.st_mtime_ns, status.st_ino)
        if self._reader is None or state != self._state:
            with self._lock:
                self._index.reload()
                translation = Translation(self._schema, self._definition.keyword)
                self._state, self._reader = state, TantivyReader(self._index.searcher(), translation, self._definition, self._vocabularies)
        return self._reader

    @contextmanager
    def writer(self) -> Iterator["TantivyWriter"]:
        writer = TantivyWriter(self._index.writer(_HEAP, 1), self._schema, self._definition, self.reader().spellings())
        try:
            yield writer
        finally:
            writer.close()


class TantivyWriter:
    def __init__(self, writer: tantivy.IndexWriter, built: tantivy.Schema, definition: IndexDefinition, spellings: Spellings) -> None:
        self._writer = writer
        self._schema = built
        self._definition = definition
        self._spellings = spellings
        self._open = False  # something is not committed yet

    def put(self, documents: Iterable[Document]) -> None:
        self._open = True
        for document in documents:
            self._remove(document.id)
            self._writer.add_document(convert(document, self._definition, self._spellings))

    def delete(self, ids: Iterable[int]) -> None:
        self._open = True
        for id in ids:
            self._remove(id)

    def _remove(self, id: int) -> None:
        # delete_documents_by_term takes a number for a signed one and finds nothing in an unsigned field.
        self._writer.delete_documents_by_query(Query.term_query(self._schema, schema.ID, id))

    def commit(self) -> None:
        self._writer.commit()
        self._open = False

    def close(self) -> None:
        """Drops what was not committed and lets merges end, so that segments do not pile up."""
        if self._open:
            self._writer.rollback()
        self._writer.wait_merging_threads()
