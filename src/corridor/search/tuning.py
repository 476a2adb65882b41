"""What staff change without a new index: synonyms and boosts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from .text import words

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Boost:
    """Multiplies the score of a document for one query, or for every query when none is given. It never adds a match."""

    query: str
    id: int
    factor: float


@dataclass(frozen=True)
class Tuning:
    """Each set of synonyms holds words or phrases that mean the same."""

    synonyms: tuple[Iterable[str], ...] = ()
    boosts: tuple[Boost, ...] = field(default=())

    @cached_property
    def alternatives(self) -> dict[Phrase, tuple[Phrase, ...]]:
        """Every phrase of a set → the others of its sets."""
        found: dict[Phrase, dict[Phrase, None]] = {}
        for each in self.synonyms:
            phrases = [phrase for text in each if (phrase := tuple(words(text)))]
            for phrase in phrases:
                found.setdefault(phrase, {}).update(dict.fromkeys(other for other in phrases if other != phrase))
        return {phrase: tuple(others) for phrase, others in found.items() if others}

    @cached_property
    def longest(self) -> int:
        """Words in the longest phrase that has synonyms."""
        return max(map(len, self.alternatives), default=0)

    def factors(self, text: str) -> dict[int, float]:
        """Factor of each boosted document for a query."""
        asked = words(text)
        factors: dict[int, float] = {}
        for query, boost in self._boosts:
            if not query or query == asked:
                factors[boost.id] = factors.get(boost.id, 1.0) * boost.factor
        return factors

    @cached_property
    def _boosts(self) -> tuple[tuple[list[str], Boost], ...]:
        return tuple((words(each.query), each) for each in self.boosts)
