"""Channels: the landing pages of topics, departments and units."""

from typing import Any, ClassVar

from django.http import HttpRequest

from corridor.kit.api.paging import Page, paging
from corridor.kit.api.parameters import Asked, Choice
from corridor.kit.api.views import Reading
from corridor.learn.catalog.vocabulary import ChannelType
from corridor.learn.channels import queries
from corridor.learn.channels.errors import ChannelNotFound

from .shapes.channels import CHANNEL, ChannelCounts


class ChannelList(Reading):
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = (*paging(), Choice(name="channel_type", choices=dict(ChannelType.choices), help="The type of channel."))
    shape: Any = CHANNEL

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        found = queries.channels(asked["channel_type"] or "")
        page = found[asked["offset"] : asked["offset"] + asked["limit"]]
        return Page(found.count(), [queries.shape(each) for each in page])


class ChannelDetail(Reading):
    shape: Any = CHANNEL

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return queries.shape(queries.channel(path["id"]))


class ChannelByName(Reading):
    shape: Any = CHANNEL

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return queries.shape(queries.channel_by_name(path["channel_type"], path["name"]))


class ChannelCountList(Reading):
    """Channels of a type with the numbers of courses and programs in each."""

    rows: ClassVar[bool] = True
    shape: Any = ChannelCounts

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        if path["channel_type"] not in ChannelType.values:
            raise ChannelNotFound(f"of the type {path['channel_type']}")
        return queries.counts(path["channel_type"])
