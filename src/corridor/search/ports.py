"""What a search engine must be able to do. tests/lexical_contract.py and vector_contract.py hold every implementation to it.

An engine keeps one generation of an index in one place. The embedded engines (engines/) keep it in a folder and are read
by several processes at once; a server engine keeps it under a name. IndexStore decides which generation is live.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .clauses import Clause, Filters
from .definition import IndexDefinition
from .model import Document

Vectors = NDArray[np.float32]  # one row a vector, of length 1
Numbers = NDArray[np.int64]


class Found(NamedTuple):
    """A document that matched. `place` is the engine's own way to reach it again with the same reader."""

    id: int
    score: float
    place: Any


class Stored(NamedTuple):
    body: bytes
    texts: Mapping[str, Sequence[str]]  # of titles, codes and the fields to highlight


class LexicalReader(Protocol):
    """An index as it was at one moment: later writes do not show."""

    @property
    def documents(self) -> int: ...

    def count(self, match: Clause, filters: Filters) -> int: ...

    def top(self, match: Clause, filters: Filters, limit: int) -> Sequence[Found]:
        """The best of the matches; a shorter list is the beginning of a longer one."""
        ...

    def ordered(self, match: Clause, filters: Filters, sort: str, offset: int, limit: int) -> Sequence[Found]:
        """Matches in a declared order, or by id when `sort` is empty."""
        ...

    def facets(self, match: Clause, filters: Filters, fields: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Matches per value of each keyword field."""
        ...

    def load(self, found: Sequence[Found]) -> Sequence[Stored]: ...

    def weights(self, found: Sequence[Found]) -> Sequence[float]:
        """Document.weight of each."""
        ...

    def stems(self, words: Sequence[str]) -> Sequence[str]:
        """Tokens of folded words in stemmed fields; a word that is not kept there gives an empty one."""
        ...

    def frequency(self, field: str, token: str) -> int:
        """Documents that hold a token, deleted ones perhaps included."""
        ...

    def completions(self, field: str, prefix: str, limit: int) -> Sequence[tuple[str, int]]:
        """Tokens that begin so, the most frequent first, with their documents."""
        ...

    def similar_words(self, field: str, word: str, prefix: bool = False) -> Sequence[tuple[str, int]]:
        """Tokens that a slip of the fingers separates from a word (or from beginning with it), the likeliest first."""
        ...

    def names(self, match: Clause) -> Mapping[str, int]:
        """Names, as written, in matching documents, with their documents."""
        ...

    def versions(self, ids: Sequence[int] | None = None) -> dict[int, int]:
        """Version of each document that is there; of all when no ids are given."""
        ...

    def explain(self, clause: Clause, id: int) -> Mapping[str, Any] | None:
        """How the score of a document comes about, None when it does not match."""
        ...


class LexicalWriter(Protocol):
    def put(self, documents: Iterable[Document]) -> None: ...

    def delete(self, ids: Iterable[int]) -> None: ...

    def commit(self) -> None:
        """Makes everything since the last commit visible at once and durable."""
        ...


class LexicalEngine(Protocol):
    def reader(self) -> LexicalReader:
        """The index as it is now; the same object as long as nothing changed."""
        ...

    def writer(self) -> AbstractContextManager[LexicalWriter]: ...


class Neighbours(NamedTuple):
    """Documents nearest to a vector, best first, and how near documents are to it on average."""

    ids: Numbers
    cosines: Vectors
    mean: float


class VectorReader(Protocol):
    @property
    def size(self) -> int: ...

    @property
    def dimensions(self) -> int | None:
        """None while there are no vectors."""
        ...

    def nearest(self, vector: Vectors, limit: int) -> Neighbours: ...

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """A row for each id; rows of zeros where there is no vector."""
        ...

    def versions(self) -> dict[int, int]: ...


class VectorEngine(Protocol):
    def reader(self) -> VectorReader: ...

    def apply(self, documents: Sequence[Document], deletes: Sequence[int]) -> None:
        """Makes the change visible at once and durable. A document without a vector loses the one it had."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors of length 1, so that likeness of meaning is their product."""

    @property
    def name(self) -> str:
        """Vectors of encoders of different names cannot be compared."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text. Raises EncoderUnavailable."""
        ...


OpenLexical = Callable[[Path, IndexDefinition], LexicalEngine]
OpenVectors = Callable[[Path], VectorEngine]
