"""Channels that follow from what the catalogue holds."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q
from django.utils.text import slugify

from corridor.learn.catalog.models import Department, Offeror, Topic
from corridor.learn.catalog.vocabulary import ChannelType

from .models import Channel

LONGEST = 100

# A topic's channel is open as long as there is something to see in it.
OPEN_OR_CLOSE = """
    WITH wanted AS (
        SELECT channel.id, EXISTS (
            SELECT FROM learn_learningresource_topics tagged JOIN learn_learningresource resource ON resource.id = tagged.learningresource_id
            WHERE tagged.topic_id = channel.topic_id AND resource.published) AS published
        FROM learn_channel channel WHERE channel.topic_id IS NOT NULL)
    UPDATE learn_channel SET published = wanted.published, updated_on = now() FROM wanted
    WHERE learn_channel.id = wanted.id AND learn_channel.published <> wanted.published
    RETURNING learn_channel.topic_id, learn_channel.published
"""


@dataclass(frozen=True)
class Synced:
    """What became of channels: how many were made, and what the documents that name their addresses are about."""

    created: int
    opened: frozenset[int]  # topics
    closed: frozenset[int]  # topics
    units: frozenset[str]  # that got a channel
    departments: frozenset[str]  # that got a channel


def sync() -> Synced:
    """Make channels for new topics, units and departments with a school; open topic channels that have a published resource, close others.

    documents.publish calls this before it makes documents, which name the addresses of open channels; nobody else needs to.
    """
    new = [*_of_topics(), *_of_units(), *_of_departments()]
    Channel.objects.bulk_create(new)
    opened, closed = _open_or_close()
    return Synced(
        created=len(new),
        opened=opened,
        closed=closed,
        units=frozenset(channel.unit_id for channel in new if channel.unit_id),
        departments=frozenset(channel.department_id for channel in new if channel.department_id),
    )


def _open_or_close() -> tuple[frozenset[int], frozenset[int]]:
    with connection.cursor() as cursor:
        cursor.execute(OPEN_OR_CLOSE)
        changed = cursor.fetchall()
    return frozenset(topic for topic, is_open in changed if is_open), frozenset(topic for topic, is_open in changed if not is_open)


def _of_topics() -> list[Channel]:
    topics = list(Topic.objects.filter(channel=None).order_by("id"))
    names = _names([_slug(topic.name) for topic in topics], ChannelType.TOPIC)
    return [
        Channel(channel_type=ChannelType.TOPIC, name=name, topic=topic, published=False, **_about(topic))
        for name, topic in zip(names, topics, strict=True)
    ]


def _about(topic: Topic) -> dict[str, str]:
    """What a topic's channel says that follows from the topic's name."""
    return {"title": topic.name[:LONGEST], "search_filter": urlencode({"topic": topic.name})}


def _of_units() -> list[Channel]:
    units = list(Offeror.objects.filter(channel=None).order_by("code"))
    names = _names([unit.code for unit in units], ChannelType.UNIT)
    return [
        Channel(
            channel_type=ChannelType.UNIT,
            name=name,
            title=unit.name[:LONGEST],
            unit=unit,
            search_filter=urlencode({"offered_by": unit.code}),
            configuration={"name": unit.name, "heading": "", "sub_heading": unit.value_prop, "logo": None, "banner_background": None},
        )
        for name, unit in zip(names, units, strict=True)
    ]


def _of_departments() -> list[Channel]:
    departments = list(Department.objects.filter(channel=None, school__isnull=False).order_by("department_id"))
    names = _names([_slug(department.name) for department in departments], ChannelType.DEPARTMENT)
    return [
        Channel(
            channel_type=ChannelType.DEPARTMENT,
            name=name,
            title=department.name[:LONGEST],
            department=department,
            search_filter=urlencode({"department": department.department_id}),
        )
        for name, department in zip(names, departments, strict=True)
    ]


def _slug(name: str) -> str:
    """Of a name in a script that addresses cannot hold, nothing is left."""
    return slugify(name.replace("/", " "))[: LONGEST - 4]


def _names(wanted: list[str], channel_type: ChannelType) -> list[str]:
    """A name in the address for each, as wanted or with a number after it, none of them taken."""
    if not wanted:
        return []
    taken = set(Channel.objects.filter(channel_type=channel_type).values_list("name", flat=True))
    names = []
    for slug in wanted:
        slug = slug or channel_type
        names.append(next(name for name in chain([slug], (f"{slug}-{number}" for number in count(2))) if name not in taken))
        taken.add(names[-1])
    return names


def retitle(topics: Collection[int], units: Collection[str], departments: Collection[str]) -> None:
    """Have the channels of renamed topics, units and departments say the new name. Their addresses stay."""
    channels = list(
        Channel.objects.filter(Q(topic__in=topics) | Q(unit__in=units) | Q(department__in=departments)).select_related(
            "topic", "unit", "department"
        )
    )
    for channel in channels:
        if channel.topic:
            about = _about(channel.topic)
            channel.title, channel.search_filter = about["title"], about["search_filter"]
        elif subject := channel.unit or channel.department:
            channel.title = subject.name[:LONGEST]
    Channel.objects.bulk_update(channels, ["title", "search_filter"])
