"""Where these pages are in Wagtail's menu: shown to those who may use them."""

from collections.abc import Iterator

from wagtail.admin.menu import SubmenuMenuItem

from corridor.web.console.menu import submenu

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


def submenus() -> Iterator[SubmenuMenuItem]:
    yield submenu("Catalogue", "folder-open-inverse", CATALOGUE, 150)
    yield submenu("Search tuning", "sliders", SEARCH, 151)
