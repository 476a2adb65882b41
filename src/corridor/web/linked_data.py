"""What a page says to machines in the words of schema.org: the parts that all systems share. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import orjson
from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
Json = dict[str, Any]


class Place(Protocol):
    """A page with a name."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...


def graph(things: Iterable[Json]) -> SafeString:
    """Things as JSON-LD for a script element: no text in it can end the element."""
    text = orjson.dumps({"@context": CONTEXT, "@graph": list(things)}).decode()
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308 - nothing in it can begin a tag


def breadcrumbs(trail: Sequence[Place]) -> Json:
    items = [{"@type": "ListItem", "position": at, "name": part.name, "item": part.address} for at, part in enumerate(trail, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}
