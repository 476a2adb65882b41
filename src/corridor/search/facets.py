"""Counts beside filter values: how many results a click on the value gives.

Values of one field are alternatives, so a field's counts leave out its own filter and keep all others.
"""

from collections.abc import Mapping, Sequence
from itertools import starmap
from operator import itemgetter

from .clauses import Clause, Filters
from .definition import Keyword
from .model import FacetValue
from .ports import LexicalReader
from .text import fold


def facet_values(
    reader: LexicalReader, match: Clause, filters: Filters, fields: Sequence[str], keywords: Mapping[str, Keyword]
) -> dict[str, list[FacetValue]]:
    free = [field for field in fields if field not in filters]
    counts = dict(reader.facets(match, filters, free)) if free else {}
    for field in fields:
        if field in filters:
            others = {other: values for other, values in filters.items() if other != field}
            counts.update(reader.facets(match, others, [field]))
    return {field: listed(counts[field], filters.get(field, ()), keywords[field].fold) for field in fields}


def listed(counts: Mapping[str, int], selected: Sequence[str], folded: bool) -> list[FacetValue]:
    """The most frequent first; nothing without results, except what is selected."""
    found = sorted({**counts, **_empty(counts, selected, folded)}.items())
    found.sort(key=itemgetter(1), reverse=True)
    return list(starmap(FacetValue, found))


def _empty(counts: Mapping[str, int], selected: Sequence[str], folded: bool) -> dict[str, int]:
    if not selected:
        return {}
    same = fold if folded else str
    shown = {same(value) for value in counts}
    return {value: 0 for value in selected if same(value) not in shown}
