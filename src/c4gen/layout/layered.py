"""A layered layout of our own, for where ELK cannot run: Sugiyama's steps, each in its plain form.

Arrows point down. Boxes stand in even layers and labels in odd ones; an arrow that passes a layer takes a place in it. Every boundary has a band of its
own from top to bottom, so what stands outside never stands inside.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from c4gen.layout.boxes import BOUNDARY_TITLE, Box, Label
from c4gen.layout.geometry import Layout, Point, Rect, Route
from c4gen.views.picture import Boundary, Edge, Picture

NAME = "layered"
MARGIN = 24
GAP = 36  # between neighbours of a layer
BAND_GAP = 30
BOUNDARY_PAD = 22
TRACK = 14  # between parallel lines
SWEEPS = 12


@dataclass
class _Slot:
    """A place in a layer: a box, a label, or a bend of an arrow on its way."""

    id: str
    layer: int
    band: int
    width: int
    height: int
    order: float = 0.0
    x: float = 0.0
    y: float = 0.0
    near: list["_Slot"] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass
class _Chain:
    """An arrow as the slots from its upper to its lower end; `label` is the one that holds its words."""

    edge: Edge
    slots: list[_Slot]
    label: _Slot | None
    turned: bool


def lay_out(picture: Picture, boxes: dict[str, Box], labels: dict[str, Label]) -> Layout:
    ranks = _ranks(picture)
    bands = _bands(picture)
    nodes = {
        node.id: _Slot(f"n:{node.id}", 2 * ranks[node.id], bands[node.id], boxes[node.id].width, boxes[node.id].height)
        for node in picture.nodes
    }
    chains = [_chain(edge, nodes, labels[edge.id]) for edge in picture.edges]
    layers = _layers([*nodes.values(), *(slot for chain in chains for slot in chain.slots[1:-1])])
    for chain in chains:
        for upper, lower in pairwise(chain.slots):
            upper.near.append(lower)
            lower.near.append(upper)
    _order(layers)
    _place_across(layers)
    lanes = _Lanes(layers, chains)
    routes = {chain.edge.id: lanes.route(chain) for chain in chains}
    rects = {id: _rect(slot) for id, slot in nodes.items()}
    return _shifted(rects, _boundaries(picture, rects), routes)


def _ranks(picture: Picture) -> dict[str, int]:
    """The longest path from above, over the arrows that close no cycle."""
    after: dict[str, list[str]] = defaultdict(list)
    for edge in picture.edges:
        if edge.source != edge.target:
            after[edge.source].append(edge.target)
    finished: list[str] = []
    state: dict[str, int] = {}
    for root in [*_sources(picture), *(node.id for node in picture.nodes)]:
        stack = [(root, iter(after[root]))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            id, rest = stack[-1]
            following = next((target for target in rest if target not in state), None)
            if following is None:
                state[id] = 2
                finished.append(id)
                stack.pop()
            else:
                state[following] = 1
                stack.append((following, iter(after[following])))
    place = {id: index for index, id in enumerate(reversed(finished))}
    ranks = dict.fromkeys(place, 0)
    for id in place:
        for target in after[id]:
            if place[target] > place[id]:
                ranks[target] = max(ranks[target], ranks[id] + 1)
    return ranks


def _sources(picture: Picture) -> list[str]:
    reached = {edge.target for edge in picture.edges if edge.source != edge.target}
    return [node.id for node in picture.nodes if node.id not in reached]


def _bands(picture: Picture) -> dict[str, int]:
    """Boundaries take odd bands; who stands outside alternates between the bands on both sides of them."""
    inside = [boundary.id for boundary in picture.boundaries]
    bands, turn = {}, 0
    for node in picture.nodes:
        if node.boundary in inside:
            bands[node.id] = 2 * inside.index(node.boundary) + 1
        else:
            bands[node.id] = 2 * (turn % (len(inside) + 1))
            turn += 1
    return bands


def _chain(edge: Edge, nodes: dict[str, _Slot], label: Label) -> _Chain:
    source, target = nodes[edge.source], nodes[edge.target]
    turned = source.layer > target.layer
    upper, lower = (target, source) if turned else (source, target)
    between = range(upper.layer + 1, lower.layer) if upper.layer < lower.layer else range(upper.layer + 1, upper.layer + 2)
    said = upper.layer + 1
    slots = [
        _Slot(f"e:{edge.id}:{layer}", layer, upper.band, label.width if layer == said else 2, label.height if layer == said else 0)
        for layer in between
    ]
    return _Chain(edge, [upper, *slots, lower], slots[0] if label.width else None, turned)


def _layers(slots: list[_Slot]) -> list[list[_Slot]]:
    layers: list[list[_Slot]] = [[] for _ in range(max(slot.layer for slot in slots) + 1)]
    for slot in slots:
        layers[slot.layer].append(slot)
    return layers


def _order(layers: list[list[_Slot]]) -> None:
    """Neighbours pull towards each other, down and up again, never out of their band."""
    for layer in layers:
        _number(layer)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            wanted = {slot.id: _pull(slot, -1 if down else 1) for slot in layer}
            layer.sort(key=lambda slot: (slot.band, wanted[slot.id]))
            _number(layer)


def _pull(slot: _Slot, side: int) -> float:
    near = [other.order for other in slot.near if (other.layer - slot.layer) * side > 0]
    return sum(near) / len(near) if near else slot.order


def _number(layer: list[_Slot]) -> None:
    layer.sort(key=lambda slot: slot.band)
    for index, slot in enumerate(layer):
        slot.order = (index + 0.5) / len(layer)


def _place_across(layers: list[list[_Slot]]) -> None:
    """Bands get the room that their fullest layer needs; within them, slots follow their neighbours as far as order allows."""
    bands = sorted({slot.band for layer in layers for slot in layer})
    left = 0.0
    for band in bands:
        rows = [row for layer in layers if (row := [slot for slot in layer if slot.band == band])]
        room = max(sum(slot.width for slot in row) + GAP * (len(row) - 1) for row in rows)
        for row in rows:
            spare = room - sum(slot.width for slot in row) - GAP * (len(row) - 1)
            start = left + spare / 2
            for slot in row:
                slot.x = start
                start += slot.width + GAP
        for _ in range(SWEEPS):
            for row in rows:
                _relax(row, left, left + room)
        left += room + BAND_GAP + 2 * BOUNDARY_PAD


def _relax(row: list[_Slot], left: float, right: float) -> None:
    for index, slot in enumerate(row):
        if not slot.near:
            continue
        wanted = sum(other.middle for other in slot.near) / len(slot.near) - slot.width / 2
        least = row[index - 1].x + row[index - 1].width + GAP if index else left
        most = row[index + 1].x - GAP - slot.width if index + 1 < len(row) else right - slot.width
        slot.x = max(least, min(wanted, most))


class _Lanes:
    """The horizontal lines between layers, one above the other where they would touch; and with that, where layers stand."""

    def __init__(self, layers: list[list[_Slot]], chains: list[_Chain]) -> None:
        self.ports = _ports(chains)
        self.tracks: dict[tuple[str, int], int] = {}
        top = 0.0
        for index, layer in enumerate(layers):
            height = max((slot.height for slot in layer), default=0)
            for slot in layer:
                slot.y = top + (height - slot.height) / 2
            used = self._assign(index, chains)
            top += height + 2 * TRACK + used * TRACK
        self.bottoms = [max((slot.y + slot.height / 2 for slot in layer), default=0.0) for layer in layers]
        self.heights = [max((slot.height for slot in layer), default=0) for layer in layers]

    def _assign(self, gap: int, chains: list[_Chain]) -> int:
        """The number of lines that the gap below layer `gap` has."""
        spans = []
        for chain in chains:
            for upper, lower in pairwise(chain.slots):
                if min(upper.layer, lower.layer) == gap:
                    ends = self._x(chain, upper, lower), self._x(chain, lower, upper)
                    if ends[0] != ends[1]:
                        spans.append((min(ends), max(ends), chain.edge.id, upper.layer))
        free: list[float] = []
        for left, right, id, _ in sorted(spans):
            track = next((index for index, end in enumerate(free) if end + TRACK < left), len(free))
            if track == len(free):
                free.append(right)
            free[track] = right
            self.tracks[id, gap] = track
        return len(free)

    def _x(self, chain: _Chain, slot: _Slot, toward: _Slot) -> float:
        return self.ports.get((chain.edge.id, slot.id, toward.layer > slot.layer), slot.middle)

    def route(self, chain: _Chain) -> Route:
        points: list[tuple[float, float]] = []
        slots = chain.slots
        for index, (upper, lower) in enumerate(pairwise(slots)):
            down = lower.layer > upper.layer
            gap = min(upper.layer, lower.layer)
            x, to_x = self._x(chain, upper, lower), self._x(chain, lower, upper)
            start = upper.y + upper.height if down else upper.y
            end = lower.y if down else lower.y + lower.height
            lane = self.bottoms[gap] + self.heights[gap] / 2 + TRACK + TRACK * self.tracks.get((chain.edge.id, gap), 0)
            points += [(x, start)] if not index else []
            points += [(x, lane), (to_x, lane)] if x != to_x else []
            points.append((to_x, end))
        corners = _straightened([(round(x), round(y)) for x, y in points])
        label = _rect(chain.label) if chain.label else None
        return Route(tuple(reversed(corners)) if chain.turned else tuple(corners), label)


def _ports(chains: list[_Chain]) -> dict[tuple[str, str, bool], float]:
    """Where arrows touch a box: spread along its side in the order of where they go."""
    touching: dict[tuple[str, bool], list[tuple[float, str, _Slot]]] = defaultdict(list)
    for chain in chains:
        for slot, toward in ((chain.slots[0], chain.slots[1]), (chain.slots[-1], chain.slots[-2])):
            touching[slot.id, toward.layer > slot.layer].append((toward.middle, chain.edge.id, slot))
    ports = {}
    for (slot_id, below), arrows in touching.items():
        for index, (_, edge, slot) in enumerate(sorted(arrows, key=lambda arrow: arrow[:2])):
            ports[edge, slot_id, below] = slot.x + slot.width * (index + 1) / (len(arrows) + 1)
    return ports


def _straightened(points: list[Point]) -> list[Point]:
    corners: list[Point] = []
    for point in points:
        if corners[-1:] == [point]:
            continue
        if len(corners) > 1 and (corners[-2][0] == corners[-1][0] == point[0] or corners[-2][1] == corners[-1][1] == point[1]):
            corners[-1] = point
        else:
            corners.append(point)
    return corners


def _rect(slot: _Slot) -> Rect:
    return Rect(round(slot.x), round(slot.y), slot.width, slot.height)


def _boundaries(picture: Picture, rects: dict[str, Rect]) -> dict[str, Rect]:
    around = {}
    for boundary in picture.boundaries:
        inside = [rects[node.id] for node in picture.nodes if node.boundary == boundary.id]
        if inside:
            around[boundary.id] = _around(boundary, inside)
    return around


def _around(_boundary: Boundary, inside: list[Rect]) -> Rect:
    left, top = min(rect.x for rect in inside) - BOUNDARY_PAD, min(rect.y for rect in inside) - BOUNDARY_PAD - 2 * BOUNDARY_TITLE
    right, bottom = max(rect.right for rect in inside) + BOUNDARY_PAD, max(rect.bottom for rect in inside) + BOUNDARY_PAD
    return Rect(left, top, right - left, bottom - top)


def _shifted(nodes: dict[str, Rect], boundaries: dict[str, Rect], routes: dict[str, Route]) -> Layout:
    """Everything moved so that it begins at the margin."""
    rects = [*nodes.values(), *boundaries.values(), *(route.label for route in routes.values() if route.label)]
    points = [point for route in routes.values() for point in route.points]
    left = min(min(rect.x for rect in rects), min((x for x, _ in points), default=0)) - MARGIN
    top = min(min(rect.y for rect in rects), min((y for _, y in points), default=0)) - MARGIN
    right = max(max(rect.right for rect in rects), max((x for x, _ in points), default=0)) + MARGIN
    bottom = max(max(rect.bottom for rect in rects), max((y for _, y in points), default=0)) + MARGIN

    def moved(rect: Rect) -> Rect:
        return Rect(rect.x - left, rect.y - top, rect.width, rect.height)

    return Layout(
        right - left,
        bottom - top,
        {id: moved(rect) for id, rect in nodes.items()},
        {id: moved(rect) for id, rect in boundaries.items()},
        {
            id: Route(tuple((x - left, y - top) for x, y in route.points), moved(route.label) if route.label else None)
            for id, route in routes.items()
        },
        NAME,
    )
