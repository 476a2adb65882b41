"""Synonyms and boosts of staff, as every process sees them: a change shows within seconds, without a restart."""

import uuid

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from corridor.search.tuning import Boost as TuningBoost
from corridor.search.tuning import Tuning

from .models import Boost, SynonymSet

TOKEN = "discovery:tuning"  # noqa: S105 - a name in the cache, no secret
# How long a process goes on with what it knows before it asks whether there is something new.
FRESH_SECONDS = 2.0

log = structlog.get_logger(__name__)


def load() -> Tuning:
    """What is switched on. Two queries."""
    return Tuning(
        synonyms=tuple(SynonymSet.objects.filter(enabled=True).values_list("terms", flat=True)),
        boosts=tuple(TuningBoost(*row) for row in Boost.objects.filter(enabled=True).values_list("query", "resource_id", "factor")),
    )


def token() -> str | None:
    """Changes with every change of the tuning. None when none was made since the cache server began, or it cannot be asked."""
    try:
        found: str | None = cache.get(TOKEN)
    except Exception as error:  # the cache's client raises a dozen kinds; a search goes on without
        log.warning("discovery.tuning_unknown", error=f"{type(error).__name__}: {error}")
        return None
    return found


def announce(**_: object) -> None:
    """Tell every process, once the change is committed."""
    transaction.on_commit(lambda: cache.set(TOKEN, uuid.uuid4().hex, None))


def listen() -> None:
    """Announce whatever is saved or deleted, by pages, commands or cascades."""
    for model in (SynonymSet, Boost):
        post_save.connect(announce, sender=model, dispatch_uid=f"tuning saved {model.__name__}")
        post_delete.connect(announce, sender=model, dispatch_uid=f"tuning deleted {model.__name__}")
