"""What a podcast's YAML file says, and what we read of its feed."""

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from corridor.learn.ingest.wire import Payload


def _words(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


class Config(Payload):
    rss_url: Annotated[str, Field(min_length=1)]
    topics: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    offered_by: str = ""
    title: str = Field(default="", validation_alias=AliasChoices("podcast_title", "title"))
    website: str = ""
    apple_podcasts_url: str = ""
    google_podcasts_url: str = ""


class Channel(Payload):
    title: str = ""
    link: str = ""
    description: str = ""
    language: str = ""
    image: str = ""


class Podcast(Payload):
    id: str
    address: str
    config: Config
    channel: Channel
    episodes: tuple[str, ...] = ()  # readable ids, newest first
    newest: str = ""  # date of the newest


class Item(Payload):
    title: str = ""
    link: str = ""
    description: str = ""
    full_description: str = ""
    date: str = ""
    duration: str = ""
    image: str = ""
    audio: str = ""


class Episode(Payload):
    id: str
    config: Config
    channel: Channel
    item: Item
