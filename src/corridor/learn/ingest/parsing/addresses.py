"""Addresses in payloads, relative ones and broken ones too."""

from urllib.parse import unquote, urljoin, urlsplit

from corridor.learn.ingest.cleaning import absolute_url
from corridor.learn.ingest.records import ImageRecord

LONGEST = 2048


def joined(base: str, address: str) -> str:
    """A web address as seen from another; "" for what is none."""
    try:
        return str(absolute_url(urljoin(base, address.strip()))) if address.strip() else ""
    except ValueError:
        return ""


def path_of(address: str) -> str:
    """The path of an address, escapes resolved; "" where it has none."""
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""


def host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def picture(base: str, address: str, alt: str, description: str = "") -> ImageRecord | None:
    """The picture at an address as seen from another; None where there is none."""
    found = joined(base, address)
    return ImageRecord(url=found, alt=alt, description=description) if found and len(found) <= LONGEST else None
