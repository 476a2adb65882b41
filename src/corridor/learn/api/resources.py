"""Learning resources: lists, details, summaries, words for people, featured ones and similar ones.

Lists come from the index, whose entries carry the bytes to send; details from the document, by its key.
"""

from typing import Any, ClassVar

from django.http import HttpRequest

from corridor.kit import clock
from corridor.kit.api.paging import Page, paging, prepared
from corridor.kit.api.parameters import Asked, Number
from corridor.kit.api.views import Reading, dumps
from corridor.learn.catalog import queries
from corridor.learn.catalog.documents import with_position
from corridor.learn.catalog.errors import ResourceNotFound
from corridor.learn.catalog.loading import among
from corridor.learn.catalog.models import LearningResource
from corridor.learn.discovery import queries as index
from corridor.search import Results, Search
from corridor.search.model import Likeness

from .filters import OF_LISTS, OF_SEARCHES, ORDER, filters
from .shapes.resources import (
    LEARNING_RESOURCE,
    LearningResourceDisplayInfoResponse,
    LearningResourceSummary,
)

NOTHING = Results(total=0, hits=())


def found(asked: Asked, resource_type: str = "") -> Results:
    """The page of resources that a list is asked for, of one type if there is one."""
    where = filters(asked, OF_LISTS)
    if resource_type:
        if where.get("resource_type", [resource_type]).count(resource_type) == 0:
            return NOTHING
        where = {**where, "resource_type": [resource_type]}
    return index.search(Search(filters=where, sort=asked["sortby"], offset=asked["offset"], limit=asked["limit"]))


class ResourceList(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = (*paging(), *OF_LISTS, ORDER)
    shape: Any = LEARNING_RESOURCE
    resource_type: str = ""

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        results = found(asked, self.resource_type)
        return Page(results.total, prepared(hit.body for hit in results.hits))


class ResourceDetail(Reading):
    shape: Any = LEARNING_RESOURCE
    resource_type: str = ""

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return queries.detail(path["id"], resource_type=self.resource_type)


class SummaryList(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = (*paging(default=1000, most=1000), *OF_LISTS, ORDER)
    shape: Any = LearningResourceSummary

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        if not (filters(asked, OF_LISTS) or asked["sortby"]):
            summaries = queries.summaries(limit=asked["limit"], offset=asked["offset"])
            return Page(summaries.count, summaries.rows)
        results = found(asked)
        ids = [hit.id for hit in results.hits]
        rows = queries.summaries(LearningResource.objects.filter(among("id", ids)), limit=len(ids)).rows
        by_id = {row["id"]: row for row in rows}
        return Page(results.total, [by_id[id] for id in ids if id in by_id])


class DisplayInfoList(ResourceList):
    shape: Any = LearningResourceDisplayInfoResponse

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        results = found(asked)
        return Page(results.total, queries.display_infos([hit.id for hit in results.hits], now=clock.now()))


class DisplayInfoDetail(Reading):
    shape: Any = LearningResourceDisplayInfoResponse

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        queries.check_readable(path["id"])
        return queries.display_infos([path["id"]], now=clock.now())[0]


# --- featured


class FeaturedList(ResourceList):
    """What units feature, each resource with its position in the list of its unit."""

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        places = dict(queries.featured())
        wanted = filters(asked, OF_LISTS)
        ids = [str(id) for id in places if str(id) in wanted.get("id", [str(id)])]
        if not ids:
            return Page(0, ())
        hits = index.search(Search(filters={**wanted, "id": ids}, sort=asked["sortby"], limit=len(ids))).hits
        if not asked["sortby"]:
            turn = {id: number for number, id in enumerate(places)}
            hits = sorted(hits, key=lambda hit: turn[hit.id])
        page = hits[asked["offset"] : asked["offset"] + asked["limit"]]
        return Page(len(hits), prepared(with_position(hit.body, places[hit.id]) for hit in page))


class FeaturedDetail(Reading):
    shape: Any = LEARNING_RESOURCE

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        places = dict(queries.featured())
        if path["id"] not in places:
            raise ResourceNotFound(path["id"])
        return with_position(queries.detail(path["id"]), places[path["id"]])


# --- similar


class SimilarList(Reading):
    """The most alike first."""

    rows: ClassVar[bool] = True
    parameters = (Number(name="limit", least=1, most=100, default=12, help="How many similar resources to return."), *OF_SEARCHES)
    shape: Any = LEARNING_RESOURCE
    likeness: Likeness = Likeness.WORDS

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        id = path["id"]
        if not index.search(Search(filters={"id": [str(id)]}, limit=0)).total:
            raise ResourceNotFound(id)
        where = filters(asked, OF_SEARCHES)
        # A short text has few words to share; then its meaning counts.
        hits = index.similar(id, limit=asked["limit"], filters=where, by=self.likeness) or index.similar(
            id, limit=asked["limit"], filters=where, by=Likeness.MEANING
        )
        return dumps(prepared(hit.body for hit in hits))
