"""Who may use which pages of the console. A page asks for one of Django's own permissions on the table that it is about."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

ENTER = "wagtailadmin.access_admin"


def permissions(names: Iterable[str]) -> QuerySet[Permission]:
    """The rows of permissions, by names as `has_perm` takes them."""
    wanted = Q(pk__in=())
    for name in names:
        app, code = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=code)
    return Permission.objects.filter(wanted)


def make_group(name: str, may: Iterable[str]) -> None:
    """Make a group that may enter the console and do this, unless there is one: what staff gave or took from it stays."""
    group, made = Group.objects.get_or_create(name=name)
    if made:
        group.permissions.set(permissions([ENTER, *may]))
