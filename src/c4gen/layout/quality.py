"""How well a picture can be read, as counts. Judged in the tests, printed on the pages, used to choose between layouts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

from c4gen.layout.geometry import Layout, Point, Rect
from c4gen.views.picture import Picture

Segment = tuple[Point, Point]
SCREEN = (1390, 690)  # pixels that a page leaves for a picture on a laptop, without the legend


@dataclass(frozen=True)
class Quality:
    """`crossings`: of two arrows. `through`: arrows that pass through a box that is not theirs. `covered`: labels that touch a box, another label or
    an arrow that is not theirs. `overlaps`: boxes on boxes. `aspect`: width by height. `shrunk`: how many times smaller a screen shows it, at least 1."""

    crossings: int
    through: int
    covered: int
    overlaps: int
    aspect: float
    shrunk: float
    area: int

    @property
    def cost(self) -> float:
        """Lower is better. Letters that grow small cost like crossings do, and what is higher than wide costs a little."""
        tall = max(0.0, 1 / self.aspect - 1.2)
        return (
            3 * tall
            + self.crossings
            + 8 * self.through
            + 8 * self.covered
            + 50 * self.overlaps
            + 14 * (self.shrunk - 1)
            + self.area / 1_000_000
        )


def quality(picture: Picture, layout: Layout) -> Quality:
    ends = {edge.id: (edge.source, edge.target) for edge in picture.edges}
    segments = {id: tuple(pairwise(route.points)) for id, route in layout.routes.items()}
    labels = {id: route.label for id, route in layout.routes.items() if route.label}
    return Quality(
        crossings=_crossings(segments),
        through=sum(
            any(id not in ends[edge] and _meets_any(lines, rect, 1) for id, rect in layout.nodes.items())
            for edge, lines in segments.items()
        ),
        covered=_covered(labels, segments, layout.nodes),
        overlaps=sum(a.overlaps(b) for a, b in combinations(layout.nodes.values(), 2)),
        aspect=round(layout.width / layout.height, 2),
        shrunk=round(max(1.0, layout.width / SCREEN[0], layout.height / SCREEN[1]), 2),
        area=layout.width * layout.height,
    )


def _crossings(segments: dict[str, tuple[Segment, ...]]) -> int:
    return sum(any(_cross(one, other) for one in mine for other in theirs) for mine, theirs in combinations(segments.values(), 2))


def _cross(one: Segment, other: Segment) -> bool:
    """A proper crossing: each ends on both sides of the other."""
    return _side(one, other[0]) * _side(one, other[1]) < 0 and _side(other, one[0]) * _side(other, one[1]) < 0


def _side(line: Segment, point: Point) -> int:
    (ax, ay), (bx, by) = line
    turn = (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)
    return (turn > 0) - (turn < 0)


def _covered(labels: dict[str, Rect], segments: dict[str, tuple[Segment, ...]], nodes: dict[str, Rect]) -> int:
    return sum(
        any(rect.overlaps(other) for other in nodes.values())
        or any(rect.overlaps(other) for edge, other in labels.items() if edge != id)
        or any(_meets_any(lines, rect, 2) for edge, lines in segments.items() if edge != id)
        for id, rect in labels.items()
    )


def _meets_any(lines: Iterable[Segment], rect: Rect, inset: int) -> bool:
    return any(passes(line, rect, inset) for line in lines)


def passes(line: Segment, rect: Rect, inset: int) -> bool:
    """Whether a segment passes through the rectangle, drawn `inset` pixels smaller (Liang and Barsky's clipping)."""
    (x, y), (to_x, to_y) = line
    left, right, top, bottom = rect.x + inset, rect.right - inset, rect.y + inset, rect.bottom - inset
    enter, leave = 0.0, 1.0
    for step, distance in ((x - to_x, x - left), (to_x - x, right - x), (y - to_y, y - top), (to_y - y, bottom - y)):
        if step == 0:
            if distance < 0:
                return False
        elif step < 0:
            enter = max(enter, distance / step)
        else:
            leave = min(leave, distance / step)
    return enter < leave
