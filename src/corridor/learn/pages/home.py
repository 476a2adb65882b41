"""The first page, and the one about the site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from corridor.kit import clock
from corridor.learn.catalog import queries as catalog
from corridor.learn.catalog.vocabulary import ResourceType
from corridor.web.linked_data import graph

from . import linked_data, queries
from .addresses import path_of
from .cards import cards

FEATURED, NEW, STARTING = 6, 5, 5
KINDS = {
    ResourceType.COURSE: "Courses",
    ResourceType.PROGRAM: "Programs",
    ResourceType.LEARNING_PATH: "Paths",
    ResourceType.PODCAST: "Podcasts",
    ResourceType.VIDEO: "Videos",
    ResourceType.DOCUMENT: "Documents",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now, origin = clock.now(), settings.CONFIG.base_url
    chosen = catalog.bodies([id for id, _ in catalog.featured()[:FEATURED]])
    numbers = queries.numbers()
    return render(
        request,
        "learn/home.html",
        {
            "kinds": [(kind, label, numbers[kind]) for kind, label in KINDS.items() if numbers.get(kind)],
            "total": sum(numbers.values()),
            "topics": [{**topic, "path": path_of(topic["channel_url"])} for topic in catalog.topics(is_toplevel=True)],
            "featured": cards(chosen.values(), now),
            "starting": cards(queries.starting(now, STARTING), now),
            "new": cards(queries.newest(NEW), now),
            "units": [{**unit, "path": path_of(unit["channel_url"])} for unit in catalog.offerors() if unit["channel_url"]],
            "canonical": f"{origin}/",
            "linked_data": graph([linked_data.website(origin, settings.WAGTAIL_SITE_NAME)]),
        },
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/about.html", {"numbers": queries.numbers(), "canonical": f"{settings.CONFIG.base_url}/about"})
