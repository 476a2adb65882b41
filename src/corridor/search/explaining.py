"""Why a document stands where it stands, as plain data for staff."""

from collections.abc import Mapping
from typing import Any

from . import fusion
from .clauses import All, Clause, Everything, Ids
from .model import Search
from .ranking import Ranking
from .reading import Reading
from .store import Snapshot

Tree = dict[str, Any]


def explain(snapshot: Snapshot, reading: Reading, search: Search, factors: Mapping[int, float], id: int) -> Tree:
    ranking = Ranking(snapshot, reading, search.filters, factors)
    places = {each.id: (place, each.score) for place, each in enumerate(ranking.head(), 1)}
    place, score = places.get(id, (None, None))
    there = snapshot.words.top(Ids((id,)), {}, 1)
    return {
        "id": id,
        "indexed": bool(there),
        "mode": reading.mode.value,
        "matches": bool(snapshot.words.count(_only(reading.match, id), {})),
        "passes_filters": bool(snapshot.words.count(_only(Everything(), id), search.filters)),
        "place": place,  # None beyond the head, where the order of words goes on
        "score": score,
        "exact": ranking.tiers().get(id),
        "weight": snapshot.words.weights(there)[0] if there else None,
        "boost": factors.get(id, 1.0),
        "question": _question(reading),
        "words": _words(snapshot, reading, id),
        "meaning": _meaning(snapshot, reading, id),
    }


def _only(clause: Clause, id: int) -> Clause:
    return All((clause, Ids((id,))))


def _question(reading: Reading) -> Tree:
    question = reading.plan.question
    return {
        "text": question.text,
        "units": [{"words": list(unit.words), "synonyms": [" ".join(other) for other in unit.alternatives]} for unit in question.units],
        "never_required": list(question.common),
        "phrases": [" ".join(phrase) for phrase in question.phrases],
        "codes": [mention.form for mention in question.mentions],
        "hints": [f"{field}: {value}" for field, value in question.hints],
        "did_you_mean": reading.plan.did_you_mean,
    }


def _words(snapshot: Snapshot, reading: Reading, id: int) -> Tree:
    tree = snapshot.words.explain(reading.plan.ranking, id)
    score = float(tree["value"]) if tree else 0.0
    return {"score": score, "best": reading.scale.best_words, "ideal": reading.scale.ideal, "tree": tree}


def _meaning(snapshot: Snapshot, reading: Reading, id: int) -> Tree | None:
    if reading.meaning is None:
        return None
    cosine = float((snapshot.vectors.vectors([id]) @ reading.meaning.vector)[0])
    scale = reading.scale
    return {
        "cosine": cosine,
        "mean": scale.mean,
        "best": scale.best_cosine,
        "floor": scale.floor if scale.best_cosine >= fusion.SURE else None,
        "matches_alone": id in reading.near,
    }
