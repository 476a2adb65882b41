"""Pictures to layouts: kept positions first, ELK next, our own layout last."""

import os
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from math import sqrt
from queue import SimpleQueue

from c4gen.layout import elk, engines, layered
from c4gen.layout.boxes import Box, Label, boxes, labels
from c4gen.layout.elk import DOWN, Way
from c4gen.layout.engines import Engine, LayoutFailed
from c4gen.layout.geometry import Layout
from c4gen.layout.kept import Positions, digest
from c4gen.layout.quality import quality
from c4gen.views.picture import Picture

LARGEST = 400  # boxes that ELK is asked to place
SMALL = 1.2  # times that a screen may shrink a picture before a second way is tried
SMALLER = 1.5  # before a third
TALL = 0.8  # width by height, below which a picture is laid out sideways too
MANY = 6  # boxes with one arrow, from which a picture is a star rather than a path
MOST_ENGINES = 4
WORSE = 1.25  # by how much keeping the old order may cost more than beginning anew
SLACK = 3.0


class Placer:
    """Lays out the pictures of one build. `engines` is empty where only our own layout is to be used; each is started when first needed."""

    def __init__(self, *engines: "LazyEngine", positions: Positions | None = None) -> None:
        self.engines = engines
        self.positions = positions or Positions()

    def lay_out(self, picture: Picture) -> Layout:
        return self._lay_out(picture, self.positions, self.engines[0] if self.engines else None)

    def ahead(self, asked: Sequence[tuple[Positions, Picture]]) -> None:
        """Lay out several pictures at once; `lay_out` finds them in their positions."""
        free: SimpleQueue[LazyEngine] = SimpleQueue()
        for engine in self.engines:
            free.put(engine)

        def one(positions: Positions, picture: Picture) -> None:
            engine = free.get()
            try:
                self._lay_out(picture, positions, engine)
            finally:
                free.put(engine)

        if len(self.engines) > 1:
            with ThreadPoolExecutor(len(self.engines)) as pool:
                list(pool.map(one, *zip(*asked, strict=True)) if asked else ())

    def _lay_out(self, picture: Picture, positions: Positions, engine: "LazyEngine | None") -> Layout:
        sizes, said = boxes(picture), labels(picture)
        asked = digest(elk.graph(picture, sizes, said, DOWN, {}))
        layout = positions.find(picture.id, asked) or _fresh(picture, sizes, said, positions, engine)
        positions.keep(picture.id, asked, layout)
        return layout


def _fresh(picture: Picture, sizes: dict[str, Box], said: dict[str, Label], positions: Positions, engine: "LazyEngine | None") -> Layout:
    if engine and len(picture.nodes) <= LARGEST:
        try:
            return _with_elk(engine.started(), picture, sizes, said, positions)
        except LayoutFailed:
            engine.note_failure()
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
def placer() -> Iterator[Placer]:
    """With as many of the best engines that are here as there are processors for."""
    opener = engines.best()

    def start() -> Generator[Engine, None, None]:
        if opener is None:
            raise LayoutFailed("neither Node nor QuickJS is here")
        with opener() as engine:
            yield engine

    with ExitStack() as ended:
        starting = [start() for _ in range(min(MOST_ENGINES, os.cpu_count() or 1))]
        for one in starting:
            ended.callback(one.close)
        yield Placer(*map(LazyEngine, starting))


def _with_elk(engine: Engine, picture: Picture, sizes: dict[str, Box], said: dict[str, Label], positions: Positions) -> Layout:
    hints = {id: place for id, place in positions.hints(picture.id).items() if id in sizes}
    usual = Way.named(positions.engine(picture.id))
    if hints and usual:
        steady = elk.lay_out(engine, picture, sizes, said, usual, hints)
        fresh = elk.lay_out(engine, picture, sizes, said, usual)
        if quality(picture, steady).cost <= quality(picture, fresh).cost * WORSE + SLACK:
            return steady
    return _in_best_way(engine, picture, sizes, said)


def _ways(picture: Picture) -> tuple[Way, ...]:
    """Stars are too wide in one layer: half of their points go to the other side, or several rows hold them."""
    ties = Counter(end for edge in picture.edges for end in {edge.source, edge.target})
    if sum(ties[node.id] == 1 for node in picture.nodes) < MANY:
        return (DOWN, Way("RIGHT"))
    row = max(4, round(sqrt(1.5 * len(picture.nodes))))
    return (Way("DOWN", both_sides=True), Way("RIGHT", row=row), Way("DOWN", row=row))


def _in_best_way(engine: Engine, picture: Picture, sizes: dict[str, Box], said: dict[str, Label]) -> Layout:
    """The first way that suits a screen, else the best."""
    tried: list[tuple[float, Layout]] = []
    for way in _ways(picture):
        layout = elk.lay_out(engine, picture, sizes, said, way)
        found = quality(picture, layout)
        tried.append((found.cost, layout))
        if found.shrunk <= (SMALLER if len(tried) > 1 else SMALL) and found.crossings <= 1 and found.aspect > TALL:
            break
    return min(tried, key=lambda each: each[0])[1]
