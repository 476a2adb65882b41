"""A picture that has been laid out, in whole pixels from the upper left corner."""

from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True)
class Rect:
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: "Rect") -> bool:
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: "Rect") -> bool:
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom


@dataclass(frozen=True)
class Route:
    """An arrow's corners from source to target, and the place of its label, if it has one."""

    points: tuple[Point, ...]
    label: Rect | None = None


@dataclass(frozen=True)
class Layout:
    """`nodes`, `boundaries` and `routes` are keyed by the ids of the picture. `engine` names what placed them."""

    width: int
    height: int
    nodes: dict[str, Rect]
    boundaries: dict[str, Rect]
    routes: dict[str, Route]
    engine: str
