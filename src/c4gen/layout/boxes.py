"""How large boxes and labels are: from their text."""

from dataclasses import dataclass
from math import ceil

from c4gen.layout.text import width, wrap
from c4gen.views.picture import Boundary, Edge, Node, Picture, Shape

TITLE, KIND, BODY, LABEL = 16, 12, 13, 13  # font sizes
LINE = 1.3  # of the font size
BOX_WIDTH = 216
PAD = 12
HEAD = 40  # above a person's shoulders
CAP = 12  # of a cylinder, above and below; of a queue, left and right
LABEL_WIDTH = 160
LABEL_LINES = 8
BOUNDARY_TITLE = 15


@dataclass(frozen=True)
class Lines:
    """Text broken into lines, all of one size."""

    lines: tuple[str, ...]
    size: int
    bold: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE

    @property
    def width(self) -> float:
        return max((width(line, self.size, self.bold) for line in self.lines), default=0)


@dataclass(frozen=True)
class Box:
    width: int
    height: int
    title: Lines
    kind: Lines
    body: Lines


@dataclass(frozen=True)
class Label:
    width: int
    height: int
    text: Lines
    technology: Lines


def box(node: Node) -> Box:
    room = BOX_WIDTH - 2 * PAD - (2 * CAP if node.shape is Shape.QUEUE else 0)
    title = Lines(wrap(node.title, room, TITLE, bold=True, most=3), TITLE, bold=True)
    kind = Lines(wrap(f"[{node.kind}]" if node.kind else "", room, KIND, most=2), KIND)
    body = Lines(wrap(node.description, room, BODY, most=4), BODY)
    height = 2 * PAD + title.height + kind.height + (6 + body.height if body.lines else 0)
    height += {Shape.PERSON: HEAD, Shape.DATABASE: 2 * CAP}.get(node.shape, 0)
    return Box(BOX_WIDTH, max(_even(height), 64), title, kind, body)


def label(edge: Edge) -> Label:
    """One of no size where there is nothing to say."""
    said = tuple(line for part in edge.label.split("\n") for line in wrap(part, LABEL_WIDTH, LABEL, most=3))
    if len(said) > LABEL_LINES:
        said = (*said[: LABEL_LINES - 1], "…")
    text = Lines(said, LABEL)
    technology = Lines(wrap(f"[{edge.technology}]" if edge.technology else "", LABEL_WIDTH, KIND, most=2), KIND)
    if not text.lines and not technology.lines:
        return Label(0, 0, text, technology)
    return Label(_even(max(text.width, technology.width) + 10), _even(text.height + technology.height + 6), text, technology)


def boundary_title(boundary: Boundary) -> str:
    return f"{boundary.title} [{boundary.kind}]" if boundary.kind else boundary.title


def boxes(picture: Picture) -> dict[str, Box]:
    return {node.id: box(node) for node in picture.nodes}


def labels(picture: Picture) -> dict[str, Label]:
    return {edge.id: label(edge) for edge in picture.edges}


def _even(length: float) -> int:
    return 2 * ceil(length / 2)
