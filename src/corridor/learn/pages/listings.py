"""Lists of what one can browse by: topics, departments, units."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from corridor.learn.catalog import queries as catalog
from corridor.learn.catalog.facts import Json
from corridor.learn.catalog.vocabulary import ChannelType
from corridor.learn.channels import queries as channels

from .addresses import path_of


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    counts = _counts(ChannelType.TOPIC)
    told = [{**topic, "path": path_of(topic["channel_url"]), **counts.get(topic["channel_url"], {})} for topic in catalog.topics()]
    below: defaultdict[int, list[Json]] = defaultdict(list)
    for topic in told:
        if topic["parent"]:
            below[topic["parent"]].append(topic)
    tree = [{**topic, "below": below[topic["id"]]} for topic in told if not topic["parent"]]
    return _listing(request, "topics", {"tree": tree})


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    counts = _counts(ChannelType.DEPARTMENT)
    told = [{**school, "departments": [_counted(each, counts) for each in school["departments"]]} for school in catalog.schools()]
    return _listing(request, "departments", {"schools": [school for school in told if school["departments"]]})


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    counts = _counts(ChannelType.UNIT)
    told = [_counted(unit, counts) for unit in catalog.offerors() if unit["channel_url"]]
    kinds = [("Academic", False), ("Professional", True)]
    return _listing(
        request, "units", {"kinds": [(title, [unit for unit in told if unit["professional"] is kind]) for title, kind in kinds]}
    )


def _listing(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"learn/{name}.html", {**context, "canonical": f"{settings.CONFIG.base_url}/{name}"})


def _counts(channel_type: str) -> dict[str, Json]:
    """Courses and programs, by the address of the channel."""
    return {each["channel_url"]: each["counts"] for each in channels.counts(channel_type)}


def _counted(row: Json, counts: dict[str, Json]) -> Json:
    return {**row, "path": path_of(row["channel_url"]), **counts.get(row["channel_url"], {})}
