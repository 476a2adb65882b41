"""Who may use which pages of the console. A page asks for one of Django's own permissions on the table that it is about."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

CURATORS = "Curators"


class May(StrEnum):
    """What the pages ask for."""

    READ_SOURCES = "learn.change_sourcesetting"
    MEND_RECORDS = "learn.change_quarantinedrecord"
    PART_RECORDS = "learn.change_mergeentry"
    EDIT_RESOURCES = "learn.change_learningresource"
    ADD_SYNONYMS = "learn.add_synonymset"
    EDIT_SYNONYMS = "learn.change_synonymset"
    DELETE_SYNONYMS = "learn.delete_synonymset"
    ADD_BOOSTS = "learn.add_boost"
    EDIT_BOOSTS = "learn.change_boost"
    DELETE_BOOSTS = "learn.delete_boost"
    EDIT_CHANNELS = "learn.change_channel"
    LOOK_AFTER_INDEX = "kit.change_outboxevent"


ENTER = "wagtailadmin.access_admin"


def permissions(names: Sequence[str] = tuple(May)) -> QuerySet[Permission]:
    """The rows of permissions, by names as `has_perm` takes them."""
    wanted = Q(pk__in=())
    for name in names:
        app, code = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=code)
    return Permission.objects.filter(wanted)


def make_curators(**_: Any) -> None:
    """Make the group that may use all of these pages, unless there is one: what staff gave or took from it stays."""
    group, made = Group.objects.get_or_create(name=CURATORS)
    if made:
        group.permissions.set(permissions([ENTER, *May]))
