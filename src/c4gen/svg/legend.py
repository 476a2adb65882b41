"""What the signs of a picture mean: those that it uses, in rows below it."""

from collections.abc import Iterable
from dataclasses import dataclass

from c4gen.layout.text import width
from c4gen.markup import Html, address, el, joined
from c4gen.views.picture import Node, Picture, Shape, Sync

SIZE = 13
ROW = 26
SAMPLE = 30
GAP = 22
PAD = 24

SYNC_NAMES = {Sync.SYNC: "synchronous", Sync.ASYNC: "asynchronous", Sync.MIXED: "both ways of calling"}


@dataclass(frozen=True)
class Entry:
    sign: str  # the class of a box, or of an arrow
    name: str
    arrow: bool = False


def signs(node: Node) -> str:
    """The class that gives a box its colours."""
    if node.shape is Shape.PERSON:
        return "person"
    if node.external:
        return "external"
    return "container" if node.kind.startswith(("Container", "Component")) else "system"


def entries(picture: Picture) -> list[Entry]:
    kinds = {signs(node) for node in picture.nodes}
    shapes = {node.shape for node in picture.nodes}
    calls = {edge.sync for edge in picture.edges}
    named = (("person", "person"), ("system", "system"), ("container", "part of the system"), ("external", "outside system"))
    drawn = [Entry(sign, name) for sign, name in named if sign in kinds]
    drawn += [Entry("database", "database")] if Shape.DATABASE in shapes else []
    drawn += [Entry("queue", "queue")] if Shape.QUEUE in shapes else []
    drawn += [Entry("opens", "opens its own page")] if any(address(node.link) for node in picture.nodes) else []
    drawn += [Entry(call.value, SYNC_NAMES[call], arrow=True) for call in Sync if call in calls]
    return [*drawn, Entry("cycle", "on a cycle", arrow=True)] if any("cycle" in edge.tags for edge in picture.edges) else drawn


def opens(x: int, y: int) -> Html:
    """The sign of a box that leads to a page: an arrow out of a corner, ten pixels wide and high."""
    return el("path", class_="opens", d=f"M{x + 2} {y}h8v8M{x + 10} {y}L{x} {y + 10}")


def rows(listed: list[Entry], room: int) -> list[list[tuple[int, Entry]]]:
    """Entries with their place from the left, broken where the room ends."""
    placed: list[list[tuple[int, Entry]]] = [[]]
    x = PAD
    for entry in listed:
        wide = SAMPLE + 8 + round(width(entry.name, SIZE))
        if placed[-1] and x + wide > room - PAD:
            placed.append([])
            x = PAD
        placed[-1].append((x, entry))
        x += wide + GAP
    return placed if listed else []


def draw(listed: list[list[tuple[int, Entry]]], top: int, prefix: str) -> Html:
    drawn = (_entry(x, top + index * ROW, entry, prefix) for index, row in enumerate(listed) for x, entry in row)
    return el("g", *_lines(drawn), class_="legend", aria_hidden="true")


def _lines(parts: Iterable[Html]) -> Iterable[Html]:
    return (Html("\n" + part) for part in parts)


def _entry(x: int, y: int, entry: Entry, prefix: str) -> Html:
    length = f"{width(entry.name, SIZE):.1f}".removesuffix(".0")
    text = el("text", entry.name, x=x + SAMPLE + 8, y=y + 4, font_size=SIZE, textLength=length, lengthAdjust="spacingAndGlyphs")
    return joined((_arrow(x, y, entry, prefix) if entry.arrow else _box(x, y, entry), text))


def _arrow(x: int, y: int, entry: Entry, prefix: str) -> Html:
    path = f"M{x} {y}H{x + SAMPLE - 4}"
    under = el("path", class_="line under", d=path) if entry.sign == Sync.MIXED else Html()
    end = None if entry.sign == "cycle" else f"url(#{prefix}-{entry.sign})"
    return el("g", under, el("path", class_="line", d=path, marker_end=end), class_=f"edge {entry.sign}")


def _box(x: int, y: int, entry: Entry) -> Html:
    if entry.sign == "database":
        shape = el("path", class_="shape", d=f"M{x + 5} {y - 6}v12a9 4 0 0 0 18 0v-12a9 4 0 0 0 -18 0a9 4 0 0 0 18 0")
        return el("g", shape, class_="node container")
    if entry.sign == "opens":
        box = el("rect", class_="shape", x=x, y=y - 8, width=26, height=16, rx=2)
        return el("g", box, opens(x + 8, y - 5), class_="node system")
    if entry.sign == "queue":
        shape = el("path", class_="shape", d=f"M{x + 4} {y - 7}h18a4 7 0 0 1 0 14h-18a4 7 0 0 1 0 -14a4 7 0 0 1 0 14")
        return el("g", shape, class_="node container")
    return el(
        "g",
        el("rect", class_="shape", x=x, y=y - 8, width=26, height=16, rx=8 if entry.sign == "person" else 2),
        class_=f"node {entry.sign}",
    )
