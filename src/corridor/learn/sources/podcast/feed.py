"""RSS feeds as podcasters really publish them, read into plain data (pure)."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

# Part of a namespace's address, in lower case: providers vary the rest.
NAMESPACES = {
    "itunes.com/dtds/podcast": "itunes", "purl.org/rss/1.0/modules/content": "content", "w3.org/2005/atom": "atom",
    "podcastindex": "podcast", "search.yahoo.com/mrss": "media",
}  # fmt: skip
AUDIO_FILES = (".mp3", ".m4a", ".m4b", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac", ".mp4", ".m4v")
XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_LOOSE = re.compile(r"&(?!#?\w{1,32};)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class FeedRefused(Exception):
    """What was read is no feed that can be used; the message says why."""


def parse(data: bytes) -> dict[str, Any]:
    """The channel's fields, with its `items`. Raises FeedRefused."""
    root = _tree(data)
    if _name(root) == "atom:feed":
        raise FeedRefused("an Atom feed, which carries no podcast")
    channel = next((child for child in root if _name(child) == "channel"), None)
    if channel is None:
        raise FeedRefused(f"no RSS: its root is {_name(root)[:40]}")
    found = _fields(channel)
    return {
        "title": found.get("title", ""),
        "link": found.get("link", ""),
        "description": found.get("description") or found.get("itunes:summary") or found.get("itunes:subtitle", ""),
        "language": found.get("language", ""),
        "image": _image(channel),
        "self": _atom_link(channel, "self"),
        "next": _atom_link(channel, "next"),
        "items": [_item(element) for element in root.iter() if _name(element) == "item"],
    }


def _item(element: Element) -> dict[str, Any]:
    """What we read of an item; what changes with every fetch is left out."""
    found = _fields(element)
    return {
        "title": found.get("itunes:title") or found.get("title", ""),
        "guid": found.get("guid", ""),
        "link": found.get("link", ""),
        "description": found.get("description") or found.get("itunes:summary") or found.get("itunes:subtitle", ""),
        "full_description": found.get("content:encoded") or found.get("itunes:summary", ""),
        "date": found.get("pubDate", ""),
        "duration": found.get("itunes:duration", ""),
        "image": _image(element),
        "audio": next(_audio(element), ""),
    }


def _tree(data: bytes) -> Element:
    """The document, repaired as far as that is certain: blanks before it, bytes of another encoding, HTML's entities, loose ampersands."""
    try:
        return _parsed(data.strip(b" \t\r\n\x00\xef\xbb\xbf"))
    except (ParseError, LookupError, ValueError):
        pass
    try:
        return _parsed(_repaired(data).encode())
    except (ParseError, LookupError, ValueError) as error:
        raise FeedRefused(f"no well-formed XML: {error}") from error


def _parsed(data: bytes) -> Element:
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise FeedRefused(f"XML that defines entities is not read: {type(error).__name__}") from error
    return root


def _repaired(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = _ILLEGAL.sub("", _DECLARATION.sub("", text.lstrip("\ufeff")))
    return _ENTITY.sub(_entity, _LOOSE.sub("&amp;", text)).strip()


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name in XML_ENTITIES else html5.get(f"{name};") or f"&amp;{name};"


def _name(element: Element) -> str:
    """A tag under our short name for its namespace, or bare; "" for comments and instructions."""
    if not isinstance(element.tag, str):
        return ""
    space, _, local = element.tag.rpartition("}")
    prefix = next((short for part, short in NAMESPACES.items() if part in space.lower()), "other" if space else "")
    return f"{prefix}:{local}" if prefix else local


def _fields(element: Element) -> dict[str, str]:
    """The text of the children, the first of each name that has any."""
    found: dict[str, str] = {}
    for child in element:
        text = "".join(child.itertext()).strip()
        if text:
            found.setdefault(_name(child), text)
    return found


def _image(element: Element) -> str:
    for child in element:
        name = _name(child)
        if name == "itunes:image" and child.get("href"):
            return str(child.get("href")).strip()
        if name == "image" and (address := child.findtext("url")):
            return address.strip()
    return ""


def _atom_link(element: Element, relation: str) -> str:
    return next(
        (str(child.get("href")) for child in element if _name(child) == "atom:link" and child.get("rel") == relation and child.get("href")),
        "",
    )


def _audio(element: Element) -> Iterator[str]:
    """Addresses of what can be played, enclosures first."""
    for name in ("enclosure", "media:content"):
        for child in element.iter():
            address, kind = (child.get("url") or "").strip(), (child.get("type") or "").lower()
            if _name(child) == name and address:
                path = address.partition("?")[0].lower()
                if kind.startswith(("audio/", "video/")) or (not kind.startswith(("image/", "text/")) and path.endswith(AUDIO_FILES)):
                    yield address
