"""The order of results: a head whose scores are worked out, and a tail in the order of words.

Both make one list, of which every page is a part, so pages neither repeat nor lose a result.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from . import fusion
from .clauses import All, Best, Filters, Fixed, Ids, Raised
from .model import Mode
from .ports import Found
from .reading import Reading
from .store import Snapshot

# Results by words in the head; those that match by meaning or exactly are in it all.
HEAD = 100
MOST_EXACT = 100
_TIER = 10.0  # more than any other score


class Ranking:
    def __init__(self, snapshot: Snapshot, reading: Reading, filters: Filters, factors: Mapping[int, float]) -> None:
        """`factors` multiply the scores of single documents."""
        self._words = snapshot.words
        self._vectors = snapshot.vectors
        self._reading = reading
        self._filters = filters
        self._factors = factors

    def page(self, offset: int, limit: int) -> list[Found]:
        head = self.head()
        page = list(head[offset : offset + limit])
        missing = limit - len(page)
        if missing and len(self._by_words) == HEAD:
            page += self._tail({each.id for each in head}, max(0, offset - len(head)), missing)
        return page

    def _tail(self, placed: set[int], offset: int, limit: int) -> list[Found]:
        further = self._words.top(self._reading.ranking, self._filters, HEAD + offset + limit + len(placed))[HEAD:]
        return [each for each in further if each.id not in placed][offset : offset + limit]

    @cached_property
    def _by_words(self) -> Sequence[Found]:
        return self._words.top(self._reading.ranking, self._filters, HEAD)

    def head(self) -> Sequence[Found]:
        tiers = self.tiers()
        known = {each.id for each in self._by_words}
        further = tuple(id for id in dict.fromkeys([*self._reading.near, *tiers, *self._factors]) if id not in known)
        found = [*self._by_words, *self._scored(further)]
        if not found:
            return []
        factors = [weight * self._factors.get(each.id, 1.0) for each, weight in zip(found, self._words.weights(found), strict=True)]
        scores = self._scores(found) * np.array(factors) + np.array([tiers.get(each.id, 0.0) for each in found])
        order = np.lexsort((np.array([each.id for each in found]), -scores))
        return [Found(found[at].id, score, found[at].place) for at, score in zip(order.tolist(), scores[order].tolist(), strict=True)]

    def tiers(self) -> dict[int, float]:
        """Exact hits with what puts them in front."""
        plan = self._reading.plan
        if not plan.exact:
            return {}
        ranks = Best(tuple(Fixed(tier, _TIER * (len(plan.exact) - rank)) for rank, tier in enumerate(plan.exact)))
        return {each.id: each.score for each in self._words.top(All((ranks, *map(Fixed, plan.required))), self._filters, MOST_EXACT)}

    def _scored(self, ids: tuple[int, ...]) -> Sequence[Found]:
        """Matching documents of those ids, with what their words are worth."""
        if not ids:
            return []
        matching = Fixed(All((self._reading.match, Ids(ids))))
        return self._words.top(Raised(matching, self._reading.plan.raising), self._filters, len(ids))

    def _scores(self, found: Sequence[Found]) -> fusion.Scores:
        reading = self._reading
        words = fusion.by_words(np.array([each.score for each in found], dtype=np.float32), reading.scale)
        if reading.meaning is None:
            return words
        vectors = self._vectors.vectors([each.id for each in found])
        if reading.mode is Mode.SEMANTIC:
            return fusion.by_meaning(vectors @ reading.meaning.vector, reading.scale)
        return fusion.fuse(words, vectors, reading.meaning.vector, reading.scale)
