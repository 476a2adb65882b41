"""Servers of this machine that are not ours: found on their usual ports, lent for tests, left as they were."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

# Addresses that need no password on a developer's or a build's machine; libpq adds PGUSER and PGPASSWORD.
POSTGRESQL = (
    "postgresql://127.0.0.1:5432/postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql://root@127.0.0.1:5432/postgres",
)
REDIS = "redis://127.0.0.1:6379/0"


@dataclass(frozen=True)
class Servers:
    title: str
    postgresql_url: str
    redis_url: str


@dataclass(frozen=True)
class Database:
    name: str
    url: str


def find() -> Servers | None:
    """A PostgreSQL on which we may make databases and a Redis, or None when one of them is not there."""
    postgresql = next(filter(None, map(_postgresql_at, POSTGRESQL)), None)
    cache = _redis_version()
    if postgresql is None or cache is None:
        return None
    url, version = postgresql
    return Servers(f"PostgreSQL {version} and Redis {cache}", url, REDIS)


def _postgresql_at(url: str) -> tuple[str, str] | None:
    with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=3) as server:
        row = server.execute(
            "SELECT current_setting('server_version'), rolcreatedb OR rolsuper, rolname FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        if row and row[1]:
            return urlsplit(url)._replace(netloc=f"{row[2]}@127.0.0.1:5432").geturl(), str(row[0]).split()[0]
    return None


def _redis_version() -> str | None:
    with suppress(redis.RedisError), redis.Redis.from_url(REDIS, socket_connect_timeout=3) as server:
        return str(server.info("server")["redis_version"])
    return None


@contextmanager
def scratch_database(servers: Servers) -> Iterator[Database]:
    """A new database, dropped after the block."""
    name = f"corridor_scratch_{token_hex(4)}"
    with psycopg.connect(servers.postgresql_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        try:
            yield Database(name, urlsplit(servers.postgresql_url)._replace(path=f"/{name}").geturl())
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
