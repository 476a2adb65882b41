"""Channels."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from corridor.learn.catalog.vocabulary import ChannelType

from .fields import Anything, Shape, address, choice, maybe_address, maybe_number, maybe_text, number, text
from .reference import LearningResourceOfferorDetail


class LearningPathPreview(Shape):
    id = number()
    title = text(256)
    url = maybe_address()


class SubChannel(Shape):
    parent_channel = text()
    channel = text()
    position = number()


class ChannelHeading(Shape):
    id = number()
    name = serializers.SlugField(max_length=100)
    title = text(100)
    channel_url = address()
    search_filter = text(2048)
    created_on = serializers.DateTimeField()
    updated_on = serializers.DateTimeField()


class BaseChannel(ChannelHeading):
    avatar = maybe_text()
    avatar_small = maybe_text()
    avatar_medium = maybe_text()
    banner = maybe_text()
    lists = LearningPathPreview(many=True)
    featured_list = LearningPathPreview(allow_null=True)
    sub_channels = SubChannel(many=True)
    about = Anything(allow_null=True)
    configuration = Anything()
    public_description = text()
    ga_tracking_id = text(24)
    widget_list = maybe_number()


class ChannelTopicDetail(Shape):
    topic = maybe_number()


class TopicChannel(BaseChannel):
    channel_type = choice([("topic", "Topic")])
    topic_detail = ChannelTopicDetail()


class ChannelDepartmentDetail(Shape):
    department = maybe_text()


class DepartmentChannel(BaseChannel):
    channel_type = choice([("department", "Department")])
    department_detail = ChannelDepartmentDetail()


class ChannelUnitDetail(Shape):
    unit = LearningResourceOfferorDetail()


class UnitChannel(BaseChannel):
    channel_type = choice([("unit", "Unit")])
    unit_detail = ChannelUnitDetail()


class PathwayChannel(BaseChannel):
    channel_type = choice([("pathway", "Pathway")])


CHANNELS: dict[str, serializers.Serializer[Any] | type[serializers.Serializer[Any]]] = {
    "topic": TopicChannel,
    "department": DepartmentChannel,
    "unit": UnitChannel,
    "pathway": PathwayChannel,
}


# A channel of any type, told apart by `channel_type`.
CHANNEL = PolymorphicProxySerializer(component_name="Channel", serializers=CHANNELS, resource_type_field_name="channel_type")


class Counts(Shape):
    courses = number()
    programs = number()


class ChannelCounts(ChannelHeading):
    channel_type = choice(ChannelType.choices)
    counts = Counts()
