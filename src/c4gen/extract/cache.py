"""What was read of a file, kept by the digest of its content. A broken or foreign cache is an empty one."""

import io
import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VERSION = "7"  # of the shapes in syntax.py and documents.py and of what makes them
_ALLOWED = frozenset({"c4gen.extract.syntax", "c4gen.extract.documents"})


class _Values(pickle.Unpickler):
    """Our own value classes and nothing else: a cache file cannot run code."""

    def find_class(self, module: str, name: str) -> Any:
        if module not in _ALLOWED or "." in name:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of c4gen")
        return super().find_class(module, name)


def packed(value: object) -> bytes:
    return pickle.dumps(value, protocol=5)


def unpacked(content: bytes) -> Any:
    """Raises pickle.UnpicklingError and its like over foreign content."""
    return _Values(io.BytesIO(content)).load()


class Cache:
    """`folder` None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / f"files-{VERSION}.sqlite" if folder else None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        if self.path is None:
            yield None
            return
        connection = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=5)
            connection.execute("create table if not exists file (key text primary key, value blob not null) without rowid")
        except (sqlite3.Error, OSError):
            connection = None
        try:
            yield connection
        finally:
            if connection:
                connection.close()

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        wanted = sorted(set(keys))
        found: dict[str, bytes] = {}
        with self._open() as connection:
            if connection is None:
                return found
            try:
                for start in range(0, len(wanted), 500):
                    some = wanted[start : start + 500]
                    marks = ",".join("?" * len(some))
                    found.update(connection.execute(f"select key, value from file where key in ({marks})", some))  # noqa: S608  # question marks alone
            except sqlite3.Error:
                return {}
        return found

    def put(self, values: Mapping[str, bytes]) -> None:
        with self._open() as connection:
            if connection is None or not values:
                return
            try:
                with connection:
                    connection.executemany("insert or replace into file values (?, ?)", sorted(values.items()))
            except sqlite3.Error:
                return
