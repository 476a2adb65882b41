"""Positions from last time, in a file beside the pages, so that a picture that did not change is not laid out again and one that did moves little."""

import hashlib
import json
from pathlib import Path
from typing import Any

from c4gen.layout.geometry import Layout, Point, Rect, Route

VERSION = 1


def digest(question: Any) -> str:
    return hashlib.sha256(json.dumps(question, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:32]


class Positions:
    """The layouts of some pictures, by the picture's id. What cannot be read counts as not there."""

    def __init__(self, pictures: dict[str, Any] | None = None) -> None:
        self._pictures = dict(pictures or {})
        self._used: dict[str, Any] = {}

    @classmethod
    def read(cls, file: Path) -> "Positions":
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            return cls(content["pictures"] if content["version"] == VERSION else None)
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def find(self, picture: str, asked: str) -> Layout | None:
        """The layout of exactly this question."""
        kept = self._pictures.get(picture)
        if not isinstance(kept, dict) or kept.get("digest") != asked:
            return None
        try:
            layout = _layout(kept)
        except (KeyError, TypeError, ValueError, IndexError):
            return None
        self._used[picture] = kept
        return layout

    def hints(self, picture: str) -> dict[str, Point]:
        """Where boxes of this picture stood."""
        try:
            return {id: (int(place[0]), int(place[1])) for id, place in self._pictures[picture]["nodes"].items()}
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            return {}

    def engine(self, picture: str) -> str:
        """What placed this picture, and how."""
        kept = self._pictures.get(picture)
        return str(kept.get("engine", "")) if isinstance(kept, dict) else ""

    def keep(self, picture: str, asked: str, layout: Layout) -> None:
        self._used[picture] = self._pictures[picture] = {
            "digest": asked,
            "engine": layout.engine,
            "size": [layout.width, layout.height],
            "nodes": {id: _numbers(rect) for id, rect in sorted(layout.nodes.items())},
            "boundaries": {id: _numbers(rect) for id, rect in sorted(layout.boundaries.items())},
            "routes": {id: _route_numbers(route) for id, route in sorted(layout.routes.items())},
        }

    def text(self) -> str:
        """What to write: the pictures that were asked for since reading."""
        lines = ",\n".join(
            f"{json.dumps(id, ensure_ascii=False)}: {json.dumps(kept, ensure_ascii=False)}" for id, kept in sorted(self._used.items())
        )
        return f'{{"version": {VERSION}, "pictures": {{\n{lines}\n}}}}\n'


def _numbers(rect: Rect) -> list[int]:
    return [rect.x, rect.y, rect.width, rect.height]


def _route_numbers(route: Route) -> dict[str, Any]:
    corners = [number for point in route.points for number in point]
    return {"points": corners, "label": _numbers(route.label)} if route.label else {"points": corners}


def _layout(kept: dict[str, Any]) -> Layout:
    return Layout(
        int(kept["size"][0]),
        int(kept["size"][1]),
        {id: _rect(numbers) for id, numbers in kept["nodes"].items()},
        {id: _rect(numbers) for id, numbers in kept["boundaries"].items()},
        {id: _route(route) for id, route in kept["routes"].items()},
        str(kept["engine"]),
    )


def _rect(numbers: list[Any]) -> Rect:
    return Rect(*(int(number) for number in numbers))


def _route(kept: dict[str, Any]) -> Route:
    numbers = [int(number) for number in kept["points"]]
    return Route(tuple(zip(numbers[::2], numbers[1::2], strict=True)), _rect(kept["label"]) if "label" in kept else None)
