"""Search by words and by meaning over declared indexes. Knows no system: a system declares an index and asks it."""

from .definition import IndexDefinition, Keyword, Sort, Text
from .model import Document, FacetValue, Hit, Mode, Results, Search, Suggestion

__all__ = ["Document", "FacetValue", "Hit", "IndexDefinition", "Keyword", "Mode", "Results", "Search", "Sort", "Suggestion", "Text"]
