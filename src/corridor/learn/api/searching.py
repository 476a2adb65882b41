"""Searches, by words and by meaning.

The tuning parameters of the published contract belong to another engine. They are checked and change nothing: ranking here is
calibrated as a whole and measured (`./corridor relevance`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest

from corridor.kit.api.paging import Page, paging, prepared
from corridor.kit.api.parameters import Asked, Choice, Flag, Json, Measure, Number, Parameter, ParametersRefused, Text
from corridor.kit.api.views import NEVER_KEPT, Reading
from corridor.learn.content import queries as contents
from corridor.learn.discovery import queries as resources
from corridor.search import Mode, Results, Search

from .filters import OCW_TOPIC, OF_SEARCHES, OFFERED_BY, ORDERS, PLATFORM, TOPIC, Filters, filters
from .readers import StaffOnly, is_staff
from .shapes.searches import (
    ContentFileSearchResponse,
    ContentFileVectorSearchResponse,
    LearningResourcesSearchResponse,
    LearningResourcesVectorSearchResponse,
    SearchDefaults,
)

MODES = {"phrase": Mode.LEXICAL, "best_fields": Mode.LEXICAL, "most_fields": Mode.LEXICAL, "hybrid": Mode.HYBRID}
WORDS = Text(name="q", empty=True, help="What is searched for.")
HIGHLIGHT = Flag(name="highlight", default=False, help="Tell in the metadata where the words were found.")
NO_EFFECT = "Checked, without effect: ranking is calibrated as a whole."
FARTHEST_NEIGHBOUR = 1000
ALL_NEIGHBOURS = 200  # what clients get that ask for no page


def aggregations(*fields: str) -> Choice:
    """Fields whose values are counted."""
    choices = {field: field.replace("_", " ").capitalize() for field in fields}
    return Choice(name="aggregations", many=True, choices=choices, help="Filters whose values are to be counted.")


def metadata(results: Results) -> Json:
    """What is told beside the results of a search."""
    facets = {name: [{"key": each.value, "doc_count": each.count} for each in values] for name, values in results.facets.items()}
    told: Json = {"aggregations": facets, "suggestions": [results.did_you_mean] if results.did_you_mean else []}
    marked = {str(hit.id): hit.highlights for hit in results.hits if hit.highlights}
    return told | ({"highlights": marked} if marked else {})


def response(request: HttpRequest, asked: Asked, results: Results, explanations: Mapping[str, Any] | None = None) -> Json:
    page = Page(results.total, prepared(hit.body for hit in results.hits)).told(request, asked)
    told = metadata(results)
    return page | {"metadata": told if explanations is None else told | {"explanations": explanations}}


# --- learning resources


class ResourceSearch(Reading):
    parameters = (
        WORDS,
        *paging(),
        Choice(name="sortby", choices=ORDERS | {"featured": "Featured first"}, help="The order of the results; otherwise the best first."),
        aggregations(
            "resource_type",
            "certification",
            "certification_type",
            "offered_by",
            "platform",
            "topic",
            "department",
            "level",
            "course_feature",
            "professional",
            "free",
            "delivery",
            "resource_type_group",
            "resource_category",
        ),
        Number(name="id", many=True, help="The id of a learning resource."),
        *OF_SEARCHES,
        Choice(
            name="search_mode",
            choices=dict.fromkeys(MODES, ""),
            help="`hybrid` (the default) also finds by meaning; the others go by words.",
        ),
        Flag(name="show_ocw_files", default=False, help="Whether single files of OpenCourseWare are among the results."),
        HIGHLIGHT,
        Flag(name="dev_mode", default=False, help="For staff: tell in the metadata how scores come about."),
        Number(name="slop", most=100, help=NO_EFFECT),
        Measure(name="min_score", least=0, most=50, help=NO_EFFECT),
        Measure(name="yearly_decay_percent", least=0, most=10, help=NO_EFFECT),
        Measure(name="max_incompleteness_penalty", least=0, most=100, help=NO_EFFECT),
        Measure(name="content_file_score_weight", least=0, most=1, help=NO_EFFECT),
    )
    shape: Any = LearningResourcesSearchResponse
    refusals: ClassVar[tuple[int, ...]] = (403,)

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        if asked["dev_mode"] and not is_staff(request):
            raise StaffOnly("How scores come about is told to staff; sign in, or leave dev_mode out.")
        search = Search(
            text=asked["q"] or "",
            filters=self._filters(asked),
            facets=asked["aggregations"],
            sort=asked["sortby"],
            offset=asked["offset"],
            limit=asked["limit"],
            mode=MODES[asked["search_mode"] or "hybrid"],
            highlight=asked["highlight"],
        )
        results = resources.search(search)
        explained = {str(hit.id): resources.explain(search, hit.id) for hit in results.hits} if asked["dev_mode"] else None
        return response(request, asked, results, explained)

    @staticmethod
    def _filters(asked: Asked) -> Filters:
        chosen = dict(filters(asked, OF_SEARCHES))
        if asked["id"]:
            chosen["id"] = [str(id) for id in asked["id"]]
        return chosen if asked["show_ocw_files"] else chosen | {"ocw_file": ["false"]}


NEIGHBOUR_ORDERS = {
    "next_start_date": "upcoming",
    "-next_start_date": "-upcoming",
    "views": "views",
    "-views": "-views",
    "created_on": "-new",
    "-created_on": "new",
}
ISNULL = (
    Flag(name="url__isnull", help="Whether there is no address."),
    Flag(name="title__isnull", help="Whether there is no title."),
)


class NeighbourSearch(Reading):
    """By meaning alone, or by words and meaning together."""

    parameters = (
        WORDS,
        Number(name="limit", least=1, most=1000, help="Number of results to return; without one, all that are near enough, up to 200."),
        Number(name="offset", most=FARTHEST_NEIGHBOUR, default=0, help="The initial index from which to return the results."),
        Choice(name="sortby", choices=dict.fromkeys(NEIGHBOUR_ORDERS, ""), help="The order of the results; otherwise the nearest first."),
        aggregations(
            "resource_type",
            "certification",
            "certification_type",
            "professional",
            "free",
            "course_feature",
            "topic",
            "ocw_topic",
            "level",
            "department",
            "platform",
            "offered_by",
            "delivery",
            "resource_type_group",
            "resource_category",
        ),
        *OF_SEARCHES,
        Text(name="readable_id", help="The id that its platform gave it."),
        Flag(name="published", default=True, help="Whether it is published; what is not is never told."),
        *ISNULL,
        Flag(name="hybrid_search", default=False, help="Whether words count, too."),
        HIGHLIGHT,
        Measure(name="score_cutoff", least=0, most=1, default=0.0, help=NO_EFFECT),
    )
    shape: Any = LearningResourcesVectorSearchResponse

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        asked = _paged(asked)
        search = Search(
            text=asked["q"] or "",
            filters=self._filters(asked),
            facets=asked["aggregations"],
            sort=NEIGHBOUR_ORDERS.get(asked["sortby"]),
            offset=asked["offset"],
            limit=asked["limit"],
            mode=Mode.HYBRID if asked["hybrid_search"] else Mode.SEMANTIC,
            highlight=asked["highlight"],
        )
        return response(request, asked, resources.search(search))

    @staticmethod
    def _filters(asked: Asked) -> Filters:
        chosen = dict(filters(asked, OF_SEARCHES))
        if asked["readable_id"]:
            chosen["readable_id"] = [asked["readable_id"]]
        if asked["url__isnull"] is not None:
            chosen["url__isnull"] = ["true" if asked["url__isnull"] else "false"]
        # Whatever is told is published and has a title.
        return chosen | ({"id": ["none"]} if not asked["published"] or asked["title__isnull"] else {})


def _paged(asked: Asked) -> dict[str, Any]:
    """With a limit. Raises ParametersRefused beyond what neighbours are looked for."""
    limit = asked["limit"] or ALL_NEIGHBOURS
    if asked["limit"] and asked["offset"] + limit > FARTHEST_NEIGHBOUR:
        raise ParametersRefused({"offset": f"and limit together go up to {FARTHEST_NEIGHBOUR}."})
    return {**asked, "limit": limit}


# --- content files

CONTENT_FILTERS: tuple[Parameter, ...] = (OFFERED_BY, PLATFORM)


class ContentFileSearch(Reading):
    parameters = (
        WORDS,
        *paging(),
        Choice(
            name="sortby",
            choices=dict.fromkeys(("id", "-id", "resource_readable_id", "-resource_readable_id"), ""),
            help="The order of the results; otherwise the best first.",
        ),
        aggregations("topic", "content_feature_type", "platform", "offered_by"),
        *CONTENT_FILTERS,
        TOPIC,
        OCW_TOPIC,
        Number(name="id", many=True, help="The id of a content file."),
        Number(name="run_id", many=True, help="The id of the run that the file belongs to."),
        Number(name="resource_id", many=True, help="The id of the learning resource that the file belongs to."),
        Text(name="content_feature_type", many=True, help="A feature of the content, by name, in any case."),
        HIGHLIGHT,
        Flag(name="dev_mode", default=False, help=NO_EFFECT),
    )
    shape: Any = ContentFileSearchResponse

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        chosen = {
            field: [str(value) for value in asked[field]]
            for field in ("offered_by", "platform", "topic", "ocw_topic", "id", "run_id", "resource_id", "content_feature_type")
        }
        return response(request, asked, contents.search(_question(asked, chosen)))


class ContentFileNeighbourSearch(Reading):
    """For staff and the assistants that they run."""

    parameters = (
        WORDS,
        Number(name="limit", least=1, most=1000, default=10, help="Number of results to return per page."),
        Number(name="offset", most=FARTHEST_NEIGHBOUR, default=0, help="The initial index from which to return the results."),
        Choice(name="sortby", choices={"id": "Id"}, help="The order of the results; otherwise the best first."),
        aggregations("offered_by", "platform", "topic", "content_feature_type", "content_type", "course_number", "file_extension"),
        *CONTENT_FILTERS,
        Text(name="key", many=True, help="The key of the file at its source."),
        Text(name="edx_module_id", many=True, help="The edX module id of the file."),
        Text(name="file_extension", many=True, help="The extension of the file, with its dot."),
        Text(name="resource_readable_id", many=True, help="The readable id of the learning resource that the file belongs to."),
        Text(name="run_readable_id", many=True, help="The readable id of the run that the file belongs to."),
        Choice(name="collection_name", choices={"content_files": "Content files"}, help="What is searched."),
        Choice(name="group_by", choices={"key": "Key"}, help="Results are whole files, so each is a group of its own."),
        Number(name="group_size", least=1, most=100, help=NO_EFFECT),
        Flag(name="hybrid_search", default=False, help=NO_EFFECT),
        *ISNULL,
        HIGHLIGHT,
    )
    shape: Any = ContentFileVectorSearchResponse
    cache_control: ClassVar[str] = NEVER_KEPT
    refusals: ClassVar[tuple[int, ...]] = (403,)

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        if not is_staff(request):
            raise StaffOnly("The text of course content is searched by staff; sign in with an account that may.")
        chosen = {
            field: list(asked[field])
            for field in ("offered_by", "platform", "key", "edx_module_id", "file_extension", "resource_readable_id", "run_readable_id")
        }
        for field in ("url__isnull", "title__isnull"):
            if asked[field] is not None:
                chosen[field] = ["true" if asked[field] else "false"]
        return response(request, asked, contents.search(_question(asked, chosen)))


def _question(asked: Asked, chosen: Mapping[str, Sequence[str]]) -> Search:
    """Files of one answer come by words."""
    return Search(
        text=asked["q"] or "",
        filters=chosen,
        facets=asked["aggregations"],
        sort=asked["sortby"],
        offset=asked["offset"],
        limit=asked["limit"],
        mode=Mode.LEXICAL,
        highlight=asked["highlight"],
    )


class AdminParameters(Reading):
    """Defaults of the tuning parameters, which have no effect here."""

    shape: Any = SearchDefaults

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return {
            "search_mode": "hybrid",
            "slop": None,
            "yearly_decay_percent": None,
            "min_score": None,
            "max_incompleteness_penalty": None,
            "content_file_score_weight": None,
        }
