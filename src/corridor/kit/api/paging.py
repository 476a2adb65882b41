"""Pages by limit and offset, with the addresses of those before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from django.http import HttpRequest

from .parameters import Asked, Json, Number, Parameter

WRITTEN = "%&=+-._~!$'()*,;:@/?"  # what a query string may hold as it is
FARTHEST = 1_000_000_000  # an offset beyond the last result gives an empty page; one beyond this is refused


def paging(*, default: int = 10, most: int = 100, farthest: int = FARTHEST) -> tuple[Parameter, Parameter]:
    return (
        Number(name="limit", least=1, most=most, default=default, help="Number of results to return per page."),
        Number(name="offset", most=farthest, default=0, help="The initial index from which to return the results."),
    )


@dataclass(frozen=True)
class Page:
    """A part of a list: how many there are in all, and those of this page, ready to be sent."""

    count: int
    results: Sequence[Any]

    def told(self, request: HttpRequest, asked: Asked) -> Json:
        limit, offset = asked["limit"], asked["offset"]
        return {
            "count": self.count,
            "next": _address(request, limit, offset + limit) if offset + limit < self.count else None,
            "previous": _address(request, limit, max(0, offset - limit)) if offset else None,
            "results": self.results,
        }


def prepared(bodies: Iterable[bytes]) -> list[orjson.Fragment]:
    """JSON that is there already, to be put into an answer as it is."""
    return [orjson.Fragment(body) for body in bodies]


def cut(rows: Sequence[Any], asked: Asked) -> Page:
    """The page of a list that is known as a whole."""
    return Page(len(rows), rows[asked["offset"] : asked["offset"] + asked["limit"]])


def _address(request: HttpRequest, limit: int, offset: int) -> str:
    """The same question for another page. What was asked is kept as it was written: decoding and encoding it again takes its time."""
    written = quote(request.META.get("QUERY_STRING", ""), safe=WRITTEN)
    kept = [each for each in written.split("&") if each and not each.startswith(("limit=", "offset="))]
    query = "&".join([*kept, f"limit={limit}", f"offset={offset}"])
    return f"{request.scheme}://{request.get_host()}{quote(request.path)}?{query}"


def envelope(schema: Json) -> Json:
    """The OpenAPI schema of a page of such rows."""
    address = {"type": "string", "nullable": True, "format": "uri"}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {"count": {"type": "integer"}, "next": address, "previous": address, "results": schema},
    }
