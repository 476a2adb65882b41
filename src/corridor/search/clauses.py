"""The query language of the ports: a small tree that every lexical engine can translate.

Fields are those of `Field` below and the declared texts; tokens are folded words, taken apart and stemmed by the engine's reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    field: str
    token: str


@dataclass(frozen=True)
class Sequel:
    """Tokens that follow one another."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Any:
    """Matches where at least `least` of the clauses do; scores add up."""

    clauses: tuple["Clause", ...]
    least: int = 1


@dataclass(frozen=True)
class All:
    clauses: tuple["Clause", ...]


@dataclass(frozen=True)
class Best:
    """Matches where any of the clauses does; the highest score counts."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True)
class Scaled:
    clause: "Clause"
    factor: float


@dataclass(frozen=True)
class Fixed:
    """Matches as the clause does, with the same score everywhere."""

    clause: "Clause"
    score: float = 0.0


@dataclass(frozen=True)
class Raised:
    """Matches as the clause does; where the others match too, their scores are added."""

    clause: "Clause"
    by: tuple["Clause", ...]


@dataclass(frozen=True)
class Ids:
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Value:
    """A keyword of the document, folded where its field is."""

    field: str
    value: str


@dataclass(frozen=True)
class Everything:
    pass


@dataclass(frozen=True)
class Nothing:
    pass


Clause = Term | Sequel | Any | All | Best | Scaled | Fixed | Raised | Ids | Value | Everything | Nothing
Filters = Mapping[str, Sequence[str]]


class Field:
    """Fields that every index has beside those declared."""

    BAG = "bag"  # every text of weight 1 or more, stemmed, without stop words; titles twice
    WORDS = "words"  # every text as it stands, folded: for phrases, typos and words that stemming would blur
    TITLE = "title"  # the title, stemmed, without stop words
    EXACT = "exact"  # whole titles, folded
    CODES = "codes"  # forms of codes, see codes.py
    SUGGEST = "suggest"  # words of titles, names and codes


def text_field(name: str) -> str:
    """Field of one declared text: stemmed prose whose weight is not 1, or names as they stand."""
    return f"t_{name}"


def any_of(clauses: Sequence[Clause]) -> Clause:
    """The union, without a tree where none is needed."""
    return clauses[0] if len(clauses) == 1 else Any(tuple(clauses)) if clauses else Nothing()
