"""The header Idempotency-Key: a command that is sent again, because its answer got lost, is answered again and not carried out twice.

What a key did is written in the command's own transaction, under a lock that other requests with the key find taken.
A command that is refused changes nothing and keeps nothing: it may be sent again with the same key.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from rest_framework.request import Request

from corridor.kit import clock
from corridor.kit.errors import Problem

from .models import IdempotentRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
ALLOWED = re.compile(r"[\x21-\x7e]{1,200}")
KEPT = timedelta(hours=24)
KEPT_HEADERS = ("Cache-Control", "Content-Type", "Location")


class BadKey(Problem):
    code = "bad_idempotency_key"

    def __init__(self) -> None:
        super().__init__(f"{HEADER} takes 1 to 200 visible characters, such as a random UUID.")


class KeyReused(Problem):
    code = "idempotency_key_reused"
    status = 422

    def __init__(self) -> None:
        super().__init__(f"This {HEADER} belongs to another request. Take a new key for each command; repeat one unchanged.")


class UnderWay(Problem):
    code = "request_under_way"
    status = 409
    headers = {"Retry-After": "1"}

    def __init__(self) -> None:
        super().__init__("A request with this key is being carried out. Ask again in a moment for its answer.")


@dataclass(frozen=True)
class Keyed:
    """A command under a key: whose it is, and what it asks, which nobody can tell from the digest."""

    caller: str
    key: str
    digest: str


def keyed(request: Request) -> Keyed | None:
    """None without the header. Raises BadKey."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not ALLOWED.fullmatch(key):
        raise BadKey
    sent = request._request
    asked = b"\0".join([str(sent.method).encode(), sent.get_full_path().encode(), sent.body])
    return Keyed(_caller(sent), key, salted_hmac("idempotency", asked, algorithm="sha256").hexdigest())


def _caller(request: HttpRequest) -> str:
    """A person, or else the session, which is begun if need be."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    if request.session.session_key is None:
        request.session.create()
    return f"session:{salted_hmac('session', str(request.session.session_key)).hexdigest()}"


def once(command: Keyed, act: Callable[[], HttpResponse], *, in_steps: bool = False) -> HttpResponse:
    """The answer of the command, carried out by this request or an earlier one. Raises KeyReused and UnderWay."""
    with _alone(command, in_steps):
        earlier = IdempotentRequest.objects.filter(caller=command.caller, key=command.key).first()
        if earlier:
            return _again(earlier, command)
        response = act()
        IdempotentRequest.objects.create(
            **vars(command),
            status=response.status_code,
            headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
            answer=response.content,
        )
        return response


def _again(earlier: IdempotentRequest, command: Keyed) -> HttpResponse:
    if not constant_time_compare(earlier.digest, command.digest):
        raise KeyReused
    return HttpResponse(bytes(earlier.answer), status=earlier.status, headers={**earlier.headers, REPLAYED: "true"})


@contextmanager
def _alone(command: Keyed, in_steps: bool) -> Iterator[None]:
    """Holds the key's lock until the transaction ends; for a command that commits in steps, until it is done."""
    name = f"idempotency/{command.caller}/{command.key}"
    if not in_steps:
        with transaction.atomic():
            _take("pg_try_advisory_xact_lock", name)
            yield
        return
    _take("pg_try_advisory_lock", name)
    try:
        yield
    finally:
        _lock("pg_advisory_unlock", name)


def _take(function: str, name: str) -> None:
    if not _lock(function, name):
        raise UnderWay


def _lock(function: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def forget_old() -> int:
    """Let go of what was kept for as long as clients are told that it is."""
    deleted, _ = IdempotentRequest.objects.filter(created_at__lt=clock.now() - KEPT).delete()
    return deleted
