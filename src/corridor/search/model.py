"""What goes into an index, what is asked of it and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    LEXICAL = "lexical"
    SEMANTIC = "semantic"
    HYBRID = "hybrid"


class Likeness(StrEnum):
    """What makes two documents similar."""

    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True)
class Document:
    """A thing to find. `body` is served as it is; `version` grows with every change of the thing."""

    id: int
    version: int
    texts: Mapping[str, str | Sequence[str]]
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sorts: Mapping[str, str | int | float | None] = field(default_factory=dict)
    body: bytes = b"{}"
    # The vector of the document as passages.combine gives it, where it is known already; None leaves it out of search by meaning until it is.
    vector: bytes | None = None
    # Multiplies the score of the document: below 1 for what is stale or incomplete.
    weight: float = 1.0


@dataclass(frozen=True)
class Search:
    """A question. Filters of one field are alternatives, filters of different fields must all hold."""

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    sort: str | None = None
    offset: int = 0
    limit: int = 20
    mode: Mode = Mode.HYBRID
    highlight: bool = False


@dataclass(frozen=True)
class Hit:
    id: int
    score: float
    body: bytes
    highlights: Mapping[str, str] = field(default_factory=dict)  # field → HTML with <mark>, everything else escaped


# Hundreds are made for each search; frozen ones take three times as long.
@dataclass(slots=True)
class FacetValue:
    value: str
    count: int  # results after a click on the value, other filters kept


@dataclass(frozen=True)
class Results:
    total: int
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    did_you_mean: str | None = None
    mode: Mode = Mode.HYBRID  # what was done: a hybrid question without vectors is answered by words


@dataclass(frozen=True)
class Suggestion:
    text: str
    id: int | None = None  # set when the suggestion is one document's title


@dataclass(frozen=True)
class Drift:
    """What an index holds against what it should hold, by id."""

    missing: Sequence[int]
    stale: Sequence[int]  # another version is indexed, or the vector is of another version
    extra: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.extra)
