"""What one state of the files answers."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any

import orjson
import tantivy
from tantivy import Order, Query

from corridor.search.clauses import All, Clause, Everything, Filters, Ids
from corridor.search.definition import Analysis, IndexDefinition
from corridor.search.ports import Found, Stored

from . import schema
from .documents import Spellings
from .queries import Translation
from .vocabulary import Vocabularies, Vocabulary

_MOST_VALUES = 10_000
_STEMMER = schema.stemmer()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    return next(iter(_STEMMER.analyze(word)), "")


class TantivyReader:
    def __init__(self, searcher: tantivy.Searcher, translation: Translation, definition: IndexDefinition, shared: Vocabularies) -> None:
        self._searcher = searcher
        self._translation = translation
        self._definition = definition
        self._shared = shared
        self._vocabularies: dict[str, Vocabulary] = {}

    @cached_property
    def documents(self) -> int:
        return int(self._searcher.num_docs)

    def count(self, match: Clause, filters: Filters) -> int:
        return self._count(self._translation.filtered(match, filters))

    def _count(self, query: Query) -> int:
        return int(self._searcher.search(query, 1, count=True).count)  # type: ignore[attr-defined]  # its stub forgot it

    def top(self, match: Clause, filters: Filters, limit: int) -> list[Found]:
        limit = min(limit, self.documents)
        if limit < 1:
            return []
        hits = self._searcher.search(self._translation.filtered(match, filters), limit, count=False).hits
        return self._found([(score, place) for score, place in hits])

    def ordered(self, match: Clause, filters: Filters, sort: str, offset: int, limit: int) -> list[Found]:
        if offset >= self.documents or limit < 1:
            return []
        query = self._translation.filtered(match, filters)
        if not sort:
            return self._in_order(query, schema.ID, False, offset, limit)
        declared = self._definition.sort[sort]
        field = schema.order_field(declared.key)
        # Documents without the key come last, by id, whichever way the others are sorted.
        keyed = Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, Query.exists_query(field))])
        page = self._in_order(keyed, field, declared.descending, offset, limit)
        if len(page) < limit:
            keyless = Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, Query.exists_query(field))])
            page += self._in_order(keyless, schema.ID, False, max(0, offset - self._count(keyed)), limit - len(page))
        return page

    def _in_order(self, query: Query, field: str, descending: bool, offset: int, limit: int) -> list[Found]:
        order = Order.Desc if descending else Order.Asc
        hits = self._searcher.search(query, min(limit, self.documents), count=False, order_by_field=field, offset=offset, order=order).hits
        return self._found([(0.0, place) for _, place in hits])

    def _found(self, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> list[Found]:
        ids = self._searcher.fast_field_values(schema.ID, [place for _, place in hits])
        return [Found(int(id or 0), score, place) for id, (score, place) in zip(ids, hits, strict=True)]

    def facets(self, match: Clause, filters: Filters, fields: Sequence[str]) -> dict[str, dict[str, int]]:
        if not fields:
            return {}
        wanted = {field: {"terms": {"field": schema.facet_field(field), "size": _MOST_VALUES}} for field in fields}
        answer = self._searcher.aggregate(self._translation.filtered(match, filters), wanted)
        return {field: {bucket["key"]: bucket["doc_count"] for bucket in answer[field]["buckets"]} for field in fields}

    def load(self, found: Sequence[Found]) -> list[Stored]:
        loaded = [self._searcher.doc(each.place) for each in found]
        return [
            Stored(bytes(each.get_first(schema.BODY) or b""), orjson.loads(bytes(each.get_first(schema.TEXTS) or b"{}"))) for each in loaded
        ]

    def weights(self, found: Sequence[Found]) -> list[float]:
        return [
            1.0 if weight is None else float(weight)
            for weight in self._searcher.fast_field_values(schema.WEIGHT, [each.place for each in found])
        ]

    def stems(self, words: Sequence[str]) -> list[str]:
        return [stem(word) for word in words]

    def frequency(self, field: str, token: str) -> int:
        return int(self._searcher.doc_freq(field, token))

    def completions(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        return self._searcher.terms_with_prefix(field, prefix, limit=limit)

    def similar_words(self, field: str, word: str, prefix: bool = False) -> list[tuple[str, int]]:
        if field not in self._vocabularies:
            words = partial(self._searcher.terms_with_prefix, field, "")
            self._vocabularies[field] = self._shared.get(field, self.documents, words)
        return self._vocabularies[field].near(word, prefix)

    def versions(self, ids: Sequence[int] | None = None) -> dict[int, int]:
        match: Clause = Everything() if ids is None else Ids(tuple(ids))
        found = self.top(match, {}, self.documents if ids is None else len(ids))
        versions = self._searcher.fast_field_values(schema.VERSION, [each.place for each in found])
        return {each.id: int(version or 0) for each, version in zip(found, versions, strict=True)}

    def explain(self, clause: Clause, id: int) -> Mapping[str, Any] | None:
        found = self.top(All((clause, Ids((id,)))), {}, 1)
        if not found:
            return None
        explained: dict[str, Any] = orjson.loads(self._translation.query(clause).explain(self._searcher, found[0].place).to_json())
        return explained

    def names(self, match: Clause) -> dict[str, int]:
        """Names of matching documents as written, with their documents."""
        fields = [schema.names_field(text.name) for text in self._definition.texts if text.analysis is Analysis.NAMES]
        answer = (
            self._searcher.aggregate(self._translation.query(match), {field: {"terms": {"field": field, "size": 200}} for field in fields})
            if fields
            else {}
        )
        counts: dict[str, int] = {}
        for field in fields:
            for bucket in answer[field]["buckets"]:
                counts[bucket["key"]] = counts.get(bucket["key"], 0) + bucket["doc_count"]
        return counts

    def spellings(self) -> Spellings:
        """Spellings in use of the keywords that fold."""
        fields = [keyword.name for keyword in self._definition.keywords if keyword.fold]
        return Spellings(
            {field: [value for value, _ in self._searcher.terms_with_prefix(schema.facet_field(field), "")] for field in fields}
        )
