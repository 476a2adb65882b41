"""What staff do to channels."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.db import transaction
from django.db.models import Q

from corridor.learn.catalog.documents import publish
from corridor.learn.catalog.models import LearningResource, Relationship
from corridor.learn.catalog.vocabulary import ResourceType

from .errors import ChannelInvalid, ChannelNotFound
from .models import Channel
from .rules import checked_about, checked_configuration

EDITABLE = ("title", "public_description", "search_filter", "configuration", "about", "featured_list_id", "published")

LONGEST = {"title": 100, "search_filter": 2048, "public_description": 20_000}


def edit_channel(channel_id: int, changes: Mapping[str, Any]) -> Channel:
    """Change fields of a channel; documents that name its address or its featured list follow.

    Topics' channels are open exactly while they have a published resource, so `published` is for the others.
    Raises ChannelNotFound or ChannelInvalid.
    """
    with transaction.atomic():
        channel = Channel.objects.select_for_update().filter(pk=channel_id).first()
        if not channel:
            raise ChannelNotFound(channel_id)
        told_before = _told(channel, changes)
        for field, value in changes.items():
            setattr(channel, field, _checked(channel, field, value))
        channel.save()
        publish(told_before | _told(channel, changes))
    return channel


def _checked(channel: Channel, field: str, value: Any) -> Any:
    if field not in EDITABLE or (field == "published" and channel.topic_id):
        raise ChannelInvalid(field, "cannot be changed")
    if field == "configuration":
        return checked_configuration(value)
    if field == "about":
        return checked_about(value)
    if field == "featured_list_id":
        return _checked_list(value)
    if not isinstance(value, bool if field == "published" else str):
        raise ChannelInvalid(field, "has the wrong type")
    return _checked_text(field, value) if isinstance(value, str) else value


def _checked_list(value: Any) -> int | None:
    paths = LearningResource.objects.filter(resource_type=ResourceType.LEARNING_PATH)
    if value is not None and not (isinstance(value, int) and paths.filter(pk=value).exists()):
        raise ChannelInvalid("featured_list_id", "is no learning path")
    return value


def _checked_text(field: str, value: str) -> str:
    if len(value) > LONGEST[field]:
        raise ChannelInvalid(field, f"is longer than {LONGEST[field]} characters")
    if field == "title" and not value.strip():
        raise ChannelInvalid(field, "must not be blank")
    if field == "search_filter" and value and not parse_qsl(value):
        raise ChannelInvalid(field, "must be a query string, such as topic=Physics")
    return value


def _told(channel: Channel, changes: Mapping[str, Any]) -> set[int]:
    """Resources whose documents tell what changes."""
    told: set[int] = set()
    if changes.keys() & {"featured_list_id", "published"}:
        told |= set(Relationship.objects.filter(parent=channel.featured_list_id).values_list("child", flat=True))
    if "published" in changes:
        about = Q(offered_by=channel.unit_id, offered_by__isnull=False) | Q(departments=channel.department_id, departments__isnull=False)
        told |= set(LearningResource.objects.filter(about).values_list("id", flat=True))
    return told
