"""How a mapping says where a value comes from. Each expression is made into a function of a row.

"title" is a path; "=course" a constant; an object says more (see Expression). Paths go into objects by dots and into
all entries of a list by `*`. What a row does not say is None, and stays None through all steps.
"""

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from corridor.learn.ingest.parsing.names import hyphenated

Row = Any
Get = Callable[[Row], Any]
LONGEST_LIST_TEXT = 100_000


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
Table = dict[str, Any]


class Expression(BaseModel):
    """Where a value comes from: one of the first five; then the steps, in the order in which they stand here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str | None = None
    const: Any = None
    template: str | None = None  # "{subject} {number}": nothing if a part of it is nothing
    first: tuple["Source", ...] | None = None  # the first of several that says something
    all: tuple["Source", ...] | None = None  # one list of everything that several say, each once

    each: Pattern | None = None  # every match in the text, or of the pattern's first group, as a list
    match: Pattern | None = None  # the text's first match, or that of the pattern's first group; nothing without one
    replace: dict[Pattern, str] = Field(default_factory=dict)
    # characters that separate entries of a list; "list" for one written as JSON or Python, "hyphenated names" for Ann Lee-Jean-Luc Roe
    split: str | None = None
    table: str | Table | None = None  # by value, without regard to case; a name is one of `tables`
    otherwise: Literal["drop", "keep"] = "drop"  # values that a table does not have
    date_format: str | None = None
    join: str | None = None  # a list as one text
    default: Any = None

    @model_validator(mode="after")
    def _one_origin(self) -> "Expression":
        given = [name for name in ("path", "const", "template", "first", "all") if name in self.model_fields_set]
        if len(given) != 1:
            raise ValueError("needs exactly one of path, const, template, first and all")
        return self


Source = str | Expression
Expression.model_rebuild()


def getter(source: Source, tables: Mapping[str, Table]) -> Get:
    """The function of an expression. Raises ValueError for a table that does not exist."""
    if isinstance(source, str):
        return _constant(source[1:]) if source.startswith("=") else _path(source)
    get = _origin(source, tables)
    for step in _steps(source, tables):
        get = _then(get, step)
    return _or(get, source.default) if source.default is not None else get


def _origin(expression: Expression, tables: Mapping[str, Table]) -> Get:
    if expression.path is not None:
        return _path(expression.path)
    if expression.template is not None:
        return _template(expression.template)
    if expression.first is not None:
        return _first([getter(each, tables) for each in expression.first])
    if expression.all is not None:
        return _all([getter(each, tables) for each in expression.all])
    return _constant(expression.const)


def _steps(expression: Expression, tables: Mapping[str, Table]) -> Iterable[Callable[[Any], Any]]:
    if expression.each is not None:
        every = re.compile(expression.each)
        yield lambda value: [_group(match) for match in every.finditer(str(value))]
    if expression.match is not None:
        wanted = re.compile(expression.match)
        yield _of_each(lambda text: _group(found) if (found := wanted.search(str(text))) else None)
    for pattern, text in expression.replace.items():
        yield _of_each(_replacing(re.compile(pattern), text))
    if expression.split is not None:
        yield _splitting(expression.split)
    if expression.table is not None:
        yield _of_each(_looking_up(expression.table, expression.otherwise, tables))
    if expression.date_format is not None:
        yield _of_each(_dating(expression.date_format))
    if (joint := expression.join) is not None:
        yield lambda value: joint.join(map(str, value)) if isinstance(value, list) else value


def _constant(value: Any) -> Get:
    return lambda row: value


def _path(path: str) -> Get:
    """A column as it is named, dots included, or a way into what it holds."""
    parts = path.split(".")

    def get(row: Row) -> Any:
        if isinstance(row, dict) and path in row:
            return row[path]
        return _walk(row, parts) if len(parts) > 1 or parts == ["*"] else None

    return get


def _walk(value: Any, parts: list[str]) -> Any:
    for place, part in enumerate(parts):
        if part == "*":
            entries = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
            found = [_walk(entry, parts[place + 1 :]) for entry in entries]
            return _flat(found)
        if isinstance(value, list) and part.lstrip("-").isdigit():
            value = value[int(part)] if -len(value) <= int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _flat(values: Iterable[Any]) -> list[Any]:
    """Entries of lists and single values in one list, without what is nothing."""
    return [
        entry for value in values if value is not None for entry in (value if isinstance(value, list) else [value]) if entry is not None
    ]


def _template(template: str) -> Get:
    parts = re.split(r"\{([^{}]+)\}", template)
    gets = [_path(part) for part in parts[1::2]]

    def get(row: Row) -> str | None:
        values = [each(row) for each in gets]
        if any(value is None for value in values):
            return None
        return "".join(text + str(value) for text, value in zip(parts[::2], [*values, ""], strict=True))

    return get


def _first(gets: list[Get]) -> Get:
    return lambda row: next((value for get in gets if (value := get(row)) not in (None, [], "")), None)


def _all(gets: list[Get]) -> Get:
    def get(row: Row) -> list[Any]:
        found = _flat(each(row) for each in gets)
        return [value for place, value in enumerate(found) if value not in found[:place]]

    return get


def _then(get: Get, step: Callable[[Any], Any]) -> Get:
    def stepped(row: Row) -> Any:
        value = get(row)
        return None if value is None else step(value)

    return stepped


def _or(get: Get, default: Any) -> Get:
    def filled(row: Row) -> Any:
        value = get(row)
        return default if value in (None, [], "") else value

    return filled


def _of_each(step: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A step that is done with every entry of a list; entries that become nothing are left out."""

    def done(value: Any) -> Any:
        return [made for entry in value if (made := step(entry)) is not None] if isinstance(value, list) else step(value)

    return done


def _group(match: re.Match[str]) -> str:
    return match[1] if match.re.groups else match[0]


def _replacing(pattern: re.Pattern[str], text: str) -> Callable[[Any], Any]:
    return lambda value: pattern.sub(text, str(value)).strip() or None


def _splitting(separators: str) -> Callable[[Any], list[Any]]:
    if separators == "list":
        return _written_list
    if separators == "hyphenated names":
        return lambda value: [name for text in _flat([value]) for name in hyphenated(str(text))]
    pattern = re.compile("[" + re.escape(separators) + "]")
    return lambda value: [part for text in _flat([value]) for part in map(str.strip, pattern.split(str(text))) if part]


def _written_list(value: Any) -> list[Any]:
    """A list that is written as text, in JSON or as Python writes it; any other text is its only entry."""
    if not isinstance(value, str):
        return _flat([value])
    if not value.startswith("[") or len(value) > LONGEST_LIST_TEXT:
        return [value]
    try:
        found = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [value]
    return _flat([found]) if isinstance(found, list) else [value]


def _looking_up(table: str | Table, otherwise: str, tables: Mapping[str, Table]) -> Callable[[Any], Any]:
    if isinstance(table, str):
        if table not in tables:
            raise ValueError(f"there is no table {table!r} under `tables`")
        table = tables[table]
    values = {str(name).casefold(): value for name, value in table.items()}
    return lambda value: values.get(str(value).strip().casefold(), value if otherwise == "keep" else None)


def _dating(date_format: str) -> Callable[[Any], str | None]:
    def dated(value: Any) -> str | None:
        try:
            return datetime.strptime(str(value), date_format).isoformat()
        except ValueError:
            return None

    return dated
