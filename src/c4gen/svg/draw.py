"""The elements of a picture."""

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from math import ceil, sqrt

from c4gen.layout.boxes import BOUNDARY_TITLE, CAP, HEAD, LINE, PAD, Box, Label, Lines, boundary_title, boxes, labels
from c4gen.layout.geometry import Layout, Point, Rect, Route
from c4gen.layout.quality import passes
from c4gen.layout.text import plain, width
from c4gen.markup import Html, address, el, joined
from c4gen.svg import legend
from c4gen.views.picture import Boundary, Edge, Node, Picture, Shape, Sync

CORNER = 6  # radius where an arrow turns
SPOKEN = {Sync.SYNC: "synchronous", Sync.ASYNC: "asynchronous", Sync.MIXED: "synchronous and asynchronous"}


def draw(picture: Picture, layout: Layout, alone: bool) -> Html:
    """`alone`: as a file of its own, with its colours inside; otherwise as part of a page, whose stylesheet has them and whose script reads its data."""
    prefix = identifier(picture.id)
    said, sizes, texts = {node.id: node for node in picture.nodes}, boxes(picture), labels(picture)
    frames = layout.boundaries
    listed = legend.rows(legend.entries(picture), layout.width)
    height = layout.height + len(listed) * legend.ROW
    return el(
        "svg",
        _line(el("title", plain(picture.title), id=f"{prefix}-title")),
        _line(el("desc", plain(picture.description), id=f"{prefix}-desc")),
        _line(el("style", Html("\n" + stylesheet()))) if alone else Html(),
        _line(_markers(prefix, picture)),
        _line(el("rect", class_="canvas", width=layout.width, height=height)),
        *(_line(_frame(rect)) for rect in frames.values()),
        *(_line(_arrow(edge, _reaching(edge, layout.routes[edge.id], said, layout.nodes), prefix, said, alone)) for edge in picture.edges),
        *(_line(_node(node, layout.nodes[node.id], sizes[node.id], alone)) for node in picture.nodes),
        *(_line(_label(edge, texts[edge.id], rect, prefix)) for edge in picture.edges if (rect := layout.routes[edge.id].label)),
        *(_line(_name(b, frames[b.id], layout)) for b in picture.boundaries if b.id in frames),
        _line(legend.draw(listed, layout.height + 4, prefix)),
        "\n",
        xmlns="http://www.w3.org/2000/svg",
        class_="picture",
        viewBox=f"0 0 {layout.width} {height}",
        width=layout.width,
        height=height,
        role="group",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
    )


def stylesheet() -> str:
    """Colours and lines of pictures, in files and pages alike."""
    return files("c4gen.svg").joinpath("picture.css").read_text(encoding="utf-8")


def identifier(id: str) -> str:
    """A name that is safe in attributes and selectors, different for different ids."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in id)
    return safe if safe == id and safe[:1].isalpha() else f"i{safe}-{hashlib.sha256(id.encode('utf-8', 'replace')).hexdigest()[:8]}"


def edge_id(picture: Picture, edge: Edge) -> str:
    return f"{identifier(picture.id)}-{identifier(edge.id)}"


def spoken(edge: Edge, nodes: dict[str, Node]) -> str:
    """An arrow as a sentence."""
    said = plain(edge.label.replace("\n", "; ")) or "uses"
    return f"{nodes[edge.source].title} to {nodes[edge.target].title}: {said}. {SPOKEN[edge.sync].capitalize()}."


def _line(part: Html) -> Html:
    return Html("\n" + part) if part else part


def _markers(prefix: str, picture: Picture) -> Html:
    used = {edge.sync for edge in picture.edges}
    heads = (
        el(
            "marker",
            el("path", d="M0 0L10 5L0 10z", class_=f"head {sync}"),
            id=f"{prefix}-{sync}",
            viewBox="0 0 10 10",
            refX=9,
            refY=5,
            markerWidth=9,
            markerHeight=9,
            markerUnits="userSpaceOnUse",
            orient="auto",
        )
        for sync in Sync
        if sync in used
    )
    return el("defs", *heads)


def _frame(rect: Rect) -> Html:
    return el("g", el("rect", x=rect.x, y=rect.y, width=rect.width, height=rect.height, rx=8), class_="boundary")


def _name(boundary: Boundary, frame: Rect, layout: Layout) -> Html:
    """A boundary's name along its upper edge, or its lower one, where no arrow passes if there is such a place; in short where there is no room."""
    lines = [segment for route in layout.routes.values() for segment in pairwise(route.points)]
    names = [plain(text) for text in dict.fromkeys((boundary_title(boundary), boundary.title)) if text]
    fitting = [name for name in names if width(name, BOUNDARY_TITLE, bold=True) <= frame.width - 24] or [
        _fitting(names[-1], frame.width - 24)
    ]
    free = ((name, place) for name in fitting for place in _places(name, frame) if not any(passes(line, place, -4) for line in lines))
    text, place = next(free, (fitting[0], next(iter(_places(fitting[0], frame)))))
    return el("g", _text(text, place.x, place.y + 16, BOUNDARY_TITLE, bold=True, anchor=None), class_="boundary")


def _places(name: str, frame: Rect) -> Iterator[Rect]:
    wide = ceil(width(name, BOUNDARY_TITLE, bold=True))
    for top in (frame.y + 5, frame.bottom - 24):
        yield from (Rect(x, top, wide, 20) for x in range(frame.x + 12, max(frame.right - 12 - wide, frame.x + 12) + 1, 6))


def _fitting(text: str, room: float) -> str:
    while text and width(text, BOUNDARY_TITLE, bold=True) > room:
        text = text[:-2].rstrip("… ") + "…" if len(text) > 2 else ""
    return text


def _arrow(edge: Edge, points: tuple[Point, ...], prefix: str, nodes: dict[str, Node], alone: bool) -> Html:
    path = _path(points)
    data = {"data_edge": identifier(edge.id), "data_source": edge.source, "data_target": edge.target, "data_sync": edge.sync.value}
    return el(
        "g",
        el("title", spoken(edge, nodes)),
        el("path", class_="near", d=path),
        el("path", class_="line under", d=path) if edge.sync is Sync.MIXED else Html(),
        el("path", class_="line", d=path, marker_end=f"url(#{prefix}-{edge.sync})"),
        class_=" ".join(("edge", edge.sync.value, *(("cycle",) if "cycle" in edge.tags else ()))),
        role="img",
        aria_label=spoken(edge, nodes),
        data_tags=json.dumps(edge.tags, ensure_ascii=False) if edge.tags and not alone else None,
        **({} if alone else data),
    )


def _reaching(edge: Edge, route: Route, nodes: dict[str, Node], rects: dict[str, Rect]) -> tuple[Point, ...]:
    """The route, its ends drawn on from the frame around a box to the box itself."""
    if len(route.points) < 2:
        return route.points
    first = _outline(nodes[edge.source].shape, rects[edge.source], route.points[0])
    last = _outline(nodes[edge.target].shape, rects[edge.target], route.points[-1])
    return (first, *route.points[1:-1], last)


def _outline(shape: Shape, rect: Rect, point: Point) -> Point:
    x, y = point
    across, down = rect.middle
    if shape is Shape.PERSON and y < rect.y + HEAD - 4:
        radius = HEAD // 2 + 4
        if y <= rect.y:
            beside = abs(x - across)
            return x, rect.y + (round(radius - sqrt(radius**2 - beside**2)) if beside < radius * 0.8 else HEAD - 4)
        depth = sqrt(max(radius**2 - (rect.y + radius - y) ** 2, 0))
        return round(across - depth if x < across else across + depth), y
    if shape is Shape.DATABASE and (y <= rect.y or y >= rect.bottom):
        inward = round(CAP - CAP * sqrt(max(1 - ((x - across) / (rect.width / 2)) ** 2, 0)))
        return x, y + inward if y <= rect.y else y - inward
    if shape is Shape.QUEUE and (x <= rect.x or x >= rect.right):
        inward = round(CAP - CAP * sqrt(max(1 - ((y - down) / (rect.height / 2)) ** 2, 0)))
        return x + inward if x <= rect.x else x - inward, y
    return point


def _path(points: tuple[Point, ...]) -> str:
    if not points:
        return ""
    steps = [f"M{points[0][0]} {points[0][1]}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, _length(before, here) // 2, _length(here, after) // 2)
        arrive, leave = _toward(here, before, radius), _toward(here, after, radius)
        steps.append(f"L{arrive[0]} {arrive[1]}Q{here[0]} {here[1]} {leave[0]} {leave[1]}")
    return "".join([*steps, f"L{points[-1][0]} {points[-1][1]}"])


def _length(a: Point, b: Point) -> int:
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]))


def _toward(start: Point, end: Point, distance: int) -> Point:
    far = _length(start, end) or 1
    return start[0] + round((end[0] - start[0]) * distance / far), start[1] + round((end[1] - start[1]) * distance / far)


def _label(edge: Edge, label: Label, rect: Rect, prefix: str) -> Html:
    x, top = rect.x + rect.width / 2, rect.y + 3
    return el(
        "g",
        el("rect", class_="ground", x=rect.x, y=rect.y, width=rect.width, height=rect.height, rx=3),
        _lines(label.text, x, top),
        _lines(label.technology, x, top + label.text.height, class_="technology"),
        class_=f"label {edge.sync}",
        data_edge=identifier(edge.id),
        aria_hidden="true",
    )


def _node(node: Node, rect: Rect, box: Box, alone: bool) -> Html:
    content = (el("title", _spoken_node(node)), _shape(node.shape, rect), _words(node, rect, box))
    attributes = {"class_": f"node {legend.signs(node)}"} | ({} if alone else {"data_node": node.id})
    link = address(node.link)
    if link:
        sign = legend.opens(rect.right - 18, rect.y + 8 + (HEAD if node.shape is Shape.PERSON else 0))
        return el("a", *content, sign, href=link, aria_label=f"{_spoken_node(node)} Opens its page.", **attributes)
    return el("g", *content, role="img", aria_label=_spoken_node(node), **attributes)


def _spoken_node(node: Node) -> str:
    kind = f", {node.kind}" if node.kind else ""
    return plain(f"{node.title}{kind}. {node.description}")


def _shape(shape: Shape, rect: Rect) -> Html:
    x, y, wide, high = rect.x, rect.y, rect.width, rect.height
    if shape is Shape.PERSON:
        radius = HEAD // 2 + 4
        head = el("circle", class_="shape", cx=x + wide // 2, cy=y + radius, r=radius)
        return joined((head, el("rect", class_="shape", x=x, y=y + HEAD - 4, width=wide, height=high - HEAD + 4, rx=24)))
    if shape is Shape.DATABASE:
        half = wide // 2
        body = f"M{x} {y + CAP}v{high - 2 * CAP}a{half} {CAP} 0 0 0 {wide} 0v{2 * CAP - high}a{half} {CAP} 0 0 0 {-wide} 0a{half} {CAP} 0 0 0 {wide} 0"
        return el("path", class_="shape", d=body)
    if shape is Shape.QUEUE:
        half = high // 2
        body = f"M{x + CAP} {y}h{wide - 2 * CAP}a{CAP} {half} 0 0 1 0 {2 * half}h{2 * CAP - wide}a{CAP} {half} 0 0 1 0 {-2 * half}a{CAP} {half} 0 0 1 0 {2 * half}"
        return el("path", class_="shape", d=body)
    return el("rect", class_="shape", x=x, y=y, width=wide, height=high, rx=4)


def _words(node: Node, rect: Rect, box: Box) -> Html:
    shift = {Shape.PERSON: HEAD - 2, Shape.DATABASE: 2 * CAP}.get(node.shape, 0)
    body_gap = 6 if box.body.lines else 0
    high = box.title.height + box.kind.height + body_gap + box.body.height
    x = rect.x + rect.width / 2 + (CAP if node.shape is Shape.QUEUE else 0) / 2
    top = rect.y + shift + max(PAD, (rect.height - shift - (CAP if node.shape is Shape.DATABASE else 0) - high) / 2)
    return joined(
        (
            _lines(box.title, x, top),
            _lines(box.kind, x, top + box.title.height, class_="kind"),
            _lines(box.body, x, top + box.title.height + box.kind.height + body_gap),
        )
    )


def _lines(text: Lines, x: float, top: float, class_: str | None = None) -> Html:
    step = text.size * LINE
    return joined(
        _text(line, x, top + step * index + text.size, text.size, text.bold, class_=class_) for index, line in enumerate(text.lines)
    )


def _text(line: str, x: float, y: float, size: int, bold: bool = False, anchor: str | None = "middle", class_: str | None = None) -> Html:
    return el(
        "text",
        line,
        x=_number(x),
        y=_number(y),
        font_size=size,
        font_weight="bold" if bold else None,
        text_anchor=anchor,
        textLength=_number(width(line, size, bold)),
        lengthAdjust="spacingAndGlyphs",
        class_=class_,
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
