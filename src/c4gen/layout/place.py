"""Pictures to layouts: kept positions first, ELK next, our own layout last."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

from c4gen.layout import elk, engines, layered
from c4gen.layout.boxes import Box, Label, boxes, labels
from c4gen.layout.engines import Engine, LayoutFailed
from c4gen.layout.geometry import Layout
from c4gen.layout.kept import Positions, digest
from c4gen.layout.quality import quality
from c4gen.views.picture import Picture

LARGEST = 400  # boxes that ELK is asked to place
WIDE, TALL = 2.3, 0.75  # width by height, beyond which the other direction is tried too
WORSE = 1.25  # by how much keeping the old order may cost more than beginning anew
SLACK = 3.0


class Placer:
    """Lays out the pictures of one build. `engine` is None where only our own layout is to be used; it is started when first needed."""

    def __init__(self, engine: "LazyEngine | None", positions: Positions | None = None) -> None:
        self.engine = engine
        self.positions = positions or Positions()

    def lay_out(self, picture: Picture) -> Layout:
        sizes, said = boxes(picture), labels(picture)
        asked = digest(elk.graph(picture, sizes, said, "DOWN", {}))
        layout = self.positions.find(picture.id, asked) or self._fresh(picture, sizes, said)
        self.positions.keep(picture.id, asked, layout)
        return layout

    def _fresh(self, picture: Picture, sizes: dict[str, Box], said: dict[str, Label]) -> Layout:
        if self.engine and len(picture.nodes) <= LARGEST:
            try:
                return _with_elk(self.engine.started(), picture, sizes, said, self.positions)
            except LayoutFailed:
                self.engine.note_failure()
        return layered.lay_out(picture, sizes, said)


class LazyEngine:
    """An engine that starts with the first picture that nobody has positions of."""

    def __init__(self, start: Iterator[Engine]) -> None:
        self._start = start
        self._engine: Engine | None = None
        self.failures = 0

    def started(self) -> Engine:
        if self._engine is None:
            self._engine = next(self._start)
        return self._engine

    def note_failure(self) -> None:
        self.failures += 1


@contextmanager
def placer(positions: Positions | None = None) -> Iterator[Placer]:
    """With the best engine that is here."""

    def start() -> Generator[Engine, None, None]:
        opened = engines.best()
        if opened is None:
            raise LayoutFailed("neither Node nor QuickJS is here")
        with opened as engine:
            yield engine

    starting = start()
    try:
        yield Placer(LazyEngine(starting), positions)
    finally:
        starting.close()


def _with_elk(engine: Engine, picture: Picture, sizes: dict[str, Box], said: dict[str, Label], positions: Positions) -> Layout:
    layout = _in_better_direction(engine, picture, sizes, said)
    hints = {id: place for id, place in positions.hints(picture.id).items() if id in sizes}
    if not hints:
        return layout
    direction = "DOWN"
    steady = elk.lay_out(engine, picture, sizes, said, direction, hints)
    allowed = quality(picture, layout).cost * WORSE + SLACK
    return steady if quality(picture, steady).cost <= allowed else layout


def _in_better_direction(engine: Engine, picture: Picture, sizes: dict[str, Box], said: dict[str, Label]) -> Layout:
    down = elk.lay_out(engine, picture, sizes, said, "DOWN", {})
    if TALL <= quality(picture, down).aspect <= WIDE:
        return down
    right = elk.lay_out(engine, picture, sizes, said, "RIGHT", {})
    return min((down, right), key=lambda layout: quality(picture, layout).cost)
