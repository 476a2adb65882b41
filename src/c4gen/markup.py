"""HTML and SVG from values. Text is escaped unless it is `Html` already, so labels that hold markup are shown, never run."""

import re
import unicodedata
from collections.abc import Iterable

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


class Html(str):
    """Markup made here."""

    __slots__ = ()


def escaped(value: str) -> Html:
    """Characters that XML does not know, and those that turn the direction of a line, become U+FFFD."""
    if isinstance(value, Html):
        return value
    return Html("".join(c if _printable(c) else "�" for c in value).translate(_ENTITIES))


def _printable(character: str) -> bool:
    if character in "\n\t":
        return True
    return (
        unicodedata.category(character) not in ("Cc", "Cs", "Cn")
        and character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def el(name: str, /, *children: str, **attributes: str | int | bool | None) -> Html:
    """An element. Underscores of attribute names become hyphens, one at the end is dropped; False and None leave the attribute out."""
    said = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{joined(children)}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Html:
    return Html(between.join(escaped(part) for part in parts))


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escaped(str(value))}"'


def address(link: str) -> str:
    """The link where it is a web address or a place in these pages; else nothing: no script runs from a link."""
    link = link.strip()
    if _SCHEME.match(link):
        return link if link.lower().startswith(("https://", "http://")) else ""
    return "" if link.startswith(("//", "\\", "/\\")) else link
