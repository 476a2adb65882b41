from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from corridor.kit import request_ids

from .models import AuditEntry


def record(
    *,
    about: int | None,
    actor: int | None,
    code: str,
    cause: str,
    object: tuple[str, object],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Keep a change in the transaction that makes it. `object` is a kind and a key; `before` and `after` are values that JSON has.

    Raises RuntimeError outside a transaction: an entry of a change that is rolled back is a lie, and a change without one has no author.
    """
    record_each([object], about=about, actor=actor, code=code, cause=cause, before=before, after=after)


def record_each(
    objects: Iterable[tuple[str, object]],
    *,
    about: int | None,
    actor: int | None,
    code: str,
    cause: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The same of several objects, as `record` keeps it of one. One query."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the change it tells of")
    AuditEntry.objects.bulk_create(
        AuditEntry(
            about_id=about,
            actor_id=actor,
            code=code,
            cause=cause,
            object_type=kind,
            object_id=str(key),
            before=before,
            after=after,
            request_id=request_ids.current(),
        )
        for kind, key in objects
    )
