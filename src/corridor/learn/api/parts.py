"""The parts of programs, podcasts, playlists and learning paths."""

from typing import Any, ClassVar

import orjson
from django.http import HttpRequest

from corridor.kit.api.paging import Page, paging
from corridor.kit.api.parameters import Asked, Choice
from corridor.kit.api.views import Reading
from corridor.learn.catalog import queries
from corridor.learn.catalog.queries import Item

from .shapes.resources import LearningResourceRelationship


class ItemList(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = (*paging(), Choice(name="sortby", choices={"position": "Position"}, help="Which field to use when ordering the results."))
    shape: Any = LearningResourceRelationship
    resource_type: str = ""

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        parent = path["learning_resource_id"]
        items = queries.items(parent, limit=asked["limit"], offset=asked["offset"], resource_type=self.resource_type)
        return Page(items.count, [told(item) for item in items.items])


class ItemDetail(Reading):
    shape: Any = LearningResourceRelationship
    resource_type: str = ""

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return told(queries.item(path["learning_resource_id"], path["id"], resource_type=self.resource_type))


def told(item: Item) -> dict[str, Any]:
    """A part in published shape, around the bytes of its resource."""
    return {
        "id": item.id,
        "resource": orjson.Fragment(item.body),
        "position": item.position,
        "relation_type": item.relation_type,
        "parent": item.parent,
        "child": item.child,
    }
