"""One score from words and meaning. Pure numbers; docs/decisions/0011 says where the constants come from.

A cosine says little by itself: what counts is how far it stands out among the cosines of all documents for this query.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Share of meaning in the score; the rest is words.
MEANING = 0.45
# Words count fully from this share of the score of a document that has them all.
FULL = 0.8
# Nothing matches by meaning when the best cosine is below this: that is what noise reaches.
SURE = 0.3
# Else documents match by meaning alone from this cosine, and from this share of the way from the mean cosine to the best; at most so many.
FLOOR, STANDING_OUT, MOST = 0.2, 0.3, 100
# The question asked the second time is moved this far towards the mean of so many best documents.
ECHO, ECHOED = 0.5, 3
# A document whose neighbours among the best score well gains by it: so many neighbours, this share of their score, among so many best.
NEIGHBOURS, LEANING, LEANING_AMONG = 3, 0.3, 100


@dataclass(frozen=True)
class Scale:
    """What scores and cosines of a query are measured against: the whole collection, never the filtered part of it."""

    best_words: float
    ideal: float
    best_cosine: float = 0.0
    mean: float = 0.0

    @property
    def floor(self) -> float:
        """Least cosine of a document that matches by meaning alone."""
        if self.best_cosine < SURE:
            return math.inf
        return max(FLOOR, self.mean + STANDING_OUT * (self.best_cosine - self.mean))


def by_words(scores: Scores, scale: Scale) -> Scores:
    return scores / np.float32(max(scale.best_words, FULL * scale.ideal, 1e-6))


def by_meaning(cosines: Scores, scale: Scale) -> Scores:
    standing = (cosines - np.float32(scale.mean)) / np.float32(max(scale.best_cosine - scale.mean, 1e-6))
    return np.asarray(np.maximum(standing, 0), dtype=np.float32)


def fuse(words: Scores, vectors: NDArray[np.float32], question: Scores, scale: Scale) -> Scores:
    """Scores of documents from those of their words and from their vectors: a row for each, of zeros where there is none.

    The question is asked twice: moved towards the best of the first time, it is nearer to what they have in common.
    """
    first = _mixed(words, by_meaning(vectors @ question, scale))
    moved = question + np.float32(ECHO) * _centre(vectors, first)
    cosines = vectors @ moved / np.float32(max(float(np.linalg.norm(moved)), 1e-6))
    return lean(_mixed(words, by_meaning(cosines, replace(scale, best_cosine=float(cosines.max(initial=0))))), vectors)


def _mixed(words: Scores, meaning: Scores) -> Scores:
    return (1 - MEANING) * words + MEANING * meaning


def _centre(vectors: NDArray[np.float32], scores: Scores) -> Scores:
    """Mean of the best documents' vectors, weighted by their scores."""
    best = np.argsort(-scores, kind="stable")[:ECHOED]
    weights = scores[best] / np.float32(max(float(scores[best].sum()), 1e-6))
    return np.asarray(weights @ vectors[best], dtype=np.float32)


def lean(scores: Scores, vectors: NDArray[np.float32]) -> Scores:
    """Each of the best gains a share of the mean score of its nearest neighbours among them, the others nothing.

    The others come after all of the best, as they did before.
    """
    if len(scores) <= NEIGHBOURS:
        return scores
    best = np.argsort(-scores, kind="stable")[:LEANING_AMONG]
    likeness = np.clip(vectors[best] @ vectors[best].T, 0, None)
    np.fill_diagonal(likeness, 0)
    nearest = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    near = np.take_along_axis(likeness, nearest, axis=1)
    gain = (near * scores[best][nearest]).sum(axis=1) / np.maximum(near.sum(axis=1), 1e-6)
    leaned = scores.copy()
    leaned[best] += LEANING * gain
    return leaned
