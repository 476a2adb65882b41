"""Words of an index, and which of them a slip of the fingers makes of another."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_SHORTEST, _LONGEST = 3, 24
_DRIFT, _FEW = 0.01, 1_000


def slips(length: int) -> int:
    """Slips forgiven in a word: none in short ones, two in long ones."""
    return 0 if length < 4 else 1 if length < 8 else 2


class Vocabularies:
    """Of each field of a large index, shared by its readers until it has grown or shrunk by more than a small share.

    In between, words that are gone match nothing, and new ones are merely not proposed yet: making a vocabulary takes
    200 ms for 60,000 words, too long to do after every commit.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Vocabulary]] = {}

    def get(self, field: str, documents: int, words: Callable[[], Sequence[tuple[str, int]]]) -> "Vocabulary":
        if documents < _FEW:
            return Vocabulary(words())
        known = self._known.get(field)
        if known is None or abs(known[0] - documents) > _DRIFT * known[0]:
            known = self._known[field] = (documents, Vocabulary(words()))
        return known[1]


class Vocabulary:
    def __init__(self, words: Sequence[tuple[str, int]]) -> None:
        """`words` with the documents that hold them. Numbers, and words that are too short or long to be mistaken, are left out."""
        kept = [each for each in words if _SHORTEST <= len(each[0]) <= _LONGEST and each[0].isalpha()]
        self._words = kept
        letters = np.array([word for word, _ in kept], dtype=f"<U{_LONGEST}").view(np.uint32).reshape(len(kept), _LONGEST)
        self._letters = np.ascontiguousarray(letters.T)
        self._lengths = (letters > 0).sum(axis=1)
        self._frequencies = np.array([frequency for _, frequency in kept], dtype=np.int64)
        self._masks = np.bitwise_or.reduce(_bits(letters), axis=1) if kept else np.zeros(0, np.uint64)

    def near(self, word: str, prefix: bool = False, limit: int = 8) -> list[tuple[str, int]]:
        """Words within the slips forgiven (swapped neighbours are one slip), the fewest first, then the most frequent.

        With `prefix`, words that begin with something so near.
        """
        allowed = slips(len(word))
        if not allowed or not word.isalpha() or len(word) > _LONGEST:
            return []
        letters = np.array([word]).view(np.uint32)
        rows = self._candidates(letters, allowed, prefix)
        distances = _distances(letters, self._letters[:, rows], self._lengths[rows], allowed, prefix)
        near = np.flatnonzero(distances <= allowed)
        rows, distances = rows[near], distances[near]
        other_start = self._letters[0, rows] != letters[0]
        order = np.lexsort((rows, -self._frequencies[rows], other_start, distances))[:limit]
        return [self._words[row] for row in rows[order]]

    def _candidates(self, letters: NDArray[np.uint32], allowed: int, prefix: bool) -> NDArray[np.intp]:
        """Rows that cannot be ruled out by their length and their set of letters."""
        mask = np.bitwise_or.reduce(_bits(letters))
        possible = (np.bitwise_count(mask & ~self._masks) <= allowed) & (self._lengths >= len(letters) - allowed)
        if not prefix:
            possible &= (self._lengths <= len(letters) + allowed) & (np.bitwise_count(self._masks & ~mask) <= allowed)
        return np.flatnonzero(possible)


def _bits(letters: NDArray[np.uint32]) -> NDArray[np.uint64]:
    return np.where(letters > 0, np.left_shift(np.uint64(1), letters.astype(np.uint64) % np.uint64(64)), np.uint64(0))


def _distances(
    word: NDArray[np.uint32], others: NDArray[np.uint32], lengths: NDArray[np.intp], allowed: int, prefix: bool
) -> NDArray[np.int8]:
    """Edit distance (optimal string alignment) from a word to each column of others, all columns at once.

    Distances beyond `allowed` come out as something larger than it: only the band that can stay below is worked out.
    """
    columns = others.shape[1]
    width = min(len(word) + allowed, others.shape[0])
    far = np.int8(allowed + 1)
    before, above = np.full((width + 1, columns), far), np.full((width + 1, columns), far)
    above[: allowed + 1] = np.arange(min(allowed, width) + 1, dtype=np.int8)[:, None]
    for i, letter in enumerate(word):
        row = np.full((width + 1, columns), far)
        if i < allowed:
            row[0] = i + 1
        for j in range(max(0, i - allowed), min(width, i + allowed + 1)):
            np.minimum(above[j + 1] + 1, row[j] + 1, out=row[j + 1])
            np.minimum(row[j + 1], above[j] + (others[j] != letter), out=row[j + 1])
            if i and j:
                swapped = (others[j - 1] == letter) & (others[j] == word[i - 1])
                np.minimum(row[j + 1], before[j - 1] + np.where(swapped, np.int8(1), far), out=row[j + 1])
        before, above = above, row
    ends = above[max(len(word) - allowed, 1) :].min(axis=0) if prefix else above[np.minimum(lengths, width), np.arange(columns)]
    return np.asarray(ends, dtype=np.int8)
