"""A cursor that speaks PostgreSQL's binary format, which Django's own cannot: bytes go as they are, dates and JSON come unparsed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from django.db import connection
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg.pq import Format
from psycopg.rows import args_row
from psycopg.types.datetime import TimestamptzBinaryLoader
from psycopg.types.json import JsonbBinaryLoader, set_json_loads


@contextmanager
def binary_cursor(row: Callable[..., Any] = lambda *values: values) -> Iterator[CursorWrapper]:
    """On Django's connection, counted and translated like any other. `row` takes the values of a row and gives what is fetched.

    Parameters are bound by the server: `%s` as text, `%b` in binary.
    """
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection, row_factory=args_row(row)) as cursor:
        cursor.format = Format.BINARY
        cursor.adapters.register_loader("timestamptz", TimestamptzBinaryLoader)
        cursor.adapters.register_loader("jsonb", JsonbBinaryLoader)
        set_json_loads(orjson.loads, cursor)
        yield CursorDebugWrapper(cursor, connection) if connection.queries_logged else CursorWrapper(cursor, connection)
