"""Completion of a query as one types: codes, titles, names."""

from collections.abc import Iterable, Iterator, Sequence

from .clauses import All, Clause, Field, Fixed, Term, any_of
from .codes import canonical
from .definition import IndexDefinition
from .model import Suggestion
from .ports import LexicalReader, Stored
from .text import phrase, words
from .understanding import clean

_COMPLETIONS = 40
_NAMES = 3


class Suggester:
    def __init__(self, reader: LexicalReader, definition: IndexDefinition) -> None:
        self._reader = reader
        self._definition = definition

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        typed = clean(typed)
        said = words(typed)
        if not said or limit < 1:
            return []
        last = self._completed(said[-1], open_ended=typed[-1:].isalnum())
        found = self._found([*map(self._meant, said[:-1]), last], typed, limit)
        if not found and len(said) > 1:  # every word may be the beginning of one: intro to comp
            found = self._found([*(self._completed(word, open_ended=True) for word in said[:-1]), last], typed, limit)
        return _distinct([*self._codes(typed, limit), *found])[:limit]

    def _found(self, meant: Sequence[Sequence[str]], typed: str, limit: int) -> list[Suggestion]:
        """Titles that begin as typed, names, then other titles."""
        clause = All(tuple(Fixed(any_of([Term(Field.SUGGEST, token) for token in tokens])) for tokens in meant))
        titles = list(self._titles(clause, meant, limit))
        begun = [each for each in titles if phrase(each.text).startswith(phrase(typed))]
        return [*begun, *self._names(clause, meant)[:_NAMES], *titles]

    def _meant(self, word: str) -> list[str]:
        """A whole word, or what it may be a slip of."""
        if self._reader.frequency(Field.SUGGEST, word):
            return [word]
        return [near for near, _ in self._reader.similar_words(Field.SUGGEST, word)] or [word]

    def _completed(self, word: str, open_ended: bool) -> list[str]:
        if not open_ended:
            return self._meant(word)
        begun = self._reader.completions(Field.SUGGEST, word, _COMPLETIONS) or self._reader.similar_words(Field.SUGGEST, word, prefix=True)
        return [token for token, _ in begun] or [word]

    def _titles(self, clause: Clause, meant: Sequence[Sequence[str]], limit: int) -> Iterator[Suggestion]:
        found = self._reader.top(clause, {}, 4 * limit)
        titled = [(each.id, title) for each, stored in zip(found, self._reader.load(found), strict=True) if (title := self._title(stored))]
        titled = [(id, title) for id, title in titled if _has(title, meant)]
        owners: dict[str, list[int]] = {}
        for id, title in titled:
            owners.setdefault(phrase(title), []).append(id)
        for _, title in sorted(titled, key=lambda each: (len(each[1]), each[1])):
            ids = owners.pop(phrase(title), [])
            if ids:
                yield Suggestion(title, ids[0] if len(ids) == 1 else None)

    def _names(self, clause: Clause, meant: Sequence[Sequence[str]]) -> list[Suggestion]:
        counts = {name: count for name, count in self._reader.names(clause).items() if _has(name, meant)}
        return [Suggestion(name) for name in sorted(counts, key=lambda name: (-counts[name], name))]

    def _codes(self, typed: str, limit: int) -> Iterator[Suggestion]:
        """Documents whose code begins so, shown with it."""
        if not any(letter.isdigit() for letter in typed):
            return
        for term, _ in sorted(self._reader.completions(Field.CODES, f"c:{canonical(typed)}", limit)):
            found = self._reader.top(Term(Field.CODES, term), {}, 1)
            for each, stored in zip(found, self._reader.load(found), strict=True):
                code = next((code for code in self._written(stored) if f"c:{canonical(code)}" == term), term.removeprefix("c:"))
                yield Suggestion(f"{code} {self._title(stored) or ''}".strip(), each.id)

    def _written(self, stored: Stored) -> Iterable[str]:
        return (code for text in self._definition.codes for code in stored.texts.get(text.name, ()))

    def _title(self, stored: Stored) -> str | None:
        title = self._definition.title
        return next(iter(stored.texts.get(title.name, ())), None) if title else None


def _has(text: str, meant: Sequence[Sequence[str]]) -> bool:
    """Whether each thing typed stands in a text in one of the forms it may mean."""
    said = set(words(text))
    return all(said.intersection(tokens) for tokens in meant)


def _distinct(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    return list({phrase(each.text): each for each in reversed(list(suggestions))}.values())[::-1]
