"""Search by words and by meaning over declared indexes. Knows no system: a system declares an index and asks it."""

import os

# A product with a matrix is bound by memory, and there is one process a core already. To be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from .definition import IndexDefinition, Keyword, Sort, Text
from .model import Document, FacetValue, Hit, Mode, Results, Search, Suggestion

__all__ = ["Document", "FacetValue", "Hit", "IndexDefinition", "Keyword", "Mode", "Results", "Search", "Sort", "Suggestion", "Text"]
