"""Pictures to layouts: kept positions first, ELK next, our own layout last."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from math import sqrt

from c4gen.layout import elk, engines, layered
from c4gen.layout.boxes import Box, Label, boxes, labels
from c4gen.layout.elk import DOWN, Way
from c4gen.layout.engines import Engine, LayoutFailed
from c4gen.layout.geometry import Layout
from c4gen.layout.kept import Positions, digest
from c4gen.layout.quality import quality
from c4gen.views.picture import Picture

LARGEST = 400  # boxes that ELK is asked to place
WIDE, TALL = 2.3, 1.2  # width by height, beyond which the other direction is tried too
TALLER, WIDER = 0.8, 2.7  # beyond which further ways are tried
CROWDED = 60  # boxes, from which fewer ways are tried
WORSE = 1.25  # by how much keeping the old order may cost more than beginning anew
SLACK = 3.0


class Placer:
    """Lays out the pictures of one build. `engine` is None where only our own layout is to be used; it is started when first needed."""

    def __init__(self, engine: "LazyEngine | None", positions: Positions | None = None) -> None:
        self.engine = engine
        self.positions = positions or Positions()

    def lay_out(self, picture: Picture) -> Layout:
        sizes, said = boxes(picture), labels(picture)
        asked = digest(elk.graph(picture, sizes, said, DOWN, {}))
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
    hints = {id: place for id, place in positions.hints(picture.id).items() if id in sizes}
    usual = next((way for way in _ways(picture) if positions.engine(picture.id) == f"{elk.NAME}, {way.name}"), None)
    if hints and usual:
        steady = elk.lay_out(engine, picture, sizes, said, usual, hints)
        fresh = elk.lay_out(engine, picture, sizes, said, usual)
        if quality(picture, steady).cost <= quality(picture, fresh).cost * WORSE + SLACK:
            return steady
    return _in_best_way(engine, picture, sizes, said)


def _ways(picture: Picture) -> tuple[Way, ...]:
    row = max(4, round(sqrt(1.5 * len(picture.nodes))))
    return (DOWN, Way("RIGHT"), Way("DOWN", both_sides=True), Way("RIGHT", both_sides=True), Way("DOWN", row=row), Way("RIGHT", row=row))


def _in_best_way(engine: Engine, picture: Picture, sizes: dict[str, Box], said: dict[str, Label]) -> Layout:
    """The first way that suits a screen; else the best of as many as the size of the picture allows to try."""
    tried: list[tuple[float, Layout]] = []
    for index, way in enumerate(_ways(picture)):
        layout = elk.lay_out(engine, picture, sizes, said, way)
        found = quality(picture, layout)
        tried.append((found.cost, layout))
        narrow, wide = (TALL, WIDE) if index == 0 else (TALLER, WIDER)
        if narrow <= found.aspect <= wide or (index >= 3 and len(picture.nodes) > CROWDED):
            break
    return min(tried, key=lambda each: each[0])[1]
