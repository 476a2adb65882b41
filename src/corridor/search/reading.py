"""A question made ready for one state of an index: what matches, whatever filters, order and page are asked for."""

from dataclasses import dataclass, replace
from functools import cached_property

from . import fusion
from .clauses import All, Clause, Fixed, Ids, any_of
from .definition import IndexDefinition
from .encoding import QueryEncoder
from .model import Mode
from .planning import Plan, Planner
from .ports import Neighbours, Vectors
from .store import Snapshot
from .tuning import Tuning


@dataclass(frozen=True)
class Meaning:
    """What a query means, against the vectors of an index."""

    vector: Vectors
    neighbours: Neighbours


@dataclass(frozen=True)
class Reading:
    plan: Plan
    meaning: Meaning | None
    scale: fusion.Scale
    mode: Mode  # what is done, which may be less than what was asked for

    @cached_property
    def near(self) -> tuple[int, ...]:
        """Documents that match by meaning alone."""
        if self.meaning is None:
            return ()
        return tuple(self.meaning.neighbours.ids[self.meaning.neighbours.cosines >= self.scale.floor].tolist())

    @cached_property
    def ranking(self) -> Clause:
        """Matches by words with their scores; in search by meaning, exact hits alone."""
        if self.mode is not Mode.SEMANTIC:
            return self.plan.ranking
        return self._required(any_of([Fixed(tier) for tier in self.plan.exact]))

    @cached_property
    def match(self) -> Clause:
        by_words = self.plan.match if self.mode is not Mode.SEMANTIC else self.ranking
        return any_of([by_words, self._required(Ids(self.near))]) if self.near else by_words

    def _required(self, clause: Clause) -> Clause:
        return All((clause, *self.plan.required)) if self.plan.required else clause


class QuestionReader:
    def __init__(self, definition: IndexDefinition, tuning: Tuning, encoder: QueryEncoder | None) -> None:
        self._definition = definition
        self._tuning = tuning
        self._encoder = encoder

    def read(self, snapshot: Snapshot, text: str, mode: Mode) -> Reading:
        key = (self, text, mode)  # readers with other tunings remember theirs
        known: Reading | None = snapshot.readings.get(key)
        if known is not None:
            return known
        plan = Planner(snapshot.words, self._definition, self._tuning).plan(text)
        wanted = mode is not Mode.LEXICAL and plan.meant
        meaning = self._meaning(snapshot, plan.question.text) if wanted else None
        reading = Reading(plan, meaning, _scale(snapshot, plan, meaning), Mode.LEXICAL if wanted and meaning is None else mode)
        # What was read while the encoder was away is not kept: it may be back for the next search.
        if meaning is not None or not wanted:
            snapshot.readings.keep(key, reading)
        return reading

    def _meaning(self, snapshot: Snapshot, text: str) -> Meaning | None:
        """None where there is nothing to compare with: no encoder, no vectors, or those of another encoder."""
        if self._encoder is None or not snapshot.vectors.size or snapshot.encoder not in (None, self._encoder.name):
            return None
        vector = self._encoder.encode(text)
        if vector is None or len(vector) != snapshot.vectors.dimensions:
            return None
        return Meaning(vector, snapshot.vectors.nearest(vector, fusion.MOST))


def _scale(snapshot: Snapshot, plan: Plan, meaning: Meaning | None) -> fusion.Scale:
    best = snapshot.words.top(plan.ranking, {}, 1)
    scale = fusion.Scale(best_words=best[0].score if best else 0.0, ideal=plan.ideal)
    return replace(scale, best_cosine=float(meaning.neighbours.cosines[0]), mean=meaning.neighbours.mean) if meaning else scale
