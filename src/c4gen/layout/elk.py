"""A picture as an ELK graph, and the answer as a layout. https://eclipse.dev/elk/reference/options.html tells what the options do."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from c4gen.layout.boxes import BOUNDARY_TITLE, LINE, Box, Label
from c4gen.layout.engines import Engine, Json, LayoutFailed
from c4gen.layout.geometry import Layout, Point, Rect, Route
from c4gen.views.picture import Edge, Picture

NAME = "elk layered 0.12.1"
MARGIN = 16
TOGETHER = 4
BOUNDARY_PAD = 20
OPTIONS = {
    "elk.algorithm": "layered",
    "elk.hierarchyHandling": "INCLUDE_CHILDREN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.json.shapeCoords": "ROOT",
    "elk.json.edgeCoords": "ROOT",
    "elk.padding": f"[top={MARGIN},left={MARGIN},bottom={MARGIN},right={MARGIN}]",
    "elk.aspectRatio": "1.6",
    "elk.randomSeed": "1",
    "elk.spacing.nodeNode": "28",
    "elk.spacing.edgeNode": "18",
    "elk.spacing.edgeEdge": "12",
    "elk.spacing.edgeLabel": "4",
    "elk.spacing.labelLabel": "10",
    "elk.spacing.componentComponent": "36",
    "elk.layered.spacing.nodeNodeBetweenLayers": "28",
    "elk.layered.spacing.edgeNodeBetweenLayers": "18",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
    "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    "elk.layered.thoroughness": "7",
}
INLINE = {"elk.edgeLabels.inline": "true"}
BOUNDARY_OPTIONS = {
    "elk.padding": f"[top={BOUNDARY_PAD + BOUNDARY_TITLE * LINE:.0f},left={BOUNDARY_PAD},bottom={BOUNDARY_PAD + 6},right={BOUNDARY_PAD}]"
}


@dataclass(frozen=True)
class Way:
    """A manner of laying out. `both_sides`: boxes with one arrow stand before and behind what they are tied to, not only behind. `row`: no layer
    holds more boxes than that; 0 is no limit."""

    direction: str
    both_sides: bool = False
    row: int = 0

    @property
    def name(self) -> str:
        said = (self.direction.lower(), "both sides" if self.both_sides else "", f"rows of {self.row}" if self.row else "")
        return ", ".join(part for part in said if part)

    @classmethod
    def named(cls, engine: str) -> "Way | None":
        """The way that a layout was made in, from what it says of its engine."""
        name, _, said = engine.partition(", ")
        parts = said.split(", ")
        row = next((int(part.removeprefix("rows of ")) for part in parts if part.startswith("rows of ") and part[8:].isdigit()), 0)
        return cls(parts[0].upper(), "both sides" in parts, row) if name == NAME and parts[0] in ("down", "right") else None


DOWN = Way("DOWN")


def graph(picture: Picture, boxes: dict[str, Box], labels: dict[str, Label], way: Way, hints: dict[str, Point]) -> Json:
    """`hints` are where boxes stood before: their order within a layer is kept."""
    options = OPTIONS | {"elk.direction": way.direction}
    turned = turned_edges(picture, way, hints) if way.both_sides else set()
    if way.row:
        options |= {"elk.layered.layering.strategy": "COFFMAN_GRAHAM", "elk.layered.layering.coffmanGraham.layerBound": str(way.row)}
    if hints:
        options |= {"elk.layered.crossingMinimization.semiInteractive": "true"}

    def children(boundary: str) -> list[Json]:
        return [_child(node.id, boxes[node.id], hints.get(node.id)) for node in picture.nodes if node.boundary == boundary]

    groups = [
        {"id": f"b:{boundary.id}", "layoutOptions": BOUNDARY_OPTIONS, "children": inside}
        for boundary in picture.boundaries
        if (inside := children(boundary.id))
    ]
    return {
        "id": "picture",
        "layoutOptions": options,
        "children": [*children(""), *groups],
        "edges": [
            _edge(edge.id, *((edge.target, edge.source) if edge.id in turned else (edge.source, edge.target)), labels[edge.id])
            for edge in picture.edges
        ],
    }


def turned_edges(picture: Picture, way: Way, hints: dict[str, Point]) -> set[str]:
    """Arrows to boxes that nothing else is tied to, about half of them: those of one source stay together unless they are many. Boxes that stood on a
    side stay on it."""
    tied = Counter(end for edge in picture.edges for end in {edge.source, edge.target})
    single = [edge for edge in picture.edges if tied[edge.target] == 1 and edge.source != edge.target]
    known = {edge.id: _stood_before(edge, way, hints) for edge in single if edge.source in hints and edge.target in hints}
    leaves: dict[str, list[str]] = defaultdict(list)
    for edge in single:
        if edge.id not in known:
            leaves[edge.source].append(edge.id)
    turned = {id for id, before in known.items() if before}
    kept = len(known) - len(turned)
    for ids in leaves.values():
        if len(ids) > TOGETHER:
            turned.update(ids[::2])
            kept += len(ids[1::2])
        elif len(turned) < kept:
            turned.update(ids)
        else:
            kept += len(ids)
    return turned


def _stood_before(edge: Edge, way: Way, hints: dict[str, Point]) -> bool:
    axis = 1 if way.direction == "DOWN" else 0
    return hints[edge.target][axis] < hints[edge.source][axis]


def _child(id: str, box: Box, hint: Point | None) -> Json:
    child: Json = {"id": f"n:{id}", "width": box.width, "height": box.height}
    if hint:
        child["layoutOptions"] = {"elk.position": f"({hint[0]},{hint[1]})"}
    return child


def _edge(id: str, source: str, target: str, label: Label) -> Json:
    edge: Json = {"id": f"e:{id}", "sources": [f"n:{source}"], "targets": [f"n:{target}"]}
    if label.width:
        edge["labels"] = [{"id": f"l:{id}", "text": "label", "width": label.width, "height": label.height, "layoutOptions": INLINE}]
    return edge


def read(answer: Json, way: Way, turned: set[str]) -> Layout:
    nodes: dict[str, Rect] = {}
    boundaries: dict[str, Rect] = {}
    for child in _everything(answer["children"]):
        kind, _, id = child["id"].partition(":")
        (nodes if kind == "n" else boundaries)[id] = _rect(child)
    routes = {}
    for edge in answer.get("edges", ()):
        id = edge["id"].partition(":")[2]
        routes[id] = _route(edge, id in turned)
    return Layout(round(answer["width"]), round(answer["height"]), nodes, boundaries, routes, f"{NAME}, {way.name}")


def _everything(children: Iterable[Json]) -> Iterable[Json]:
    for child in children:
        yield child
        yield from _everything(child.get("children", ()))


def _rect(shape: Json) -> Rect:
    return Rect(round(shape["x"]), round(shape["y"]), round(shape["width"]), round(shape["height"]))


def _route(edge: Json, turned: bool) -> Route:
    corners: list[Point] = []
    for section in edge.get("sections", ()):
        for place in (section["startPoint"], *section.get("bendPoints", ()), section["endPoint"]):
            point = (round(place["x"]), round(place["y"]))
            if corners[-1:] != [point]:
                corners.append(point)
    labels: list[Any] = edge.get("labels", [])
    return Route(tuple(reversed(corners) if turned else corners), _rect(labels[0]) if labels else None)


def lay_out(
    engine: Engine, picture: Picture, boxes: dict[str, Box], labels: dict[str, Label], way: Way, hints: dict[str, Point] | None = None
) -> Layout:
    """Raises LayoutFailed."""
    if not picture.nodes:
        raise LayoutFailed("there is nothing to lay out")
    answer = engine.lay_out(graph(picture, boxes, labels, way, hints or {}))
    return read(answer, way, turned_edges(picture, way, hints or {}) if way.both_sides else set())
