"""Reference data: short lists that come as a whole, and single rows of them."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest

from corridor.kit.api.paging import cut, paging
from corridor.kit.api.parameters import Asked, Flag, Json, Number, Parameter, Text
from corridor.kit.api.views import Reading
from corridor.learn.catalog import queries
from corridor.learn.catalog.errors import ReferenceNotFound

MOST = 1000
ROWS: dict[str, Callable[[], Sequence[Json]]] = {
    "topics": queries.topics,
    "departments": queries.departments,
    "schools": queries.schools,
    "platforms": queries.platforms,
    "offerors": queries.offerors,
    "course_features": queries.course_features,
}


class ReferenceList(Reading):
    """All rows of a table, in pages that usually hold them all."""

    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters: tuple[Parameter, ...] = paging(default=MOST, most=MOST)

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return cut(ROWS[self.tag](), asked)


class TopicList(ReferenceList):
    parameters = (
        *ReferenceList.parameters,
        Text(name="name", many=True, longest=128, help="The name of a topic, in any case."),
        Number(name="parent_topic_id", many=True, help="The id of the topic that is above."),
        Flag(name="is_toplevel", help="Whether the topic has none above it."),
    )

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        found = queries.topics(names=asked["name"], parents=asked["parent_topic_id"], is_toplevel=asked["is_toplevel"])
        return cut(found, asked)


class ReferenceDetail(Reading):
    """One row, by the key that its address has."""

    singular: str = ""

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        ((name, key),) = path.items()
        for row in ROWS[self.tag]():
            if str(row[name]).casefold() == str(key).casefold():
                return row
        raise ReferenceNotFound(self.singular, key)
