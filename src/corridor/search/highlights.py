"""Snippets: the part of a text that has most of what was asked for, as HTML with <mark> and nothing else."""

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from .text import UNSPACED, fold

LENGTH = 240
_LEAD = 60  # characters before the first mark
_MOST_MARKS = 200
_PREFIX = 3
_SPECIAL = re.compile("[&<>\"']")


class _Aligned(dict[int, str]):
    """Character → one folded character, so that positions stay."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code)).strip()
        self[code] = chosen = folded[0] if folded else chr(code) if unicodedata.category(chr(code))[0] == "M" else " "
        return chosen


_ALIGNED = _Aligned()


class Mark(NamedTuple):
    start: int
    end: int
    word: str  # what it stands for, to tell different words from repetition


class Highlighter:
    """Marks words that are among the given ones, or have the same stem as one of them."""

    def __init__(self, words: frozenset[str], stem: Callable[[str], str]) -> None:
        self._stems = {found for word in words if (found := stem(word))}
        self._words = words
        self._stem = stem
        self._pattern = _pattern(words | self._stems)

    def snippet(self, text: str, length: int = LENGTH) -> str | None:
        """None when nothing of the text is asked for."""
        marks = self._marks(text)
        if not marks:
            return None
        start, end = window(text, marks, length)
        return render(text, marks, start, end)

    def _marks(self, text: str) -> list[Mark]:
        if self._pattern is None:
            return []
        aligned = text.lower() if text.isascii() else text.translate(_ALIGNED)
        marks: list[Mark] = []
        for found in self._pattern.finditer(aligned):
            meant = self._meant(found.group())
            if meant:
                marks.append(Mark(found.start(), found.end(), meant))
                if len(marks) == _MOST_MARKS:
                    break
        return marks

    def _meant(self, word: str) -> str | None:
        stem = self._stem(word)
        return stem if stem in self._stems else word if word in self._words else None


@lru_cache(maxsize=4_096)
def _pattern(words: frozenset[str]) -> re.Pattern[str] | None:
    """Finds words that may be meant by how they begin; which are, their stems decide."""
    spaced = sorted({word[: max(1, min(_PREFIX, len(word) - 1))] for word in words if not UNSPACED.match(word)})
    letters = sorted(word for word in words if UNSPACED.match(word))
    parts = [rf"(?<![^\W_])(?:{'|'.join(map(re.escape, spaced))})[^\W_]*"] if spaced else []
    parts += [re.escape(letter) for letter in letters]
    return re.compile("|".join(parts)) if parts else None


def window(text: str, marks: Sequence[Mark], length: int) -> tuple[int, int]:
    """The stretch of about that length with the most different words marked, the most marks, the first."""
    if len(text) <= length:
        return 0, len(text)

    def worth(first: int) -> tuple[int, int, int]:
        inside = [mark for mark in marks[first : first + 12] if mark.end <= marks[first].start + length - _LEAD]
        return len({mark.word for mark in inside}), len(inside), -first

    chosen = marks[max(range(len(marks)), key=worth)]
    start = max(0, min(chosen.start - _LEAD, len(text) - length))
    if start:
        start = min(chosen.start, text.find(" ", start, chosen.start) + 1 or start)
    end = min(len(text), max(start + length, chosen.end))
    if end < len(text):
        end = max(chosen.end, text.rfind(" ", chosen.end, end))
    return start, end


def render(text: str, marks: Sequence[Mark], start: int, end: int) -> str:
    escape = html.escape if _SPECIAL.search(text, start, end) else str
    pieces = ["…"] if start else []
    at = start
    for mark in marks:
        if mark.start >= at and mark.end <= end:
            pieces += [escape(text[at : mark.start]), "<mark>", escape(text[mark.start : mark.end]), "</mark>"]
            at = mark.end
    pieces.append(escape(text[at:end]))
    if end < len(text):
        pieces.append("…")
    return "".join(pieces)
