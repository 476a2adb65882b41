"""Reads of channels, each a constant number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from corridor.learn.catalog import shapes
from corridor.learn.catalog.vocabulary import ChannelType

from .errors import ChannelNotFound
from .models import Channel

Json = dict[str, Any]


@dataclass(frozen=True)
class Addresses:
    """Addresses of open channels, by what they are about."""

    topics: Mapping[int, str]
    departments: Mapping[str, str]
    units: Mapping[str, str]


def channel_url(channel_type: str, name: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}/c/{channel_type}/{name}/"


def addresses() -> Addresses:
    """One query."""
    topics, departments, units = {}, {}, {}
    rows = Channel.objects.filter(published=True).values_list("channel_type", "name", "topic", "department", "unit")
    for channel_type, name, topic, department, unit in rows:
        url = channel_url(channel_type, name)
        if topic:
            topics[topic] = url
        if department:
            departments[department] = url
        if unit:
            units[unit] = url
    return Addresses(topics, departments, units)


def readable(*, staff: bool) -> QuerySet[Channel]:
    """Channels that a reader may see, with all that their shape tells."""
    rows = Channel.objects.select_related("featured_list", "unit")
    return rows if staff else rows.filter(published=True)


def channels(channel_type: str = "", *, staff: bool = False) -> QuerySet[Channel]:
    """Channels for `shape`, by type and title. One query."""
    rows = readable(staff=staff)
    return rows.filter(channel_type=channel_type) if channel_type else rows


def channel(channel_id: int, *, staff: bool = False) -> Channel:
    """One query. Raises ChannelNotFound."""
    return _only(readable(staff=staff).filter(pk=channel_id), channel_id)


def channel_by_name(channel_type: str, name: str, *, staff: bool = False) -> Channel:
    """One query. Raises ChannelNotFound."""
    return _only(readable(staff=staff).filter(channel_type=channel_type, name=name), f"{channel_type} {name}")


def _only(rows: QuerySet[Channel], name: object) -> Channel:
    if found := rows.first():
        return found
    raise ChannelNotFound(name)


# --- published shapes


def shape(channel: Channel) -> Json:
    """A channel as the API tells it."""
    featured = channel.featured_list
    avatar = channel.avatar.url if channel.avatar else None
    return {
        **_heading(channel),
        "avatar": avatar,
        "avatar_small": avatar,
        "avatar_medium": avatar,
        "banner": channel.banner.url if channel.banner else None,
        "lists": [],
        "featured_list": {"id": featured.id, "title": featured.title, "url": featured.url or None} if featured else None,
        "sub_channels": [],
        "about": channel.about,
        "configuration": channel.configuration,
        "public_description": channel.public_description,
        "ga_tracking_id": "",
        "widget_list": None,
        **_subject(channel),
    }


def _heading(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "title": channel.title,
        "channel_type": channel.channel_type,
        "channel_url": channel_url(channel.channel_type, channel.name),
        "search_filter": channel.search_filter,
        "created_on": channel.created_on,
        "updated_on": channel.updated_on,
    }


def _subject(channel: Channel) -> Json:
    """What a channel is about, under the key of its type."""
    if channel.channel_type == ChannelType.TOPIC:
        return {"topic_detail": {"topic": channel.topic_id}}
    if channel.channel_type == ChannelType.DEPARTMENT:
        return {"department_detail": {"department": channel.department_id}}
    if channel.channel_type == ChannelType.UNIT and channel.unit:
        address = channel_url(channel.channel_type, channel.name) if channel.published else None
        return {"unit_detail": {"unit": shapes.offeror_detail(channel.unit, address)}}
    return {}


# --- counts

GROUP = """
    CASE WHEN lower(resource.resource_category) IN ('course', 'program') THEN lower(resource.resource_category)
    ELSE resource.resource_type END
"""
# For each type: the subject's column of a channel, and (subject, resource) of all resources.
SUBJECTS = {
    ChannelType.TOPIC: ("topic_id", "SELECT topic_id AS subject, learningresource_id AS resource FROM learn_learningresource_topics"),
    ChannelType.DEPARTMENT: (
        "department_id",
        "SELECT department_id AS subject, learningresource_id AS resource FROM learn_learningresource_departments",
    ),
    ChannelType.UNIT: ("unit_id", "SELECT offered_by_id AS subject, id AS resource FROM learn_learningresource"),
}


@dataclass(frozen=True)
class Counts:
    courses: int = 0
    programs: int = 0


def counts(channel_type: str) -> list[Json]:
    """Open channels of a type with the number of published courses and programs in each, as the search counts them. Two queries."""
    numbers = _numbers(channel_type) if channel_type in SUBJECTS else {}
    return [{**_heading(each), "counts": vars(numbers.get(each.id, Counts()))} for each in channels(channel_type)]


def _numbers(channel_type: str) -> dict[int, Counts]:
    column, tagged = SUBJECTS[ChannelType(channel_type)]
    with connection.cursor() as cursor:
        cursor.execute(f"""
            SELECT channel.id, count(*) FILTER (WHERE {GROUP} = 'course'), count(*) FILTER (WHERE {GROUP} = 'program')
            FROM learn_channel channel JOIN ({tagged}) tagged ON tagged.subject = channel.{column}
            JOIN learn_learningresource resource ON resource.id = tagged.resource
            WHERE channel.published AND resource.published AND resource.resource_type IN ('course', 'program')
            GROUP BY channel.id""")  # noqa: S608 the parts are constants
        return {id: Counts(courses, programs) for id, courses, programs in cursor.fetchall()}
