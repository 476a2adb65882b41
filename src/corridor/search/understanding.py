"""What a query asks for, as far as its text tells. Pure: no index is asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from . import codes
from .definition import IndexDefinition
from .text import LONGEST_WORD, STOP_WORDS, UNSPACED, WORD, fold, words
from .tuning import Phrase, Tuning

# Nobody types more; what a program sends beyond is not looked at.
LONGEST_QUERY = 2_000
MOST_UNITS = 40

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂″", '"') | dict.fromkeys("\x00\r\n\t", " "))
# Numbers with a dot are one thing: 2.0 is not 2 and 0, and a course number that nobody has is no other one.
_DOTTED = re.compile(r"\W*((?:[^\W_]*\d[^\W_]*\.)+[^\W_]*\d[^\W_]*)\W*")
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True)
class Unit:
    """A word, or words that stand for one thing, which a document has or has not."""

    words: Phrase
    alternatives: tuple[Phrase, ...] = ()  # synonyms
    together: bool = False  # the words must follow one another: letters of an unspaced script, parts of a number

    @property
    def word(self) -> str | None:
        """The single word of a plain unit."""
        return self.words[0] if len(self.words) == 1 else None


@dataclass(frozen=True)
class Question:
    text: str
    units: tuple[Unit, ...] = ()  # what documents should have
    common: tuple[str, ...] = ()  # stop words and hints: never required
    phrases: tuple[Phrase, ...] = ()  # quoted: always required
    mentions: tuple[codes.Mention, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()  # keyword field, value

    @cached_property
    def whole(self) -> str:
        """The folded text, as titles are compared."""
        return " ".join(words(self.text))

    @property
    def empty(self) -> bool:
        return not self.text


def understand(text: str, definition: IndexDefinition, tuning: Tuning, recognised: Sequence[codes.Mention] = ()) -> Question:
    """`recognised` are mentions of an earlier reading that the index knows as codes: their text is no longer taken for words."""
    text = clean(text)
    phrases = tuple(found for quoted in _QUOTED.findall(text) if (found := tuple(words(quoted))))
    loose = _QUOTED.sub(" ", text).replace('"', " ")
    mentions = tuple(recognised) or tuple(codes.mentions(loose))
    for mention in sorted(recognised, key=lambda each: -each.start):
        loose = f"{loose[: mention.start]} {loose[mention.end :]}"
    hints = tuple(_hints(loose, definition))
    units, common = _units(loose, tuning, {word for hint, _, _ in hints for word in hint})
    return Question(text, units, common, phrases, mentions, tuple((field, value) for _, field, value in hints))


def clean(text: str) -> str:
    """One line with plain quotes, of bearable length and valid Unicode."""
    printable = text[:LONGEST_QUERY].translate(_QUOTES).encode("utf-8", "ignore").decode()
    return " ".join(printable.split())


def _hints(text: str, definition: IndexDefinition) -> Iterator[tuple[Phrase, str, str]]:
    asked = f" {' '.join(words(text))} "
    for keyword in definition.keywords:
        for hint, value in keyword.hints.items():
            said = words(hint)
            if said and f" {' '.join(said)} " in asked:
                yield tuple(said), keyword.name, value


def _units(text: str, tuning: Tuning, hinted: set[str]) -> tuple[tuple[Unit, ...], tuple[str, ...]]:
    """Content units without repetition, and the words that are never required. A query of such words alone requires them."""
    units: dict[Unit, None] = {}
    common: dict[str, None] = {}
    for unit in _spans(_pieces(text), tuning):
        if unit.word and not unit.alternatives and (unit.word in STOP_WORDS or unit.word in hinted):
            common[unit.word] = None
        else:
            units[unit] = None
    if not units:
        return tuple(Unit((word,)) for word in list(common)[:MOST_UNITS]), ()
    return tuple(units)[:MOST_UNITS], tuple(common)[:MOST_UNITS]


def _pieces(text: str) -> list[Unit]:
    """Words in order; letters of an unspaced script that stand together make one piece, and so do the parts of a number."""
    pieces: list[Unit] = []
    for run in re.split(r"\s+", text):
        if len(run) <= LONGEST_WORD and (dotted := _DOTTED.fullmatch(run)) and (parts := tuple(words(dotted[1]))):
            pieces.append(Unit(parts, together=len(parts) > 1))
            continue
        letters: list[str] = []
        for word in words(run):
            if UNSPACED.match(word):
                letters.append(word)
            else:
                pieces += _letters(letters)
                letters = []
                pieces.append(Unit((word,)))
        pieces += _letters(letters)
    return pieces


def _letters(letters: list[str]) -> list[Unit]:
    return [Unit(tuple(letters), together=len(letters) > 1)] if letters else []


def _spans(pieces: list[Unit], tuning: Tuning) -> Iterator[Unit]:
    """Pieces in order, the longest phrases that have synonyms joined to one unit."""
    position = 0
    while position < len(pieces):
        for length in range(min(tuning.longest, len(pieces) - position), 0, -1):
            phrase = tuple(word for piece in pieces[position : position + length] for word in piece.words)
            if others := tuning.alternatives.get(phrase):
                yield Unit(phrase, others)
                position += length
                break
        else:
            yield pieces[position]
            position += 1


def surface(text: str, replaced: dict[str, str]) -> str:
    """The query as typed with some of its folded words replaced."""
    return WORD.sub(lambda found: replaced.get(fold(found.group()).strip(), found.group()), text)
