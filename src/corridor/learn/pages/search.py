"""The search page and what completes a question as one types."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from corridor.kit import clock
from corridor.learn.discovery import queries as discovery
from corridor.learn.discovery.errors import NotIndexedYet

from . import queries
from .asked import IGNORED, Asked, BadQuestion, parse
from .cards import cards_of_hits
from .finding import facets_asked, found

PATH = "/search"
SUGGESTIONS = 8
LONGEST_PREFIX = 100
RESULTS = "found"  # the element that holds results, which htmx asks for alone


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    resource = request.GET.get("resource", "")
    if resource.isascii() and resource.isdecimal():  # where Learn's drawer was opened on a resource
        return HttpResponseRedirect(f"/resources/{resource[:18]}")
    return answered(request, "learn/search.html", PATH, {"canonical": f"{settings.CONFIG.base_url}{PATH}"})


def answered(
    request: HttpRequest, template: str, path: str, context: dict[str, Any], pinned: Mapping[str, tuple[str, ...]] | None = None
) -> HttpResponse:
    """A page with the results that its address asks for, or only these when htmx asks."""
    told, status = _answer(request, path, pinned or {})
    part = status == 200 and request.headers.get("HX-Target") == RESULTS
    response = render(request, "learn/found.html" if part else template, {**context, **told}, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _answer(request: HttpRequest, path: str, pinned: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, Any], int]:
    """What the template needs, and the status: bad questions and a missing index are states of the page."""
    try:
        asked = parse(path, request.GET.lists(), pinned)
    except BadQuestion as bad:
        return {"problem": bad.message, "asked": Asked(path), "instead": _without(request, path, bad.parameter)}, bad.status
    try:
        results = discovery.search(asked.search(facets_asked(asked)))
        elsewhere = _without_filters(asked) if asked.filters and not results.total else 0
    except NotIndexedYet as missing:
        return {"problem": "The catalogue cannot be searched just now.", "asked": asked, "unindexed": True}, missing.status
    told = {
        "asked": asked,
        "found": found(asked, results, queries.names()),
        "cards": cards_of_hits(results.hits, clock.now()),
        "elsewhere": elsewhere,
        "unfiltered": asked.without_filters().address,
    }
    return told, 200


def _without_filters(asked: Asked) -> int:
    """How many results there are when all filters are taken away."""
    return discovery.search(replace(asked.without_filters().search([]), limit=0, highlight=False)).total


def _without(request: HttpRequest, path: str, parameter: str) -> str:
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name != parameter and not name.startswith(IGNORED)]
    return f"{path}?{urlencode(kept)}" if kept else path


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """The options of the search field's list, as HTML."""
    try:
        suggested = discovery.suggest(request.GET.get("q", "")[:LONGEST_PREFIX].replace("\x00", ""), SUGGESTIONS)
    except NotIndexedYet:
        suggested = []
    return render(request, "learn/suggestions.html", {"suggestions": suggested})
