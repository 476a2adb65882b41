"""How the words of a source become our topics. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


def folded(name: str) -> str:
    """A topic's name as it is compared: without case or superfluous space."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True)
class TopicLookup:
    """The topic tree and the offerors' vocabularies, prepared for many questions. Names are folded."""

    by_name: Mapping[str, int]
    mapped: Mapping[tuple[str, str], frozenset[int]]  # (offeror code, folded source word) -> topics
    parents: Mapping[int, int]

    def topics(self, words: Iterable[str], offeror: str) -> frozenset[int]:
        """Ids of our topics that the words stand for, ancestors included: what the offeror's mapping says, else the topic of that name."""
        return self.with_ancestors(topic for word in words for topic in self._meant(folded(word), offeror))

    def with_ancestors(self, topics: Iterable[int]) -> frozenset[int]:
        return frozenset(id for topic in topics for id in self._lineage(topic))

    def _meant(self, word: str, offeror: str) -> frozenset[int]:
        if found := self.mapped.get((offeror, word)):
            return found
        return frozenset([self.by_name[word]]) if word in self.by_name else frozenset()

    def _lineage(self, topic: int | None) -> Iterator[int]:
        while topic is not None:
            yield topic
            topic = self.parents.get(topic)
