"""Pages by number, and pages of changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from corridor.kit.api.paging import FARTHEST, Page, envelope
from corridor.kit.api.parameters import Asked, Json, Number
from corridor.kit.api.schema import ReadingSchema
from corridor.mitxonline.catalog.queries import Changes

USUAL, MOST = 12, 100
WHOLE = 1000  # rows of a list that is asked for without a page


def numbered(usual: int = USUAL) -> tuple[Number, Number]:
    return (
        Number(name="page", least=1, most=1_000_000, help="A page number within the paginated result set."),
        Number(name="page_size", least=1, most=MOST, default=usual, help="Number of results to return per page."),
    )


@dataclass(frozen=True)
class Part:
    """Which rows of a list are asked for."""

    offset: int
    limit: int


def part(asked: Asked, *, whole: bool = False) -> Part:
    """With `whole`, as much of the list as is ever given at once, unless a page is asked for."""
    if whole and asked["page"] is None:
        return Part(0, WHOLE)
    size = asked["page_size"]
    return Part(((asked["page"] or 1) - 1) * size, size)


def lettered(usual: int = USUAL) -> tuple[Number, Number]:
    """As the staff dashboard asks."""
    return (
        Number(name="l", least=1, most=MOST, default=usual, help="Number of results to return per page."),
        Number(name="o", most=FARTHEST, default=0, help="The initial index from which to return the results."),
    )


@dataclass(frozen=True)
class LetteredPage(Page):
    def told(self, request: HttpRequest, asked: Asked) -> Json:
        size, offset = asked["l"], asked["o"]
        return {
            "count": self.count,
            "next": address(request, {"l": size, "o": offset + size}) if offset + size < self.count else None,
            "previous": address(request, {"l": size, "o": max(0, offset - size)}) if offset else None,
            "results": self.results,
        }


@dataclass(frozen=True)
class NumberedPage(Page):
    """`given` says which rows these are."""

    given: Part

    def told(self, request: HttpRequest, asked: Asked) -> Json:
        behind = self.given.offset + self.given.limit
        size = min(self.given.limit, MOST)
        more = {"page": behind // size + 1, "page_size": size} if behind < self.count else None
        before = {"page": self.given.offset // size, "page_size": size} if self.given.offset else None
        return {
            "count": self.count,
            "next": address(request, more) if more else None,
            "previous": address(request, before) if before else None,
            "results": self.results,
        }


def address(request: HttpRequest, instead: Mapping[str, int], without: tuple[str, ...] = ()) -> str:
    """The same question with other values."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    for name, value in instead.items():
        query[name] = str(value)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def told_changes(request: HttpRequest, changes: Changes, results: list[Any]) -> Json:
    return {
        "count": changes.count,
        "next": address(request, {"cursor": changes.cursor}, ("updated_since",)) if changes.more else None,
        "previous": None,
        "results": results,
        "tombstones": [vars(each) for each in changes.tombstones],
        "cursor": changes.cursor,
    }


class _Changes:
    """What drf-spectacular asks of a paginator."""

    def get_paginated_response_schema(self, schema: Json) -> Json:
        told = envelope(schema)
        told["properties"] |= {
            "cursor": {"type": "integer", "description": "Where to go on. With updated_since or cursor alone."},
            "tombstones": {
                "type": "array",
                "description": "What is no longer what was asked for. With updated_since or cursor alone.",
                "items": {
                    "type": "object",
                    "required": ["id", "readable_id", "changed_at"],
                    "properties": {
                        "id": {"type": "integer"},
                        "readable_id": {"type": "string"},
                        "changed_at": {"type": "string", "format": "date-time"},
                    },
                },
            },
        }
        return told


class FollowedSchema(ReadingSchema):
    """Of lists whose changes can be followed."""

    def _get_paginator(self) -> Any:
        return _Changes()
