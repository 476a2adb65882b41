"""Entries of Wagtail's menu, shown to those who may use what they lead to."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

Entry = tuple[str, str, str, str]  # label, name of an address, icon, permission


class GuardedItem(MenuItem):
    def __init__(self, label: str, address: str, icon: str, permission: str, order: int) -> None:
        super().__init__(label, reverse(address), name=f"console-{slugify(label)}", icon_name=icon, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


def submenu(label: str, icon: str, entries: Sequence[Entry], order: int) -> SubmenuMenuItem:
    items = [GuardedItem(*entry, order=place) for place, entry in enumerate(entries)]
    return SubmenuMenuItem(label, Menu(items=items), name=f"console-{slugify(label)}", icon_name=icon, order=order)
