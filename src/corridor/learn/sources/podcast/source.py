import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from corridor.learn.ingest.listing import is_web, next_page
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import Fetcher, FetchFailed, Gap, RawRecord

from .feed import FeedRefused, parse
from .mapping import episode_ids, podcast_id, to_record
from .payloads import Config

PUBLISHED = "https://api.github.com/repos/mitodl/open-podcast-data/contents/podcasts?ref=master"
MOST_PAGES = 50
MOST_BYTES = 64 << 20
FEEDS = (".rss", ".rss.gz", ".xml", ".xml.gz", ".atom")
CONFIGS = (".yaml", ".yml")


@dataclass
class Podcasts:
    """Feeds that YAML files name. The files lie in a folder, below an S3 prefix or in a GitHub repository.

    In a folder without such files every feed is a podcast. What a feed that cannot be read was known for stays.
    """

    code: str = "podcast"
    name: str = "Podcasts"
    mapping_revision: int | str = 1
    schedule: str = "0 6,23 * * *"
    precedence: int = 50
    complete: bool = True
    reference_set: str = "mit"
    address: str = PUBLISHED

    def fetch(self, fetcher: Fetcher) -> Iterator[RawRecord | Gap]:
        found = 0
        for place in configs(fetcher, self.address or PUBLISHED):
            try:
                for config in read_configs(fetcher, place):
                    found += 1
                    yield from read_feed(fetcher, config, feed_address(place, config.rss_url))
            except (FetchFailed, ValueError) as error:
                yield Gap("", f"{place}: {reason(error)}")
        if not found:
            raise FetchFailed(f"no podcast is named at {self.address}")

    def map(self, raw: RawRecord) -> ResourceRecord:
        return to_record(raw)


def reason(error: Exception) -> str:
    first = error.errors()[0] if isinstance(error, ValidationError) else None
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error).partition("\n")[0]


def configs(fetcher: Fetcher, place: str) -> list[str]:
    """Addresses of the YAML files, or of feeds where there are none."""
    if is_web(place) and not place.partition("?")[0].endswith(CONFIGS + FEEDS):
        listed = fetcher.json(place)
        files = listed if isinstance(listed, list) else []
        found = [str(file.get("download_url") or "") for file in files if isinstance(file, dict)]
        return [address for address in found if address.partition("?")[0].endswith(CONFIGS)]
    found = [place] if is_web(place) else [*fetcher.list(place)]
    return [each for each in found if each.endswith(CONFIGS)] or [each for each in found if each.endswith(FEEDS)]


def read_configs(fetcher: Fetcher, place: str) -> list[Config]:
    """The podcasts that a file names; a feed names itself. Raises ValueError for what is no such file."""
    if place.endswith(FEEDS):
        return [Config(rss_url=posixpath.basename(place))]
    try:
        document = yaml.safe_load(fetcher.bytes(place))
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"no YAML: {reason(error)}") from error
    return [Config.model_validate(entry) for entry in (document if isinstance(document, list) else [document])]


def feed_address(place: str, rss_url: str) -> str:
    """Where a feed lies: on the web, or beside the file that names it in a folder. Raises ValueError for anywhere else."""
    if is_web(rss_url):
        return rss_url
    if is_web(place) or rss_url.startswith("/") or ":" in rss_url or ".." in rss_url.split("/"):
        raise ValueError(f"rss_url {rss_url[:80]!r} is no web address")
    return posixpath.join(posixpath.dirname(place), rss_url)


def read_feed(fetcher: Fetcher, config: Config, address: str) -> Iterator[RawRecord | Gap]:
    """The podcast and its episodes, from all pages of the feed."""
    known = podcast_id(address, {}) if is_web(address) else ""
    try:
        channel = parse(feed_bytes(fetcher, address))
    except (FetchFailed, FeedRefused) as error:
        yield Gap(f"{known}#" if known else "", f"{address}: {error}")
        return
    id = podcast_id(address, channel)
    items, missing = [*channel["items"]], ""
    if is_web(address):
        more, missing = further_items(fetcher, address, channel["next"])
        items += more
    yield from records(id, address, config, channel, items)
    if missing:
        yield Gap(f"{id}#", missing)


def feed_bytes(fetcher: Fetcher, address: str) -> bytes:
    with fetcher.open(address) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FeedRefused(f"larger than {MOST_BYTES >> 20} MB")
    return data


def further_items(fetcher: Fetcher, address: str, following: str) -> tuple[list[dict[str, Any]], str]:
    """Items of the pages after the first, and why some may be missing."""
    items: list[dict[str, Any]] = []
    seen = {address}
    try:
        while following:
            page = next_page(address, following)
            if page in seen or len(seen) >= MOST_PAGES:
                break
            seen.add(page)
            channel = parse(feed_bytes(fetcher, page))
            items, following = items + channel["items"], channel["next"] if channel["items"] else ""
    except (FetchFailed, FeedRefused) as error:
        return items, f"a further page of {address}: {error}"
    return items, ""


def records(id: str, address: str, config: Config, channel: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[RawRecord]:
    named = config.model_dump(mode="json")
    told = {field: channel[field] for field in ("title", "link", "description", "language", "image")}
    episodes = [(episode, item) for episode, item in zip(episode_ids(id, items), items, strict=True) if episode]
    heard = [(episode, item) for episode, item in episodes if item["audio"]]
    data = {"id": id, "address": address, "config": named, "channel": told, "episodes": [episode for episode, _ in heard]}
    yield RawRecord(f"{id}#", "podcast", {**data, "newest": heard[0][1]["date"] if heard else ""})
    told = {**told, "description": "", "link": ""}  # an episode takes over no more
    for episode, item in episodes:
        yield RawRecord(f"{id}#{episode}", "episode", {"id": episode, "config": named, "channel": told, "item": item})
