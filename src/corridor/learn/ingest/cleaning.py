"""Text from sources made safe and even: whitespace, control characters, HTML, addresses."""

import re
import unicodedata
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import nh3

ALLOWED_TAGS = {
    "b", "blockquote", "br", "caption", "center", "cite", "code", "div", "em", "hr", "i", "li", "ol", "p", "pre", "q",
    "small", "span", "strike", "strong", "sub", "sup", "u", "ul",
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff﻿]")
_MARKUP = re.compile(r"[<&]")


def _text(value: str) -> str:
    if value.isascii() and value.isprintable():  # nearly all text is, and nothing is quicker to ask
        return value
    return _CONTROL.sub("", unicodedata.normalize("NFC", value))


def plain_text(value: Any) -> Any:
    """One line of text: tags and entities resolved, white space evened. None becomes ""; other types are left to the validator."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = _text(value)
    if _MARKUP.search(text):
        text = unescape(nh3.clean(text, tags=set()))
    return " ".join(text.split())


def clean_html(value: Any) -> Any:
    """Text with the harmless tags alone and no attributes. None becomes ""."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = _text(value)
    return (nh3.clean(text, tags=ALLOWED_TAGS, attributes={}) if _MARKUP.search(text) else text).strip()


def absolute_url(value: Any) -> Any:
    """A web address, or "" for what is none: other schemes, relative paths, blanks."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    url = _text(value).strip().replace(" ", "%20")
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def storable(value: Any) -> Any:
    """JSON-like data without what PostgreSQL keeps in no text: NUL and half surrogates."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode()
    if isinstance(value, dict):
        return {storable(name): storable(each) for name, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, list | tuple) else value
