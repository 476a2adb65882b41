"""Reads of the catalogue, each a constant number of queries. Bodies come as they were rendered, ready to be sent.

`staff` readers see what is not published, too.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Case, F, JSONField, QuerySet, When
from django.db.models.functions import Lower

from corridor.learn.channels.queries import addresses

from . import loading, shapes
from .display import DEEPEST, PARTS, Told, display_info
from .errors import ResourceNotFound
from .facts import Json
from .models import ContentTag, Department, LearningResource, Offeror, Platform, Relationship, ResourceDocument, School, Topic, TopicMapping
from .rendering import clipped
from .topics import TopicLookup, folded
from .vocabulary import ResourceType


def topic_lookup() -> TopicLookup:
    """The topic tree and all mappings, for TopicLookup.topics. Two queries."""
    topics = list(Topic.objects.values_list("id", "name", "parent"))
    mapped: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for topic, offeror, word in TopicMapping.objects.values_list("topic", "offeror", "topic_name"):
        mapped[offeror, folded(word)].add(topic)
    return TopicLookup(
        by_name={folded(name): id for id, name, _ in topics},
        mapped={key: frozenset(ids) for key, ids in mapped.items()},
        parents={id: parent for id, _, parent in topics if parent},
    )


# --- documents


def readable(*, staff: bool) -> QuerySet[ResourceDocument]:
    """Documents that a reader may see."""
    return ResourceDocument.objects.all() if staff else ResourceDocument.objects.filter(published=True)


def detail(resource_id: int, *, resource_type: str = "", staff: bool = False) -> bytes:
    """The body of one resource (of one type), an episode's long texts included. One query. Raises ResourceNotFound."""
    return _detail(_of_type(readable(staff=staff), resource_type).filter(pk=resource_id), resource_id)


def detail_by_name(readable_id: str, platform: str, *, resource_type: str = "", staff: bool = False) -> bytes:
    """Likewise, by the id that its platform gave it; one such id may stand for things of several types."""
    named = readable(staff=staff).filter(resource__readable_id=readable_id, resource__platform=platform)
    return _detail(_of_type(named, resource_type), f"{readable_id} on {platform}")


def _of_type(documents: QuerySet[ResourceDocument], resource_type: str) -> QuerySet[ResourceDocument]:
    return documents.filter(resource__resource_type=resource_type) if resource_type else documents


def _detail(documents: QuerySet[ResourceDocument], name: object) -> bytes:
    long_texts = Case(When(resource__resource_type=ResourceType.PODCAST_EPISODE, then=F("resource__details")), output_field=JSONField())
    found = documents.order_by("-published", "pk").values_list("body", long_texts).first()
    if not found:
        raise ResourceNotFound(name)
    body, details = bytes(found[0]), found[1]
    return _with_long_texts(body, details) if details else body


def _with_long_texts(body: bytes, details: Json) -> bytes:
    whole = orjson.loads(body)
    whole["podcast_episode"] |= {"transcript": details.get("transcript") or "", "rss": details.get("rss")}
    return orjson.dumps(whole)


def bodies(ids: Sequence[int], *, staff: bool = False) -> dict[int, bytes]:
    """Bodies by id, in the order asked for; those that the reader may not see are left out. One query."""
    found = dict(readable(staff=staff).filter(loading.among("pk", ids)).values_list("pk", "body"))
    return {id: bytes(found[id]) for id in ids if id in found}


# --- items


@dataclass(frozen=True)
class Item:
    """A part of a resource with its place and its body."""

    id: int
    parent: int
    child: int
    position: int
    relation_type: str
    body: bytes


@dataclass(frozen=True)
class Items:
    count: int
    items: list[Item]


def items(parent_id: int, *, limit: int, offset: int = 0, resource_type: str = "", staff: bool = False) -> Items:
    """The parts of a resource (of one type): by position, of equal ones the last modified first. Three queries. Raises ResourceNotFound."""
    parts = _parts_of(parent_id, resource_type, staff=staff)
    page = parts.order_by("position", F("child__last_modified").desc(nulls_last=True), "id")[offset : offset + limit]
    return Items(parts.count(), [_item(row) for row in page.values_list(*ITEM)])


def item(parent_id: int, item_id: int, *, resource_type: str = "", staff: bool = False) -> Item:
    """Raises ResourceNotFound."""
    if row := _parts_of(parent_id, resource_type, staff=staff).filter(pk=item_id).values_list(*ITEM).first():
        return _item(row)
    raise ResourceNotFound(f"{item_id} in {parent_id}")


ITEM = ("id", "parent", "child", "position", "relation_type", "child__document__body")


def _item(row: tuple[Any, ...]) -> Item:
    id, parent, child, position, relation_type, body = row
    return Item(id, parent, child, position, relation_type, bytes(body))


def check_readable(resource_id: int, *, resource_type: str = "", staff: bool = False) -> None:
    """Raises ResourceNotFound where there is no such resource (of one type) for this reader. One query."""
    if not _of_type(readable(staff=staff), resource_type).filter(pk=resource_id).exists():
        raise ResourceNotFound(resource_id)


def _parts_of(parent_id: int, resource_type: str, *, staff: bool) -> QuerySet[Relationship]:
    check_readable(parent_id, resource_type=resource_type, staff=staff)
    parts = Relationship.objects.filter(parent=parent_id, child__document__isnull=False)
    return parts if staff else parts.filter(child__document__published=True)


# --- featured

FEATURED = """
    SELECT item.child_id, item.position, row_number() OVER (PARTITION BY channel.id ORDER BY item.position, item.id) AS rank
    FROM learn_channel channel
    JOIN learn_learningresource path ON path.id = channel.featured_list_id AND path.published
    JOIN learn_relationship item ON item.parent_id = path.id AND item.relation_type = 'LEARNING_PATH_ITEMS'
    JOIN learn_resourcedocument document ON document.resource_id = item.child_id AND document.published
    WHERE channel.channel_type = 'unit' AND channel.published AND (channel.unit_id = ANY(%(units)s) OR %(units)s = '{}')
    ORDER BY rank, channel.unit_id
"""


def featured(units: Collection[str] = ()) -> list[tuple[int, int]]:
    """Published resources in the units' featured lists, (id, position in its list): the first of each unit, then the second of each, …

    A resource that several units feature comes once, at its best place. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(FEATURED, {"units": list(units)})
        places: dict[int, int] = {}
        for id, position, _ in cursor.fetchall():
            places.setdefault(id, position)
    return list(places.items())


# --- summaries


@dataclass(frozen=True)
class Summaries:
    count: int
    rows: list[Json]


def summaries(resources: QuerySet[LearningResource] | None = None, *, limit: int, offset: int = 0) -> Summaries:
    """What sitemaps need of published resources, by id: of all, or of some. Two queries."""
    published = (LearningResource.objects.all() if resources is None else resources).filter(document__published=True)
    page = published.order_by("id").values_list(*SUMMARY)[offset : offset + limit]
    return Summaries(published.count(), [_summary(*row) for row in page])


SUMMARY = ("id", "last_modified", "url", "title", "resource_type", "document__search__canonical_parent_ids")


def _summary(id: int, last_modified: datetime | None, url: str, title: str, resource_type: str, parents: list[int]) -> Json:
    return {
        "id": id,
        "last_modified": last_modified,
        "url": url or None,
        "title": clipped(title),
        "resource_type": resource_type,
        "canonical_parent_ids": parents,
    }


# --- display


def display_infos(ids: Sequence[int], *, now: datetime, staff: bool = False) -> list[Json]:
    """Display payloads in the order asked for. One query, and one for each level of programs."""
    level = wanted = _told(ids, staff=staff)
    parts: dict[int, Told] = {}
    for _ in range(DEEPEST):
        children = {child["child"] for told in level.values() for child in told.children if child["relation_type"] in PARTS}
        level = _told(sorted(children - parts.keys()), staff=False)
        parts |= level
    return [display_info(wanted[id], parts, now) for id in ids if id in wanted]


def _told(ids: Sequence[int], *, staff: bool) -> dict[int, Told]:
    rows = readable(staff=staff).filter(loading.among("pk", ids)).values_list("pk", "body", "search__children")
    return {id: Told(orjson.loads(bytes(body)), children) for id, body, children in rows}


# --- reference data


def topics(*, names: Collection[str] = (), parents: Collection[int] = (), is_toplevel: bool | None = None) -> list[Json]:
    """Topics that have an open channel, by name: all, those of some names, those below some topics. Two queries."""
    rows = Topic.objects.filter(channel__published=True)
    if names:
        rows = rows.alias(folded=Lower("name")).filter(folded__in=[name.lower() for name in names])
    if parents:
        rows = rows.filter(loading.among("parent", parents))
    if is_toplevel is not None:
        rows = rows.filter(parent__isnull=is_toplevel)
    channel_url = addresses().topics
    return [shapes.topic(topic, channel_url.get(topic.id)) for topic in rows.order_by("name")]


def departments() -> list[Json]:
    """All departments, by id. Two queries."""
    channel_url = addresses().departments
    rows = Department.objects.select_related("school").order_by("department_id")
    return [shapes.department(row, channel_url.get(row.pk)) for row in rows]


def schools() -> list[Json]:
    """Schools with their departments, by id. Three queries."""
    channel_url = addresses().departments
    of_school: defaultdict[int | None, list[Json]] = defaultdict(list)
    for row in Department.objects.order_by("department_id"):
        of_school[row.school_id].append(shapes.department_of_school(row, channel_url.get(row.pk)))
    rows = School.objects.order_by("id")
    return [{"id": school.id, "name": school.name, "url": school.url, "departments": of_school[school.id]} for school in rows]


def platforms() -> list[Json]:
    """One query."""
    return [shapes.platform(row) for row in Platform.objects.order_by("code")]


def offerors() -> list[Json]:
    """Two queries."""
    channel_url = addresses().units
    return [shapes.offeror_detail(row, channel_url.get(row.code)) for row in Offeror.objects.order_by("code")]


def course_features() -> list[Json]:
    """One query."""
    return [{"id": id, "name": name} for id, name in ContentTag.objects.order_by("name").values_list("id", "name")]
