"""Where somebody is signed in, and ending it there at once: a session is a row, and gone with it."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from corridor.kit import clock

from .devices import device
from .models import User


@dataclass(frozen=True)
class Place:
    id: int
    device: str
    ip: str
    since: datetime
    here: bool


def places(user: User, here: str | None) -> list[Place]:
    """Where a person is signed in, the latest first, in one query. `here` is the key of the session that asks."""
    found = _live(user).order_by("-created_at", "-id")
    return [Place(each.pk, device(each.user_agent), each.ip, each.created_at, each.session_key == here) for each in found]


def count(user: User) -> int:
    return _live(user).count()


@transaction.atomic
def end(user: User, *, id: int | None = None, but: str | None = None) -> int:
    """End one session of a person, or all but one. Gives how many ended."""
    chosen = UserSession.objects.filter(user=user).select_for_update()
    chosen = chosen.filter(pk=id) if id is not None else chosen.exclude(session_key=but)
    ended = list(chosen.order_by("pk"))
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in ended:
        store(session.session_key).delete()
        session.delete()
    return len(ended)


def _live(user: User) -> QuerySet[Any]:
    kept = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock.now())
    found: QuerySet[Any] = UserSession.objects.filter(Exists(kept), user=user)
    return found


def note(sender: object, request: HttpRequest | None, user: User, **kwargs: object) -> None:
    """Write down a sign-in by whatever door; programs of tests come by none."""
    if request is not None and hasattr(request, "allauth") and request.user.is_authenticated:
        UserSession.objects.create_from_request(request)


def end_elsewhere(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """A new password ends what was opened with the old one."""
    end(user, but=request.session.session_key)


def listen() -> None:
    user_logged_in.connect(note, dispatch_uid="accounts.sessions")
    for changed in (password_changed, password_reset, password_set):
        changed.connect(end_elsewhere, dispatch_uid="accounts.sessions")
