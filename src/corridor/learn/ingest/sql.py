"""Many rows in one statement: PostgreSQL takes a JSON document apart into rows of a table's own types.

Rows that are the same stay untouched, to the last tuple. Names of tables and columns are constants of the callers.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model

Row = Mapping[str, Any]
LARGEST_STATEMENT = 32 * 2**20


@dataclass(frozen=True)
class Table:
    """How rows of one table are written: what identifies one, what is compared, and what a change stamps."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    stamps: Mapping[str, str] = field(default_factory=dict)  # column: SQL expression, set when a row is new or changes
    first: Mapping[str, str] = field(default_factory=dict)  # column: SQL expression, set when a row is new

    def upsert(self, rows: Iterable[Row], returning: Sequence[str]) -> list[tuple[Any, ...]]:
        """Insert new rows and update those that differ. Gives the columns asked for of these."""
        statement = self._statement(returning)
        written: list[tuple[Any, ...]] = []
        for portion in portions(rows):
            written += fetch(statement, [portion])
        return written

    def _statement(self, returning: Sequence[str]) -> str:
        given = (*self.key, *self.columns)
        compared = ", ".join(f"{{side}}.{column}" for column in self.columns)
        changes = [f"{column} = excluded.{column}" for column in self.columns] + [
            f"{column} = {value}" for column, value in self.stamps.items()
        ]
        return f"""
            INSERT INTO {self.name} AS kept ({", ".join((*given, *self.stamps, *self.first))})
            SELECT {", ".join((*given, *self.stamps.values(), *self.first.values()))} FROM json_populate_recordset(NULL::{self.name}, %s::json)
            ON CONFLICT ({", ".join(self.key)}) DO UPDATE SET {", ".join(changes)}
            WHERE ({compared.format(side="kept")}) IS DISTINCT FROM ({compared.format(side="excluded")})
            RETURNING {", ".join(f"kept.{column}" for column in returning)}
        """  # noqa: S608 - names are constants


@dataclass(frozen=True)
class Links:
    """A table of nothing but pairs: an owner and what belongs to it."""

    name: str
    owner: str
    other: str
    other_type: str = "bigint"

    def set(self, owners: Collection[int], pairs: Collection[tuple[int, Any]]) -> set[int]:
        """Make the pairs of these owners what they should be. Gives the owners for which something differed."""
        table, owner, other = self.name, self.owner, self.other
        statement = f"""
            WITH wanted AS (SELECT * FROM unnest(%s::bigint[], %s::{self.other_type}[]) AS pair (owner, other)),
            gone AS (
                DELETE FROM {table} WHERE {owner} = ANY(%s)
                AND NOT EXISTS (SELECT FROM wanted WHERE wanted.owner = {table}.{owner} AND wanted.other = {table}.{other}) RETURNING {owner}),
            made AS (
                INSERT INTO {table} ({owner}, {other}) SELECT DISTINCT owner, other FROM wanted
                WHERE NOT EXISTS (SELECT FROM {table} WHERE {owner} = wanted.owner AND {other} = wanted.other) RETURNING {owner})
            SELECT {owner} FROM gone UNION SELECT {owner} FROM made
        """  # noqa: S608 - names are constants
        return {id for (id,) in fetch(statement, [[pair[0] for pair in pairs], [pair[1] for pair in pairs], list(owners)])}


def fetch(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement. Lists are sent as arrays, for which the statement names the type where it is not plain."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _sent(parameters))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def execute(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Carry out a statement that gives no rows. Gives how many it has touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _sent(parameters))
        return int(cursor.rowcount)


def _sent(parameters: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
    if isinstance(parameters, Mapping):
        return {name: array(value) if isinstance(value, list) else value for name, value in parameters.items()}
    return [array(value) if isinstance(value, list) else value for value in parameters]


def array(values: list[Any]) -> str:
    """A list of numbers or texts as PostgreSQL writes an array: many times quicker than its driver is."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: int | str | None) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)


def portions(rows: Iterable[Row]) -> Iterator[str]:
    """Rows as JSON arrays, none much larger than a statement should be."""
    waiting: list[bytes] = []
    size = 0
    for row in rows:
        waiting.append(orjson.dumps(row))
        size += len(waiting[-1])
        if size > LARGEST_STATEMENT:
            yield _array(waiting)
            waiting, size = [], 0
    if waiting:
        yield _array(waiting)


def _array(rows: list[bytes]) -> str:
    return (b"[" + b",".join(rows) + b"]").decode()


def new_ids(model: type[Model], count: int) -> list[int]:
    """Primary keys for rows that are still to be written."""
    statement = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    return [id for (id,) in fetch(statement, [model._meta.db_table, count])]


def defaults(model: type[Model], columns: Iterable[str]) -> dict[str, Any]:
    """What a model gives the columns that a row says nothing of."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    return {column: fields[column].get_default() for column in columns}
