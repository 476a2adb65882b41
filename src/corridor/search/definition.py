"""How an index is declared: once, for the engines, the API, the page and the documentation."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Analysis(StrEnum):
    """How the text of a field is taken apart."""

    PROSE = "prose"  # words, folded and stemmed
    NAMES = "names"  # words, folded, never stemmed: people, places; each value is one name and can be suggested
    CODES = "codes"  # identifiers in all their spellings: course numbers, keys; the first value is the primary one


@dataclass(frozen=True)
class Text:
    """A field that is searched.

    All fields of weight 1 or more are searched as one text, in which a title counts twice; a weight above 1 adds to
    the score of a hit in the field. A weight below 1 keeps a long or noisy field (a transcript) out of that text: it
    matches as well, and counts for that share.
    """

    name: str
    weight: float = 1.0
    analysis: Analysis = Analysis.PROSE
    highlight: bool = False  # snippets can be asked for; plain text is expected, markup would be shown as text
    title: bool = False  # a query equal to this field's whole text is an exact hit; suggestions come from it
    semantic: float = 0.0  # share of the field in a document's vector; 0 keeps it out


@dataclass(frozen=True)
class Keyword:
    """A field of exact values, for filters and facets. Values compare without case when `fold` is set."""

    name: str
    facet: bool = True
    fold: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    # Words of a query that speak of a value ("introductory" of a level): they raise documents that have it and are never required.
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sort:
    """An order to ask for by name. `key` names the entry of Document.sorts; ties are broken by id, missing keys come last."""

    name: str
    key: str
    descending: bool = False


@dataclass(frozen=True)
class IndexDefinition:
    name: str
    texts: tuple[Text, ...]
    keywords: tuple[Keyword, ...] = ()
    sorts: tuple[Sort, ...] = ()
    # Order of a search without words.
    browse: str | None = None
    # Raised when a change makes old index files unreadable or untrue; files of another revision are rebuilt.
    revision: int = 1

    @cached_property
    def keyword(self) -> Mapping[str, Keyword]:
        return {each.name: each for each in self.keywords}

    @cached_property
    def sort(self) -> Mapping[str, Sort]:
        return {each.name: each for each in self.sorts}

    @cached_property
    def sort_keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.key for each in self.sorts))

    @cached_property
    def title(self) -> Text | None:
        return next((each for each in self.texts if each.title), None)

    @cached_property
    def codes(self) -> tuple[Text, ...]:
        return tuple(each for each in self.texts if each.analysis is Analysis.CODES)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with whatever decides what is written: files of another fingerprint are rebuilt."""
        written = (
            [(each.name, each.weight, each.analysis, each.highlight, each.title) for each in self.texts],
            [(each.name, each.facet, each.fold) for each in self.keywords],
            self.sort_keys,
            self.revision,
        )
        return hashlib.sha256(repr(written).encode()).hexdigest()[:16]
