"""Where these pages are in Wagtail's menu: shown to those who may use them."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from .access import May

CATALOGUE = (
    ("Sources", "console:sources", "download", May.READ_SOURCES),
    ("Runs", "console:runs", "history", May.READ_SOURCES),
    ("Quarantine", "console:quarantine", "warning", May.MEND_RECORDS),
    ("Merges", "console:merges", "link", May.PART_RECORDS),
    ("Resources", "console:resources", "doc-full", May.EDIT_RESOURCES),
    ("Channels", "console:channels", "globe", May.EDIT_CHANNELS),
)
SEARCH = (
    ("Preview", "console:preview", "search", May.EDIT_SYNONYMS),
    ("Synonyms", "synonyms:index", "openquote", May.EDIT_SYNONYMS),
    ("Boosts", "boosts:index", "order-up", May.EDIT_BOOSTS),
    ("Index", "console:index", "table", May.LOOK_AFTER_INDEX),
)


class GuardedItem(MenuItem):
    def __init__(self, label: str, address: str, icon: str, permission: May, order: int) -> None:
        super().__init__(label, reverse(address), name=f"console-{label.lower()}", icon_name=icon, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


def submenus() -> Iterator[SubmenuMenuItem]:
    for order, (label, icon, entries) in enumerate((("Catalogue", "folder-open-inverse", CATALOGUE), ("Search tuning", "sliders", SEARCH))):
        items = [GuardedItem(*entry, order=place) for place, entry in enumerate(entries)]
        yield SubmenuMenuItem(label, Menu(items=items), name=f"console-{slugify(label)}", icon_name=icon, order=150 + order)
