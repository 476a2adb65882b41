"""From a question to what an index is asked: which documents match by words, and what raises them.

A document matches when it has at least m of the n content words of the query. m is the greatest number for which enough
documents of the whole collection match, so it depends on the query and the collection alone, never on filters, paging or
sorting. Stop words, hints and words that are everywhere in the collection are never required; quoted phrases always are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from . import codes
from .clauses import All, Any, Best, Clause, Field, Fixed, Nothing, Raised, Scaled, Sequel, Term, Value, any_of, text_field
from .definition import Analysis, IndexDefinition, Text
from .ports import LexicalReader
from .text import STOP_WORDS, words
from .tuning import Phrase, Tuning
from .understanding import Question, Unit, surface, understand

# Enough matches to look through: so many, or this share of a small collection.
ENOUGH, ENOUGH_SHARE = 200, 0.15
# A word in more than this share of the documents tells nothing about which are meant.
COMMON_SHARE = 0.4
# A title that holds every word of the query is about it, not a passing mention: it adds this share of the score of a document with all words.
TITLE_COVERS = 0.4
# Two words of the query that follow one another in a document too add this share of how rare they are together; so many pairs are looked at.
PAIR, MOST_PAIRS = 0.1, 8
# A stretch of so many words that at most so many documents have was copied from one of them: it adds this share of the score.
COPIED_LEAST, COPIED_MOST, COPIED_OWNERS, COPIED = 5, 40, 3, 2.0
ARTICLES = frozenset(["the", "a", "an"])
# What stands in for a word of the query counts less than the word.
SYNONYM, TYPO = 0.9, 0.5
# A hint adds this share of it.
HINT = 0.15
# A question of so many words is a name where documents have it as one, and have it so in this share of the places where it is said.
NAME_LEAST, NAME_MOST, NAME_SHARE = 2, 8, 0.5
# In a large collection a word of one or two documents may be a slip itself: a far more frequent neighbour is looked for as well.
THIN, THIN_SHARE, FAR_MORE = 2, 1 / 5_000, 25


@dataclass(frozen=True)
class Plan:
    question: Question
    match: Clause  # documents that match by words
    ranking: Clause  # the same documents, with their scores
    raising: tuple[Clause, ...]  # what gives any document a score, matching or not
    exact: tuple[Clause, ...]  # tiers that go first, best first
    required: tuple[Clause, ...]  # phrases, of documents that match by meaning too
    ideal: float  # score of a document of middling length that has each word once
    meant: bool  # whether the query has a meaning beyond codes and names
    marked: frozenset[str]  # folded words to highlight
    did_you_mean: str | None = None


class Planner:
    def __init__(self, reader: LexicalReader, definition: IndexDefinition, tuning: Tuning) -> None:
        self._reader = reader
        self._definition = definition
        self._tuning = tuning

    def plan(self, text: str) -> Plan:
        question = understand(text, self._definition, self._tuning)
        recognised = [mention for mention in question.mentions if self._known(mention)]
        question = understand(text, self._definition, self._tuning, recognised) if recognised else replace(question, mentions=())
        slips = {unit.words[0]: near for unit in question.units if (near := self._slips(unit))}
        telling = [unit for unit in question.units if not self._everywhere(unit)] or list(question.units)
        clauses = tuple(clause for unit in telling for clause in self._clauses(unit, slips))
        by_words = Any(clauses, self._least(clauses)) if clauses else None
        named = self._named(question) if not recognised else None
        exact = (*self._exact(question, slips), *([named] if named else []))
        phrases = tuple(Sequel(Field.WORDS, phrase) for phrase in question.phrases)
        match = self._with_exact(by_words, exact, question)
        if phrases:
            match = All((*phrases, match)) if by_words else All(phrases)
        ideal = sum(self._rarity(tuple(slips.get(unit.words[0], unit.words)[:1]) if unit.word else unit.words) for unit in question.units)
        ideal += sum(map(self._rarity, question.phrases))
        raising = self._raising(question, telling, slips, ideal)
        return Plan(
            question=question,
            match=match,
            ranking=Raised(match, raising) if raising else match,
            raising=(*clauses, *phrases, *raising),
            exact=exact,
            required=phrases,
            ideal=ideal,
            meant=named is None and (bool(question.units or question.phrases) or not recognised),
            marked=frozenset(_marked(question, slips)),
            did_you_mean=self._better(question, slips),
        )

    # Matching

    def _least(self, clauses: tuple[Clause, ...]) -> int:
        """The greatest number of clauses that enough documents match; at least one."""
        enough = min(ENOUGH, ENOUGH_SHARE * self._reader.documents)
        low, high = 1, len(clauses)
        while low < high:
            middle = (low + high + 1) // 2
            if self._reader.count(Any(clauses, middle), {}) >= enough:
                low = middle
            else:
                high = middle - 1
        return low

    def _everywhere(self, unit: Unit) -> bool:
        if not unit.word or unit.alternatives:
            return False
        (stem,) = self._reader.stems(unit.words)
        return self._reader.frequency(Field.BAG, stem) > COMMON_SHARE * self._reader.documents if stem else False

    def _unit(self, unit: Unit, slips: dict[str, Sequence[str]]) -> Clause:
        return _all(self._clauses(unit, slips))

    def _clauses(self, unit: Unit, slips: dict[str, Sequence[str]]) -> tuple[Clause, ...]:
        """One for each word, which a synonym of the whole phrase stands in for: with synonyms no fewer words count as found."""
        said = [Sequel(Field.WORDS, unit.words)] if unit.together else [self._word(word) for word in unit.words]
        others = [Scaled(self._phrase(phrase), SYNONYM / len(said)) for phrase in unit.alternatives]
        others += [Scaled(self._word(near), TYPO) for near in slips.get(unit.words[0], ())]
        return tuple(Best((clause, *others)) for clause in said) if others else tuple(said)

    def _phrase(self, phrase: Phrase) -> Clause:
        return self._word(phrase[0]) if len(phrase) == 1 else Sequel(Field.WORDS, phrase)

    def _word(self, word: str) -> Clause:
        """A word in the searched text or in a field that is kept out of it."""
        (stem,) = self._reader.stems([word])
        if not stem:
            return Term(Field.WORDS, word)
        light = [
            Scaled(Term(text_field(text.name), word if text.analysis is Analysis.NAMES else stem), text.weight)
            for text in self._definition.texts
            if text.weight < 1 and not text.title and text.analysis is not Analysis.CODES
        ]
        return Any((Term(Field.BAG, stem), *light)) if light else Term(Field.BAG, stem)

    # Exact hits

    def _known(self, mention: codes.Mention) -> bool:
        return any(self._reader.frequency(Field.CODES, term) for term in codes.query_terms(mention.form))

    def _exact(self, question: Question, slips: dict[str, Sequence[str]]) -> tuple[Clause, ...]:
        asked = [codes.query_terms(mention.form) for mention in question.mentions]
        ranks = [
            [Term(Field.CODES, term) for term in rank if self._reader.frequency(Field.CODES, term)] for rank in zip(*asked, strict=False)
        ]
        tiers: list[Clause] = [any_of(rank) for rank in ranks if rank]
        if question.whole and self._reader.frequency(Field.EXACT, question.whole):
            tiers.append(Term(Field.EXACT, question.whole))
        elif slips and not any(self._reader.frequency(Field.WORDS, slip) for slip in slips):
            meant = " ".join(slips[word][0] if word in slips else word for word in question.whole.split())
            tiers += [Term(Field.EXACT, meant)] if self._reader.frequency(Field.EXACT, meant) else []
        return tuple(tiers)

    def _named(self, question: Question) -> Clause | None:
        """Documents of the person or the house whose name is all that is asked. A name means nothing, so nothing is near to it."""
        name = tuple(question.whole.split())
        if not NAME_LEAST <= len(name) <= NAME_MOST:
            return None
        fields = [text_field(text.name) for text in self._definition.texts if text.analysis is Analysis.NAMES]
        having = [field for field in fields if all(self._reader.frequency(field, word) for word in name)]
        if not having:
            return None
        said = Sequel(Field.WORDS, name)
        named = All((said, any_of([_all(tuple(Term(field, word) for word in name)) for field in having])))
        found = self._reader.count(named, {})
        return named if found and found >= NAME_SHARE * self._reader.count(said, {}) else None

    def _with_exact(self, by_words: Clause | None, exact: tuple[Clause, ...], question: Question) -> Clause:
        """Exact hits match whether or not they have the words; so do documents that mention a code in their text."""
        mentioned = [Sequel(Field.WORDS, tuple(found)) for mention in question.mentions if (found := words(mention.form))]
        alternatives = [*([by_words] if by_words else []), *(Fixed(tier) for tier in exact), *mentioned]
        return any_of(alternatives)

    # Scores

    def _raising(self, question: Question, telling: Sequence[Unit], slips: dict[str, Sequence[str]], ideal: float) -> tuple[Clause, ...]:
        raising: list[Clause] = []
        said = [unit for unit in question.units if not unit.together]
        meant = [[stem for stem in self._reader.stems((word, *slips.get(word, ()))) if stem] for unit in said for word in unit.words]
        covered = tuple(any_of([Term(Field.TITLE, stem) for stem in stems]) for stems in meant if stems)
        if covered:
            raising.append(Fixed(_all(covered), TITLE_COVERS * ideal))
        for text in self._definition.texts:
            if text.weight > 1 and text.analysis is not Analysis.CODES and said:
                raising += [Scaled(self._in_field(text, said), text.weight - 1)]
        raising += self._pairs(question)
        raising += self._copied(question, ideal)
        raising += [Term(Field.BAG, stem) for word in question.common if (stem := self._reader.stems([word])[0])]
        raising += [self._unit(unit, slips) for unit in question.units if unit not in telling]
        raising += [Fixed(Value(field, value), HINT * (ideal or 1.0)) for field, value in question.hints]
        return tuple(raising)

    def _pairs(self, question: Question) -> list[Clause]:
        """Neighbouring words where they are neighbours in documents as well."""
        said = {unit.word for unit in question.units}
        pairs = dict.fromkeys(pair for pair in pairwise(question.whole.split()) if said.issuperset(pair))
        sequels = [Sequel(Field.WORDS, pair) for pair in list(pairs)[:MOST_PAIRS]]
        together = [(sequel, self._reader.count(sequel, {})) for sequel in sequels]
        return [Fixed(sequel, PAIR * self._inverse(found)) for sequel, found in together if found]

    def _copied(self, question: Question, ideal: float) -> list[Clause]:
        """A stretch of a text, word by word, that next to no document has. Unlike a title, it may end or begin with any word."""
        said = tuple(question.whole.split())
        if not COPIED_LEAST <= len(said) <= COPIED_MOST or not (said[-1] in STOP_WORDS or said[0] in STOP_WORDS - ARTICLES):
            return []
        copied = Sequel(Field.WORDS, said)
        return [Fixed(copied, COPIED * ideal)] if 0 < self._reader.count(copied, {}) <= COPIED_OWNERS else []

    def _in_field(self, text: Text, units: Sequence[Unit]) -> Clause:
        said = [word for unit in units for word in unit.words]
        tokens = said if text.analysis is Analysis.NAMES else [stem for stem in self._reader.stems(said) if stem]
        return any_of([Term(Field.TITLE if text.title else text_field(text.name), token) for token in tokens])

    def _rarity(self, phrase: Phrase) -> float:
        """Sum of the inverse document frequencies of the words, as BM25 has them."""
        return sum(self._inverse(self._reader.frequency(Field.BAG, stem)) for stem in self._reader.stems(phrase) if stem)

    def _inverse(self, found: int) -> float:
        """Inverse document frequency of what so many documents have."""
        return math.log(1 + (max(self._reader.documents - found, 0) + 0.5) / (found + 0.5))

    # Typos

    def _slips(self, unit: Unit) -> Sequence[str]:
        """Words that may have been meant by one that is not there, or hardly."""
        if not unit.word or unit.alternatives or not unit.word.isalpha():
            return ()
        (stem,) = self._reader.stems(unit.words)
        if not stem or (frequency := self._reader.frequency(Field.BAG, stem)) > min(THIN, THIN_SHARE * self._reader.documents):
            return ()
        near = [(word, count) for word, count in self._reader.similar_words(Field.WORDS, unit.word) if word != unit.word]
        return [word for word, count in near if not frequency or count >= FAR_MORE * frequency][:3]

    def _better(self, question: Question, slips: dict[str, Sequence[str]]) -> str | None:
        """The query with slips corrected, if more documents have all of its words than have those typed."""
        if not slips:
            return None
        corrected = [Unit((slips[unit.words[0]][0],)) if unit.words[0] in slips else unit for unit in question.units]
        typed, meant = (_all(tuple(self._unit(unit, {}) for unit in units)) for units in (question.units, corrected))
        if self._reader.count(meant, {}) <= self._reader.count(typed, {}):
            return None
        return surface(question.text, {word: near[0] for word, near in slips.items()})


def _all(clauses: tuple[Clause, ...]) -> Clause:
    return clauses[0] if len(clauses) == 1 else All(clauses) if clauses else Nothing()


def _marked(question: Question, slips: dict[str, Sequence[str]]) -> list[str]:
    said = [word for unit in question.units for phrase in (unit.words, *unit.alternatives) for word in phrase]
    quoted = [word for phrase in question.phrases for word in phrase]
    coded = [word for mention in question.mentions for word in words(mention.form)]
    return [*said, *quoted, *coded, *(word for near in slips.values() for word in near)]
