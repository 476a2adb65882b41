"""Databases on the server that Django is connected to: made, copied, dropped, and used in place of the configured one."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

EMPTY = "template0"


def address_of(database: str) -> dict[str, Any]:
    """Connection parameters of a database on Django's server."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    return {**parameters, "dbname": database}


@contextmanager
def connected(database: str = "postgres") -> Iterator["psycopg.Connection[Any]"]:
    """A connection of its own, outside of transactions."""
    with psycopg.connect(**address_of(database), autocommit=True) as opened:
        yield opened


def exists(name: str) -> bool:
    with connected() as server:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def create(name: str, copied_from: str = EMPTY) -> None:
    with connected() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(copied_from)))


def rename(name: str, new: str) -> None:
    with connected() as server:
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)))


def drop(name: str) -> None:
    """Drop a database, together with the connections to it."""
    with connected() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def scratch(prefix: str, copied_from: str = EMPTY) -> Iterator[str]:
    """The name of a new database, dropped after the block."""
    name = f"{prefix}_{token_hex(4)}"
    create(name, copied_from)
    try:
        yield name
    finally:
        drop(name)


@contextmanager
def django_on(name: str) -> Iterator[None]:
    """Have Django use another database of the same server."""
    usual = connection.settings_dict["NAME"]
    _point(name)
    try:
        yield
    finally:
        _point(usual)


def _point(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
