"""The declared fields and weights find what people judged to be right, on a real catalogue: by words, as well as plain BM25 at the least."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corridor.learn.discovery.index import RESOURCES
from corridor.search import Document, Mode
from corridor.search.relevance.collection import Fields, document, reach
from corridor.search.relevance.evaluation import Indexed, evaluate
from corridor.search.relevance.judged import judged_sets
from corridor.search.searcher import Searcher
from corridor.search.store import IndexStore

# The fields of a collection, by the order in which its documents have them.
FIELDS = ("title", "description", "instructors", "numbers", "topics")


def as_resource(record: Mapping[str, Any], fields: Fields, number: int) -> Document:
    read = document(record, fields, number)
    return replace(read, texts=dict(zip(FIELDS, read.texts.values(), strict=True)), keywords={"resource_type": ["course"]})


@pytest.mark.parametrize("name", ["ocw_topical", "ocw_known_item"])
def test_courseware_is_found_as_well_as_by_plain_bm25(name: str, shared_data: Path, tmp_path: Path) -> None:
    judged = next(each for each in judged_sets(shared_data) if each.name == name)
    assert judged.reference
    store = IndexStore(tmp_path, RESOURCES)
    store.rebuild(as_resource(record, judged.fields, number) for number, record in enumerate(judged.records))
    ids = [reach(record, judged.fields.id)[0] for record in judged.records]
    measures = evaluate(Indexed(Searcher(store), ids), judged.queries, Mode.LEXICAL).measures
    assert round(measures.ndcg_at_10, 2) >= judged.reference[0], "the reference is told with two digits"
    assert round(measures.recall_at_100, 2) >= judged.reference[2]
