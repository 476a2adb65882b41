"""Clauses as Tantivy's queries."""

from collections.abc import Mapping, Sequence

from tantivy import Occur, Query, Schema

from corridor.search.clauses import (
    All,
    Any,
    Best,
    Clause,
    Everything,
    Field,
    Filters,
    Fixed,
    Ids,
    Nothing,
    Raised,
    Scaled,
    Sequel,
    Term,
    Value,
)
from corridor.search.definition import Keyword
from corridor.search.text import fold

from . import schema as names
from .documents import LONGEST_VALUE

_REMEMBERED = 4_096
_OPTIONS = {Field.WORDS: "position", Field.EXACT: "basic", Field.CODES: "basic"}


class Translation:
    def __init__(self, schema: Schema, keywords: Mapping[str, Keyword]) -> None:
        self._schema = schema
        self._keywords = keywords
        # A search asks for the same clause several times: count, page, facets. The clause is kept, so its identity stays its own.
        self._made: dict[int, tuple[Clause, Query]] = {}

    def query(self, clause: Clause) -> Query:
        match clause:
            case Term(field, token):
                return Query.term_query(self._schema, field, token, _OPTIONS.get(field, "freq"))
            case Sequel(field, tokens):
                return Query.phrase_query(self._schema, field, list(tokens)) if len(tokens) > 1 else self.query(Term(field, tokens[0]))
            case Any(clauses, least):
                return Query.boolean_query([(Occur.Should, self.query(each)) for each in clauses], least if least > 1 else None)
            case All(clauses):
                return Query.boolean_query([(Occur.Must, self.query(each)) for each in clauses])
            case Best(clauses):
                return Query.disjunction_max_query([self.query(each) for each in clauses])
            case Scaled(inner, factor):
                return Query.boost_query(self.query(inner), factor)
            case Fixed(inner, score):
                return Query.const_score_query(self.query(inner), score)
            case Raised(inner, by):
                raising = [(Occur.Should, self.query(each)) for each in by]
                return Query.boolean_query([(Occur.Must, self.query(inner)), *raising])
            case Ids(ids):
                return Query.boolean_query([(Occur.Should, Query.term_query(self._schema, names.ID, each)) for each in ids])
            case Value(field, value):
                return self._value(field, value)
            case Everything():
                return Query.all_query()
            case Nothing():
                return Query.empty_query()

    def filtered(self, clause: Clause, filters: Filters) -> Query:
        """The clause where all filters hold; they do not touch the score."""
        query = self._remembered(clause)
        if not filters:
            return query
        return Query.boolean_query([(Occur.Must, query), *((Occur.Must, self._filter(field, filters[field])) for field in filters)])

    def _remembered(self, clause: Clause) -> Query:
        known = self._made.get(id(clause))
        if known is None:
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            known = self._made[id(clause)] = (clause, self.query(clause))
        return known[1]

    def _filter(self, field: str, values: Sequence[str]) -> Query:
        alternatives = [(Occur.Should, self._value(field, value)) for value in values]
        return Query.const_score_query(Query.boolean_query(alternatives), 0.0)

    def _value(self, field: str, value: str) -> Query:
        value = value.encode("utf-8", "ignore").decode()[:LONGEST_VALUE]
        if self._keywords[field].fold:
            return Query.term_query(self._schema, names.folded_field(field), fold(value), "basic")
        return Query.term_query(self._schema, names.facet_field(field), value, "basic")
