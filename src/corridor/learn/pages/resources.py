"""The pages of resources and of the course content that belongs to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from corridor.kit import clock
from corridor.learn.catalog import display
from corridor.learn.catalog import queries as catalog
from corridor.learn.catalog.actions import record_view
from corridor.learn.catalog.facts import Json
from corridor.learn.catalog.vocabulary import RelationType, ResourceType
from corridor.learn.discovery import queries as discovery
from corridor.learn.discovery.errors import NotIndexedYet
from corridor.web.linked_data import breadcrumbs, graph

from . import linked_data, queries, telling
from .addresses import content_path, path_of, resource_path
from .cards import Card, card, cards, cards_of_hits, summary
from .linked_data import Part

MOST_ITEMS = 100
SIMILAR = 6
SECTIONS: dict[str, str] = {
    RelationType.PROGRAM_COURSES: "Courses in this program",
    RelationType.PROGRAM_PROGRAMS: "Programs in this program",
    RelationType.LEARNING_PATH_ITEMS: "Along this path",
    RelationType.PODCAST_EPISODES: "Episodes",
    RelationType.PLAYLIST_VIDEOS: "Videos in this series",
    RelationType.COURSE_LEARNING_MATERIALS: "Materials of this course",
}
INVITATIONS: dict[str, str] = {
    ResourceType.COURSE: "Go to the course",
    ResourceType.PROGRAM: "Go to the program",
    ResourceType.LEARNING_PATH: "Go to the path",
    ResourceType.PODCAST: "Listen to the podcast",
    ResourceType.PODCAST_EPISODE: "Listen to the episode",
    ResourceType.VIDEO: "Watch the video",
    ResourceType.VIDEO_PLAYLIST: "Watch the series",
    ResourceType.DOCUMENT: "Read the document",
}


@require_safe
def resource(request: HttpRequest, resource_id: int, given: str = "") -> HttpResponseBase:
    """The page of a resource, at its one address: others that name it lead there."""
    body = orjson.loads(catalog.detail(resource_id))
    path = resource_path(resource_id, body["title"])
    if request.path != path:
        return HttpResponsePermanentRedirect(path)
    now, wholes = clock.now(), queries.wholes(resource_id)
    sections = _sections(resource_id, now)
    address, trail = f"{settings.CONFIG.base_url}{path}", _trail(body)
    context = {
        "body": body,
        "card": card(body, now),
        "description": summary(body),
        "canonical": address,
        "trail": trail,
        "invitation": INVITATIONS[body["resource_type"]],
        "facts": _facts(body, now),
        "runs": telling.run_rows(body, now),
        "sections": sections,
        "wholes": wholes,
        "files": [(file, content_path(resource_id, body["title"], file.id)) for file in _files(body)],
        "similar": _similar(resource_id, now),
        "linked_data": graph(
            [
                linked_data.resource(
                    body,
                    address,
                    [_part(card) for _, parts in sections for card in parts],
                    [Part(whole.title, _absolute(whole.path), whole.resource_type) for whole in wholes],
                ),
                breadcrumbs([*(Part(part.name, _absolute(part.address)) for part in trail), Part(body["title"], address)]),
            ]
        ),
    }
    return render(request, "learn/resource.html", context)


# Exempt: it counts a view, which no session is needed for.
@csrf_exempt
@require_POST
def view(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Note that a person opened the page; the page's script sends it, so that crawlers do not count."""
    try:
        event = UUID(request.POST.get("event", ""))
    except ValueError:
        return HttpResponseBadRequest("event must be a UUID", content_type="text/plain")
    record_view(resource_id, event)
    return HttpResponse(status=204)


@require_safe
def content(request: HttpRequest, resource_id: int, file_id: int, given: str = "") -> HttpResponseBase:
    """A page of a course's content, as readable text."""
    file = queries.content_file(resource_id, file_id)
    body = orjson.loads(catalog.detail(resource_id))
    path = content_path(resource_id, body["title"], file_id)
    if request.path != path:
        return HttpResponsePermanentRedirect(path)
    files = [(each, content_path(resource_id, body["title"], each.id)) for each in _files(body)]
    at = next((at for at, (each, _) in enumerate(files) if each.id == file_id), None)
    context = {
        "file": file,
        "title": file.title or file.content_title or file.key,
        "body": body,
        "course_path": resource_path(resource_id, body["title"]),
        "canonical": _absolute(path),
        "files": files,
        "before": files[at - 1] if at else None,
        "after": files[at + 1] if at is not None and at + 1 < len(files) else None,
    }
    return render(request, "learn/content.html", context)


def _files(body: Json) -> list[Any]:
    return queries.content_files(body["id"], body["best_run_id"])


def _absolute(path: str) -> str:
    return linked_data.absolute(settings.CONFIG.base_url, path)


def _part(part: Card) -> Part:
    return Part(str(part.title), _absolute(part.path), part.kind)


def _sections(resource_id: int, now: datetime) -> list[tuple[str, Sequence[Card]]]:
    """The parts of a resource below a heading for each way of being one."""
    items = catalog.items(resource_id, limit=MOST_ITEMS).items
    kinds = dict.fromkeys(item.relation_type for item in items)
    return [(SECTIONS[kind], cards([item.body for item in items if item.relation_type == kind], now)) for kind in kinds]


def _similar(resource_id: int, now: datetime) -> list[Card]:
    """What is like it, as far as the index can be asked."""
    try:
        return cards_of_hits(discovery.similar(resource_id, limit=SIMILAR, filters={"ocw_file": ("false",)}), now)
    except NotIndexedYet:
        return []


def _trail(body: Json) -> list[Part]:
    """The way to a resource: home, its main topic, one below."""
    by_id = {topic["id"]: topic for topic in body["topics"]}
    below = next((topic for topic in body["topics"] if topic["parent"] in by_id), None)
    main = by_id[below["parent"]] if below else next(iter(body["topics"]), None)
    topics = [topic for topic in (main, below) if topic and topic["channel_url"]]
    return [Part("Home", "/"), *(Part(topic["name"], path_of(topic["channel_url"])) for topic in topics)]


def _facts(body: Json, now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is known, line by line: a name, and values with the address that each leads to."""
    best: Json = next((run for run in body["runs"] if run["id"] == body["best_run_id"]), {})
    offered = body["resource_type"] in telling.OFFERED
    people = dict.fromkeys(person["full_name"] for run in body["runs"] for person in run["instructors"])
    numbers = [number["value"] for number in (body.get("course") or {}).get("course_numbers", [])]
    units = [(unit["name"], path_of(unit["channel_url"])) for unit in (body["offered_by"],) if unit]
    lines: list[tuple[str, list[tuple[str, str]]]] = [
        ("Begins", _plain([telling.beginning(body, now)] if offered else [])),
        ("As taught in", _plain(display.as_taught_in(body) or [])),
        ("Price", _plain([display.price(body["resource_prices"], body["free"]), display.certificate_price(body)])),
        ("Certificate", _plain([body["certification_type"]["name"]] if body["certification"] else [])),
        ("Level", _plain(dict.fromkeys(level["name"] for run in body["runs"] for level in run["level"]))),
        ("Length", _plain([telling.length(body)])),
        ("Workload", _plain([telling.effort(best or body)])),
        ("Format", _plain([way["name"] for way in body["delivery"]] if offered else [])),
        ("Pace", _plain([pace["name"] for pace in body["pace"]] if offered else [])),
        ("Place", _plain([body["location"]])),
        ("Instructors", _plain(people)),
        ("Language", _plain([display.language_name(code) for code in body["languages"] or []])),
        ("Course number", _plain(numbers)),
        ("Department", [(each["name"], path_of(each["channel_url"])) for each in body["departments"]]),
        ("Offered by", units),
        ("Continuing education credits", _plain([body["continuing_ed_credits"]])),
        ("Licence", _plain(["Creative Commons"] if body["license_cc"] else [])),
    ]
    return [(name, values) for name, values in lines if values]


def _plain(texts: Any) -> list[tuple[str, str]]:
    return [(text, "") for text in texts if text]
