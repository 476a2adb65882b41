"""The page of a channel: what it is about, what it features, and the search within it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from corridor.kit import clock
from corridor.learn.catalog import queries as catalog
from corridor.learn.catalog.vocabulary import ChannelType
from corridor.learn.channels.errors import ChannelNotFound
from corridor.learn.channels.models import Channel
from corridor.web.linked_data import breadcrumbs, graph

from . import linked_data, queries
from .asked import pinned
from .cards import PLAIN_TONE, Card, cards
from .linked_data import Part
from .search import answered

FEATURED = 3
LISTS = {ChannelType.TOPIC: "Topics", ChannelType.DEPARTMENT: "Departments", ChannelType.UNIT: "Units"}


@require_safe
def channel(request: HttpRequest, channel_type: str, name: str) -> HttpResponse:
    found = queries.channel(channel_type, name)
    if not found:
        raise ChannelNotFound(f"{channel_type} “{name}”")
    path, trail = found.get_absolute_url(), _trail(found)
    address = f"{settings.CONFIG.base_url}{path}"
    context = {
        "channel": found,
        "heading": found.configuration.get("heading") or found.configuration.get("sub_heading") or "",
        "trail": trail,
        "canonical": address,
        "tone": (found.topic.icon if found.topic else "") or PLAIN_TONE,
        "related": queries.subtopics(found.topic) if found.topic else [],
        "details": _details(found),
        "featured": _featured(found, clock.now()) if not request.GET else [],
        "linked_data": graph(
            [
                {"@type": "CollectionPage", "url": address, "name": found.title},
                breadcrumbs([Part(part.name, linked_data.absolute(settings.CONFIG.base_url, part.address)) for part in trail]),
            ]
        ),
    }
    return answered(request, "learn/channel.html", path, context, pinned(found.search_filter))


def _trail(channel: Channel) -> list[Part]:
    kind = ChannelType(channel.channel_type)
    lists = [Part(LISTS[kind], f"/{LISTS[kind].lower()}")] if kind in LISTS else []
    above = channel.topic.parent if channel.topic else None
    parents = [Part(above.name, above.channel.get_absolute_url())] if above and hasattr(above, "channel") else []
    return [Part("Home", "/"), *lists, *parents]


def _details(channel: Channel) -> list[tuple[str, str]]:
    """What a unit says of its offers."""
    unit = channel.unit
    if not unit:
        return []
    lines: list[tuple[str, Any]] = [
        ("Offers", unit.offerings),
        ("For", unit.audience),
        ("Formats", unit.formats),
        ("Certificates", unit.certifications),
        ("Fees", unit.fee),
    ]
    return [(name, ", ".join(values)) for name, values in lines if values]


def _featured(channel: Channel, now: datetime) -> list[Card]:
    if not channel.featured_list_id or not channel.featured_list or not channel.featured_list.published:
        return []
    return cards([item.body for item in catalog.items(channel.featured_list_id, limit=FEATURED).items], now)
