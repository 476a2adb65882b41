"""Reads that only pages need, each a constant number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from corridor.learn.catalog.facts import Json
from corridor.learn.catalog.models import Department, LearningResource, Offeror, Platform, Relationship, ResourceDocument, Topic
from corridor.learn.catalog.vocabulary import ResourceType
from corridor.learn.channels.models import Channel
from corridor.learn.channels.queries import readable as readable_channels
from corridor.learn.content.models import ContentFile

from .addresses import resource_path
from .errors import ContentNotFound

NEWS = (ResourceType.COURSE, ResourceType.PROGRAM, ResourceType.PODCAST, ResourceType.VIDEO_PLAYLIST, ResourceType.DOCUMENT)
MOST_FILES = 300


def names() -> dict[str, Mapping[str, str]]:
    """What the codes of units, platforms and departments stand for. Three queries."""
    return {
        "offered_by": dict(Offeror.objects.values_list("code", "name")),
        "platform": dict(Platform.objects.values_list("code", "name")),
        "department": dict(Department.objects.values_list("department_id", "name")),
    }


def numbers() -> dict[str, int]:
    """How many resources of each type there are. One query."""
    rows = ResourceDocument.objects.filter(published=True).values_list("resource__resource_type").annotate(number=Count("pk"))
    return dict(rows.order_by())


def newest(limit: int) -> list[bytes]:
    """Bodies of what came last, the types in turn. One query."""
    turn = Window(RowNumber(), partition_by="resource__resource_type", order_by=(F("resource__created_on").desc(), F("pk").desc()))
    rows = ResourceDocument.objects.filter(published=True, resource__resource_type__in=NEWS).annotate(turn=turn)
    return [bytes(body) for body in rows.order_by("turn", "-resource__created_on", "-pk").values_list("body", flat=True)[:limit]]


def latest(limit: int, topic: Topic | None = None) -> list[bytes]:
    """Bodies of what came last, of all or of a topic. One query."""
    rows = ResourceDocument.objects.filter(published=True)
    if topic:
        rows = rows.filter(resource__topics=topic)
    return [bytes(body) for body in rows.order_by("-resource__created_on", "-pk").values_list("body", flat=True)[:limit]]


def starting(now: datetime, limit: int) -> list[bytes]:
    """Bodies of what starts next. One query."""
    rows = ResourceDocument.objects.filter(published=True, next_start_date__gt=now)
    return [bytes(body) for body in rows.order_by("next_start_date", "pk").values_list("body", flat=True)[:limit]]


# --- around a resource


@dataclass(frozen=True)
class Whole:
    """A resource that another is a part of."""

    title: str
    resource_type: str
    path: str


def wholes(resource_id: int) -> list[Whole]:
    """One query."""
    rows = Relationship.objects.filter(child=resource_id, parent__document__published=True)
    found = rows.order_by("relation_type", "parent__title").values_list("parent", "parent__title", "parent__resource_type").distinct()
    return [Whole(title, resource_type, resource_path(id, title)) for id, title, resource_type in found]


def content_files(resource_id: int, best_run_id: int | None) -> list[ContentFile]:
    """Pages and files that can be read: of the best run, and those that belong to no run; without their text. One query."""
    return list(_readable_files(resource_id).filter(_of_run(best_run_id)).only("id", "title", "key", "content_type")[:MOST_FILES])


def content_file(resource_id: int, file_id: int) -> ContentFile:
    """Raises ContentNotFound. One query."""
    if found := _readable_files(resource_id).filter(pk=file_id).first():
        return found
    raise ContentNotFound(file_id)


def _readable_files(resource_id: int) -> QuerySet[ContentFile]:
    published = ContentFile.objects.filter(published=True, resource__document__published=True, resource__test_mode=False)
    return published.filter(resource=resource_id).exclude(content="").order_by("id")


def _of_run(best_run_id: int | None) -> Q:
    return Q(run=best_run_id) | Q(run=None) if best_run_id else Q(run=None)


# --- channels


def channel(channel_type: str, name: str) -> Channel | None:
    """An open channel with what its page tells. One query."""
    rows = readable_channels(staff=False).select_related("topic__parent__channel", "department__school")
    return rows.filter(channel_type=channel_type, name=name).first()


def topic_of_channel(name: str) -> Topic | None:
    """One query."""
    return Topic.objects.filter(channel__name=name, channel__published=True).first()


def subtopics(topic: Topic) -> list[Json]:
    """The topics below one, or those beside it when it has none. One query."""
    below = Q(parent=topic.id) if topic.parent_id is None else Q(parent=topic.parent_id) & ~Q(pk=topic.id)
    rows = Topic.objects.filter(below, channel__published=True).order_by("name").values_list("name", "channel__name")
    return [{"name": topic_name, "path": f"/c/topic/{channel_name}/"} for topic_name, channel_name in rows]


def resources_of_sitemap() -> QuerySet[LearningResource]:
    """All that has a page worth finding."""
    return LearningResource.objects.filter(test_mode=False)
