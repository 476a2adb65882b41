"""Runs judged queries against an index of their collection."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corridor.search.model import Document, Mode, Search
from corridor.search.passages import combine, passages
from corridor.search.ports import Encoder
from corridor.search.searcher import Searcher
from corridor.search.store import IndexStore

from .collection import Fields, Query, definition, document, reach
from .measures import DEPTH, Measures, measure


@dataclass(frozen=True)
class Indexed:
    """A collection in an index; documents have their own ids outside and numbers inside."""

    searcher: Searcher
    ids: Sequence[str]

    def ranking(self, query: str, mode: Mode) -> tuple[list[str], Mode]:
        results = self.searcher.search(Search(query, mode=mode, limit=DEPTH))
        return [self.ids[hit.id] for hit in results.hits], results.mode


@dataclass(frozen=True)
class Evaluation:
    measures: Measures
    rankings: Mapping[str, Sequence[str]]  # query id → document ids, best first
    mode: Mode  # what was done at the worst: words when there was no encoder
    seconds: float


@contextmanager
def indexed(
    records: Sequence[Mapping[str, Any]], fields: Fields, encoder: Encoder | None, embedder: Encoder | None = None
) -> Iterator[Indexed]:
    """The collection in an index of its own that goes with the context. `embedder` embeds documents in place of the encoder of queries."""
    shape = definition(fields)
    ids = [next(iter(reach(record, fields.id)), str(number)) for number, record in enumerate(records)]
    documents = [document(record, fields, number) for number, record in enumerate(records)]
    if encoder:
        documents = list(embedded(documents, fields, embedder or encoder))
    with tempfile.TemporaryDirectory(prefix="corridor-relevance-") as folder:
        store = IndexStore(Path(folder), shape, encoder=encoder.name if encoder else None)
        store.rebuild(documents)
        yield Indexed(Searcher(store, encoder), ids)


def embedded(documents: Sequence[Document], fields: Fields, encoder: Encoder) -> Iterator[Document]:
    shape = definition(fields)
    texts = [passages(each, shape) for each in documents]
    vectors = encoder.encode([text for each in texts for text in each])
    start = 0
    for each, own in zip(documents, texts, strict=True):
        yield replace(each, vector=combine(vectors[start : start + len(own)], shape))
        start += len(own)


def evaluate(collection: Indexed, queries: Sequence[Query], mode: Mode) -> Evaluation:
    started = time.perf_counter()
    rankings, modes, found = {}, set(), []
    for query in queries:
        ranking, done = collection.ranking(query.text, mode)
        rankings[query.id] = ranking
        modes.add(done)
        found.append(measure(ranking, query.relevant))
    worst = Mode.LEXICAL if Mode.LEXICAL in modes else mode
    return Evaluation(Measures.mean(found), rankings, worst, time.perf_counter() - started)
