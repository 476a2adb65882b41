"""The name of a request, which its log entries, its answer, its tasks and its messages carry."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from structlog import contextvars

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,127}")


def accepted_or_new(given: str | None) -> str:
    """A caller's request id when it is harmless in logs and headers, a new one otherwise."""
    return given if given and ACCEPTED.fullmatch(given) else uuid4().hex


def current() -> str:
    """The request id of what runs now, or an empty string."""
    return str(contextvars.get_contextvars().get("request_id", ""))


@contextmanager
def belonging_to(request_id: str) -> Iterator[None]:
    """Name the request that the block works for in its log entries."""
    with contextvars.bound_contextvars(request_id=request_id):
        yield
