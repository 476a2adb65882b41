"""The end of a process at a moment of one's choosing: its connection to the database breaks, and nothing of it runs any further."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local
from typing import Any
from unittest.mock import patch

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Died(BaseException):
    """No Exception: nothing that catches failures survives it."""


_thread = local()


def moment() -> None:
    """Something that a process can die before or after: a statement, a commit, a call to somebody else's server."""
    left = getattr(_thread, "left", None)
    if left is None:
        return
    _thread.left = left - 1
    if left <= 1:
        _thread.left, _thread.is_dead = None, True
        if connection.connection is not None:
            connection.connection.close()
        raise Died


def bury() -> bool:
    """Whether this thread has died, even if what was raised on the way out says something else. It lives again, with a new connection."""
    was_dead, _thread.is_dead = getattr(_thread, "is_dead", False), False
    if was_dead:
        del connections[DEFAULT_DB_ALIAS]
    return was_dead


@contextmanager
def dying_after(moments: int | None) -> Iterator[None]:
    """This thread dies after so many moments; None is never. Django's commits are counted too, before and after them."""
    _thread.left = moments
    try:
        with connection.execute_wrapper(_statement):
            yield
    finally:
        _thread.left = None


def _statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    moment()
    result = execute(sql, params, many, context)
    moment()
    return result


@contextmanager
def counting_commits() -> Iterator[None]:
    """For all threads, once around everything."""
    commit = BaseDatabaseWrapper._commit

    def counted(self: BaseDatabaseWrapper) -> None:
        moment()
        commit(self)
        moment()

    with patch.object(BaseDatabaseWrapper, "_commit", counted):
        yield
