"""Podcasts and their episodes as records (pure)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from corridor.learn.catalog.vocabulary import RelationType, ResourceType
from corridor.learn.ingest.cleaning import absolute_url
from corridor.learn.ingest.parsing.addresses import picture
from corridor.learn.ingest.parsing.languages import language
from corridor.learn.ingest.parsing.play_time import iso_play_time
from corridor.learn.ingest.records import ChildRecord, ResourceRecord
from corridor.learn.ingest.source import RawRecord, Rejected, Skip
from corridor.learn.ingest.wire import YEARS, moment

from .payloads import Channel, Config, Episode, Podcast

# The files name units as people do. Units that are none of ours offer podcasts too, and are left unnamed.
UNITS = {
    "ocw": "ocw", "mit opencourseware": "ocw", "mitx": "mitx", "xpro": "xpro", "mit xpro": "xpro", "bootcamps": "bootcamps",
    "sloan executive education": "see", "professional education": "mitpe", "mit climate": "climate",
}  # fmt: skip
LONGEST_ID = 512
LEAST_UNIQUE = 16  # characters of a guid that is believed to be no other feed's


def to_record(raw: RawRecord) -> ResourceRecord:
    if raw.kind == "podcast":
        return podcast_record(raw.key, Podcast.model_validate(raw.data))
    if raw.kind == "episode":
        return episode_record(raw.key, Episode.model_validate(raw.data))
    raise Rejected("neither a podcast nor an episode")


def podcast_record(key: str, podcast: Podcast) -> ResourceRecord:
    config, channel = podcast.config, podcast.channel
    if not podcast.episodes:
        raise Skip("a feed without audio is no podcast")
    return ResourceRecord(
        key=key,
        readable_id=podcast.id,
        resource_type=ResourceType.PODCAST,
        title=config.title or channel.title,
        description=channel.description,
        url=config.website or channel.link,
        last_modified=date(podcast.newest),
        details={
            "rss_url": web(podcast.address),
            "apple_podcasts_url": web(config.apple_podcasts_url),
            "google_podcasts_url": web(config.google_podcasts_url),
        },
        children=tuple(
            ChildRecord(readable_id=id, resource_type=ResourceType.PODCAST_EPISODE, relation_type=RelationType.PODCAST_EPISODES)
            for id in podcast.episodes
        ),
        **shared_fields(config, channel, channel.image),
    )


def episode_record(key: str, episode: Episode) -> ResourceRecord:
    item = episode.item
    if not item.audio:
        raise Skip("an entry without audio")
    return ResourceRecord(
        key=key,
        readable_id=episode.id,
        resource_type=ResourceType.PODCAST_EPISODE,
        title=item.title,
        description=item.description,
        full_description=item.full_description,
        url=web(item.link) or item.audio,
        last_modified=date(item.date),
        duration=iso_play_time(item.duration),
        details={"audio_url": web(item.audio), "episode_link": web(item.link), "duration": iso_play_time(item.duration)},
        **shared_fields(episode.config, episode.channel, item.image or episode.channel.image),
    )


def shared_fields(config: Config, channel: Channel, image: str) -> dict[str, Any]:
    """What a podcast and its episodes have alike."""
    code = language(channel.language)
    return {
        "platform": "podcast",
        "offered_by": UNITS.get(" ".join(config.offered_by.split()).casefold(), ""),
        "topics": tuple(topics(config.topics)),
        "languages": (code,) if code else (),
        "image": picture("", image, config.title or channel.title),
    }


def topics(words: Iterable[str]) -> Iterator[str]:
    """Names of topics that a list with commas may hold: its parts, and neighbours together, since names have commas too."""
    parts = [word for word in words if word]
    yield from parts
    yield from (f"{first}, {second}" for first, second in pairwise(parts))


def web(address: str) -> str | None:
    return absolute_url(address)[:2048] or None


def date(text: str) -> datetime | None:
    """The moment that a feed's date names, in mail's format or ISO's; None for what is none."""
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        try:
            return moment(text)
        except ValueError:
            return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)) if read.year in YEARS else None


def podcast_id(address: str, channel: Mapping[str, Any]) -> str:
    """A feed's address without scheme; of one read from a file the address that it gives itself, its site or its name."""
    named = next((place for place in (address, channel.get("self"), channel.get("link")) if place and web(str(place))), "")
    parts = urlsplit(str(named))  # web addresses can be split
    bare = f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "") if parts.netloc else address.rpartition("/")[2]
    return short(bare)


def episode_ids(podcast: str, items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of a feed's items: its guid, or where that is missing or not its alone the file, else the link. "" for a repeated item."""
    items = list(items)
    guids = Counter(item["guid"] for item in items)
    seen: set[str] = set()
    ids: list[str] = []
    for item in items:
        guid = item["guid"]
        own = item["audio"] or item["link"] if not guid or guids[guid] > 1 else guid if is_unique(guid) else f"{podcast}#{guid}"
        id = short(own)
        ids.append("" if id in seen else id)
        seen.add(id)
    return ids


def is_unique(guid: str) -> bool:
    return len(guid) >= LEAST_UNIQUE or "://" in guid


def short(id: str) -> str:
    id = " ".join(id.split())
    return id if len(id) <= LONGEST_ID else f"{id[:400]}~{blake2b(id.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
