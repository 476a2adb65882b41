"""Reading whole listings: pages of an API, or the JSON files of a folder."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from .source import Fetcher, FetchFailed, Gap, RawRecord

MOST_PAGES = 2000
UNKNOWN = "unknown"


@dataclass
class Listing:
    """What a listing gave; `missing` says why something may be absent from it, and is empty when all is there."""

    items: list[Any] = field(default_factory=list)
    missing: str = ""


@dataclass(frozen=True)
class Endpoint:
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


def is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def read(fetcher: Fetcher, endpoint: Endpoint) -> Listing:
    """Every item that an API lists. A failed, cut off or empty listing says so in `missing`, and is never taken for the whole."""
    listing = Listing()
    try:
        for document in _pages(fetcher, endpoint):
            listing.items += rows(document)
            announced = document.get("count") if isinstance(document, dict) else None
            listing.missing = _short(announced, len(listing.items), endpoint.address)
    except FetchFailed as error:
        listing.missing = str(error)
    if not listing.items and not listing.missing:
        listing.missing = f"{endpoint.address} lists nothing"
    return listing


def _short(announced: Any, got: int, address: str) -> str:
    if isinstance(announced, int) and got < announced:
        return f"{address} announced {announced} items and gave {got}"
    return ""


def _pages(fetcher: Fetcher, endpoint: Endpoint) -> Iterator[Any]:
    address, parameters, seen = endpoint.address, dict(endpoint.parameters), {endpoint.address}
    while True:
        document = fetcher.json(address, headers=endpoint.headers, **parameters)
        yield document
        following = document.get("next") if isinstance(document, dict) else None
        if not following:
            return
        address, parameters = next_page(endpoint.address, following), {}
        if address in seen or len(seen) >= MOST_PAGES:
            raise FetchFailed(f"the pages of {endpoint.address} do not end: {address} comes again or is page {len(seen) + 1}")
        seen.add(address)


def next_page(first: str, following: Any) -> str:
    """The address of a next page, which must stay on the host of the first; behind a proxy it may forget the s of https."""
    if not isinstance(following, str):
        raise FetchFailed(f"the next page of {first} is no address: {str(following)[:80]}")
    try:
        address = urljoin(first, following)
        start, there = urlsplit(first), urlsplit(address)
    except ValueError:
        raise FetchFailed(f"the next page of {first} is no address: {following[:80]}") from None
    if there.scheme not in ("http", "https") or there.hostname != start.hostname:
        raise FetchFailed(f"the next page of {first} is on another host: {address[:200]}")
    return there._replace(scheme=start.scheme, netloc=start.netloc).geturl()


def rows(document: Any) -> list[Any]:
    """The items of one answer: a list, a page with `results`, or an object of nothing but lists. None in anything else."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("results"), list):
        return list(document["results"])
    if isinstance(document, dict) and document and all(isinstance(part, list) for part in document.values()):
        return [item for part in document.values() for item in part]
    return []


def gather(fetcher: Fetcher, place: str, endpoints: Mapping[str, Endpoint], kind_of: Callable[[Any], str]) -> dict[str, Listing]:
    """Listings by kind: of the endpoints, or when `place` is a folder, file or S3 prefix, of the JSON files there.

    What is of another kind is listed as UNKNOWN, and then what is known of the source may not be all that it has.
    """
    if not place or is_web(place):
        return {kind: read(fetcher, endpoint) for kind, endpoint in endpoints.items()}
    found = {kind: Listing() for kind in (*endpoints, UNKNOWN)}
    for address in [address for address in fetcher.list(place) if address.endswith((".json", ".json.gz"))]:
        try:
            document = fetcher.json(address)
        except FetchFailed as error:
            for listing in found.values():
                listing.missing = f"{address}: {error}"
        else:
            for item in rows(document) or [document]:
                found[kind if (kind := kind_of(item)) in found else UNKNOWN].items.append(item)
    if unknown := found[UNKNOWN].items:
        found[UNKNOWN].missing = f"{len(unknown)} entries below {place} are of no known kind"
    return found


def key_of(kind: str, item: Any, *fields: str) -> str:
    """A stable key: the kind and the first of the fields that names the item, else a digest of the item."""
    named = (item.get(field) for field in fields) if isinstance(item, dict) else ()
    name = next((str(value) for value in named if isinstance(value, str | int) and value and not isinstance(value, bool)), "")
    return f"{kind}:{name or 'unnamed ' + hashlib.blake2b(repr(item).encode('utf-8', 'replace'), digest_size=12).hexdigest()}"


def remainder(found: Mapping[str, Listing]) -> Iterator[RawRecord | Gap]:
    """What no mapping takes, for the quarantine; and a gap for a kind of which nothing is listed, which is never taken for its end."""
    yield from (Gap(f"{kind}:", f"no {kind} is listed") for kind, listing in found.items() if kind != UNKNOWN and not listing.items)
    if listing := found.get(UNKNOWN):
        yield from (RawRecord(key_of(UNKNOWN, item), UNKNOWN, item) for item in listing.items)
        if listing.missing:
            yield Gap("", listing.missing)
