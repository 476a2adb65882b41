"""How wide text is, and where its lines break. Widths are those of Arial and its metric twins; the SVG states each line's length, so that
other fonts keep within it."""

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files

_BREAKS = re.compile(r"(?<=[/_.:,&?=+@-])(?=\w)|(?<=[a-z])(?=[A-Z])")
UNKNOWN = 600  # thousandths of the font size, like the table
FULL = 1000
ELLIPSIS = "…"


@cache
def _widths(weight: str) -> dict[str, int]:
    table = json.loads(files("c4gen.layout").joinpath("widths.json").read_text(encoding="utf-8"))[weight]
    return {character: int(width) for width, characters in table.items() for character in characters}


def plain(text: str) -> str:
    """One line of printable characters: what control characters and line ends separate is joined by single spaces."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Cf") else c for c in text).split())


def width(text: str, size: float, bold: bool = False) -> float:
    """In pixels."""
    table = _widths("bold" if bold else "regular")
    return sum(table[c] if c in table else _width_of_unlisted(c) for c in text) * size / 1000


def _width_of_unlisted(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return FULL if unicodedata.east_asian_width(character) in "WF" else UNKNOWN


def wrap(text: str, room: float, size: float, bold: bool = False, most: int = 4) -> tuple[str, ...]:
    """At most `most` lines that fit into `room` pixels; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in plain(text).split(" "):
        for part in _parts(word, room, size, bold):
            glue = " " if part.starts_word and line else ""
            if line and width(line + glue + part.text, size, bold) > room:
                lines.append(line)
                line = part.text
            else:
                line += glue + part.text
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], room, size, bold)]
    return tuple(lines)


class _Part:
    __slots__ = ("starts_word", "text")

    def __init__(self, text: str, starts_word: bool) -> None:
        self.text, self.starts_word = text, starts_word


def _parts(word: str, room: float, size: float, bold: bool) -> list[_Part]:
    """A word whole where it fits a line; else broken after punctuation, between the humps of a name, and in the last resort anywhere."""
    if width(word, size, bold) <= room:
        return [_Part(word, True)]
    pieces = [piece for broken in _BREAKS.split(word) for piece in _chopped(broken, room, size, bold)]
    return [_Part(piece, index == 0) for index, piece in enumerate(pieces)]


def _chopped(word: str, room: float, size: float, bold: bool) -> list[str]:
    pieces, piece = [], ""
    for character in word:
        if piece and width(piece + character, size, bold) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece] if piece else pieces


def _shortened(line: str, room: float, size: float, bold: bool) -> str:
    """Cut after a word where there is more than one."""
    while line and width(line + ELLIPSIS, size, bold) > room:
        line = line.rpartition(" ")[0] or line[:-1]
    return line.rstrip(" ,.;:-") + ELLIPSIS
