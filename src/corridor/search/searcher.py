"""Answers questions to one index."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .clauses import Clause, Everything
from .definition import IndexDefinition
from .encoding import QueryEncoder
from .errors import UnknownField
from .explaining import Tree, explain
from .facets import facet_values
from .highlights import Highlighter
from .likeness import similar
from .model import FacetValue, Hit, Likeness, Results, Search, Suggestion
from .ports import Encoder, Found, LexicalReader
from .ranking import Ranking
from .reading import QuestionReader
from .store import IndexStore, Snapshot
from .suggesting import Suggester
from .tuning import Tuning

MOST_HITS = 1_000
_ANSWER = 16_384  # bytes that an answer takes beside the bodies of its hits, about


class Searcher:
    def __init__(self, store: IndexStore, encoder: Encoder | None = None, tuning: Tuning | None = None) -> None:
        """Without an encoder, or while its service is down, questions are answered by words."""
        self._store = store
        self._definition = store.definition
        self._tuning = tuning or Tuning()
        self._reader = QuestionReader(self._definition, self._tuning, QueryEncoder(encoder) if encoder else None)

    def search(self, search: Search) -> Results:
        """Raises UnknownField for a filter, facet or sort that is not declared, IndexMissing where nothing is indexed yet."""
        search = checked(search, self._definition)
        snapshot = self._store.snapshot()
        key = (self, *_asked(search))
        known = snapshot.answers.get(key)
        if known is None:
            known = self._answer(snapshot, search)
            # What was answered by words because the encoder was away is asked anew: it may be back.
            if known.mode is search.mode:
                snapshot.answers.keep(key, known, sum(len(hit.body) for hit in known.hits) + _ANSWER)
        return known

    def _answer(self, snapshot: Snapshot, search: Search) -> Results:
        if not search.text.strip():
            return self._browse(snapshot.words, search)
        reading = self._reader.read(snapshot, search.text, search.mode)
        total = snapshot.words.count(reading.match, search.filters)
        if search.offset >= total or not search.limit:
            page: Sequence[Found] = ()
        elif search.sort:
            page = snapshot.words.ordered(reading.match, search.filters, search.sort, search.offset, search.limit)
        else:
            page = Ranking(snapshot, reading, search.filters, self._tuning.factors(search.text)).page(search.offset, search.limit)
        return Results(
            total=total,
            hits=self._hits(snapshot.words, page, reading.plan.marked if search.highlight else frozenset()),
            facets=self._facets(snapshot.words, reading.match, search),
            did_you_mean=reading.plan.did_you_mean,
            mode=reading.mode,
        )

    def suggest(self, prefix: str, limit: int = 8) -> list[Suggestion]:
        return Suggester(self._store.snapshot().words, self._definition).suggest(prefix, limit)

    def similar(
        self, id: int, limit: int = 10, filters: Mapping[str, Sequence[str]] | None = None, by: Likeness = Likeness.MEANING
    ) -> list[Hit]:
        wanted = checked(Search(filters=filters or {}, limit=limit), self._definition)
        snapshot = self._store.snapshot()
        return self._hits(snapshot.words, similar(snapshot, id, wanted.limit, wanted.filters, by), frozenset())

    def explain(self, search: Search, id: int) -> Tree:
        search = checked(search, self._definition)
        snapshot = self._store.snapshot()
        reading = self._reader.read(snapshot, search.text, search.mode)
        return explain(snapshot, reading, search, self._tuning.factors(search.text), id)

    def _browse(self, words: LexicalReader, search: Search) -> Results:
        order = search.sort or self._definition.browse or ""
        page = words.ordered(Everything(), search.filters, order, search.offset, search.limit)
        return Results(
            total=words.count(Everything(), search.filters),
            hits=self._hits(words, page, frozenset()),
            facets=self._facets(words, Everything(), search),
            mode=search.mode,
        )

    def _facets(self, words: LexicalReader, match: Clause, search: Search) -> dict[str, list[FacetValue]]:
        return facet_values(words, match, search.filters, search.facets, self._definition.keyword)

    def _hits(self, words: LexicalReader, page: Sequence[Found], marked: frozenset[str]) -> list[Hit]:
        highlighter = Highlighter(marked, lambda word: words.stems([word])[0]) if marked else None
        return [
            Hit(found.id, found.score, stored.body, self._highlights(highlighter, stored.texts) if highlighter else {})
            for found, stored in zip(page, words.load(page), strict=True)
        ]

    def _highlights(self, highlighter: Highlighter, texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
        wanted = (text.name for text in self._definition.texts if text.highlight)
        snippets = ((name, next(filter(None, map(highlighter.snippet, texts.get(name, ()))), None)) for name in wanted)
        return {name: snippet for name, snippet in snippets if snippet}


def _asked(search: Search) -> tuple[object, ...]:
    """What tells a search from others."""
    filters = tuple((field, *values) for field, values in sorted(search.filters.items()))
    return search.text, filters, tuple(search.facets), search.sort, search.offset, search.limit, search.mode, search.highlight


def checked(search: Search, definition: IndexDefinition) -> Search:
    """The search with numbers within bounds and without empty filters. Raises UnknownField."""
    filters = {field: tuple(values) for field, values in search.filters.items() if values}
    for field in filters:
        if field not in definition.keyword:
            raise UnknownField(f"{definition.name} has no filter {field}.")
    for field in search.facets:
        if field not in definition.keyword or not definition.keyword[field].facet:
            raise UnknownField(f"{definition.name} has no facet {field}.")
    if search.sort and search.sort not in definition.sort:
        raise UnknownField(f"{definition.name} has no order {search.sort}.")
    return replace(search, filters=filters, offset=max(0, search.offset), limit=min(max(0, search.limit), MOST_HITS))
