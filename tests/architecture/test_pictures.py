"""Corridor's own pictures can be read. Raise a limit only with a look at the picture."""

from itertools import pairwise
from pathlib import Path

import pytest

from c4gen.layout.kept import Positions
from c4gen.layout.place import Placer
from c4gen.layout.quality import quality
from c4gen.model.graph import Graph
from c4gen.views.atlas import Atlas
from c4gen.views.gallery import gallery
from c4gen.views.landscape import landscape
from c4gen.views.picture import Picture

FOLDER = Path(__file__).parents[2] / "docs" / "architecture"
MOST_CROSSINGS = 0.5  # for each arrow
MOST_SHRUNK = 2.1  # letters of 13 pixels are at least 6 pixels high at first sight on a laptop
HEAVIEST = 400_000  # bytes of a page


@pytest.fixture(scope="module")
def pictures(graphs: list[Graph]) -> list[tuple[Positions, Picture]]:
    atlas = Atlas(tuple(sorted(graphs, key=lambda graph: graph.model.meta.name)))
    of_systems = [
        (Positions.read(FOLDER / graph.model.meta.name / "positions.json"), picture)
        for graph in atlas.graphs
        for picture in gallery(atlas, graph)
    ]
    return [(Positions.read(FOLDER / "positions.json"), landscape(atlas)), *of_systems]


def test_every_picture_keeps_to_its_limits(pictures: list[tuple[Positions, Picture]]):
    wrong = []
    for positions, picture in pictures:
        if not picture.nodes:
            continue
        found = quality(picture, Placer(positions=positions).lay_out(picture))
        if (
            found.crossings > MOST_CROSSINGS * len(picture.edges)
            or found.through
            or found.covered
            or found.overlaps
            or found.shrunk > MOST_SHRUNK
        ):
            wrong.append(f"{picture.title}: {found}")
    assert not wrong


def test_arrows_run_straight_or_at_right_angles(pictures: list[tuple[Positions, Picture]]):
    for positions, picture in pictures:
        for id, route in Placer(positions=positions).lay_out(picture).routes.items() if picture.nodes else ():
            assert all(abs(a[0] - b[0]) <= 1 or abs(a[1] - b[1]) <= 1 for a, b in pairwise(route.points)), f"{picture.title}: {id}"


def test_no_label_and_no_name_is_cut():
    cut = [
        f"{file.relative_to(FOLDER)}: {line}"
        for file in FOLDER.rglob("*.svg")
        for line in file.read_text().split("</text>")
        if line.endswith("…")
    ]
    assert not cut


def test_pages_are_light():
    assert not {file.name: file.stat().st_size for file in FOLDER.rglob("*.html") if file.stat().st_size > HEAVIEST}
