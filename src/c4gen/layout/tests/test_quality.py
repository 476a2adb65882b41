"""The figures, and what pictures must keep to. Raise a limit only with a look at the picture."""

from dataclasses import replace

import pytest

from c4gen.layout import layered
from c4gen.layout.boxes import boxes, labels
from c4gen.layout.engines import Engine
from c4gen.layout.geometry import Layout, Rect, Route
from c4gen.layout.place import LazyEngine, Placer
from c4gen.layout.quality import quality
from c4gen.views.picture import Edge, Node, Picture

MOST_CROSSINGS = {
    "containers": 4,
    "scenario": 0,
    "context": 0,
    "components": 0,
    "dependencies": 0,
    "landscape": 1,
    "star": 0,
    "large containers": 6,
}
MOST_SHRUNK = 1.9  # letters of 13 pixels are 7 pixels high at first sight


def cross(label: Rect | None = None, box: Rect | None = None) -> tuple[Picture, Layout]:
    """Two arrows that cross, between the corners of a square."""
    places = {"a": (0, 0), "b": (200, 200), "c": (200, 0), "d": (0, 200)} | ({"e": (box.x, box.y)} if box else {})
    edges = (Edge("one", "a", "b", "x"), Edge("two", "c", "d", "y"))
    picture = Picture("p", "P", "", tuple(Node(id, id, "") for id in places), edges)
    rects = {id: Rect(x, y, 20, 20) for id, (x, y) in places.items()}
    return picture, Layout(220, 220, rects, {}, {"one": Route(((20, 20), (200, 200)), label), "two": Route(((200, 20), (20, 200)))}, "hand")


def test_a_crossing_counts_once():
    found = quality(*cross())
    assert (found.crossings, found.through, found.covered, found.overlaps, found.aspect) == (1, 0, 0, 0, 1.0)


def test_a_box_on_the_way_of_two_arrows():
    assert quality(*cross(box=Rect(100, 100, 20, 20))).through == 2


def test_a_label_under_another_arrow():
    assert quality(*cross(label=Rect(95, 100, 20, 20))).covered == 1


def test_boxes_on_boxes():
    assert quality(*cross(box=Rect(10, 0, 20, 20))).overlaps == 1


def test_a_screen_shrinks_what_is_larger_than_it():
    picture, layout = cross()
    assert quality(picture, layout).shrunk == 1
    assert quality(picture, replace(layout, width=2780)).shrunk == 2


@pytest.mark.parametrize("name", MOST_CROSSINGS)
def test_pictures_by_elk(name: str, pictures: dict[str, Picture], engine: Engine):
    found = quality(pictures[name], Placer(LazyEngine(iter([engine]))).lay_out(pictures[name]))
    assert found.crossings <= MOST_CROSSINGS[name]
    assert (found.through, found.covered, found.overlaps) == (0, 0, 0)
    assert 0.3 <= found.aspect <= 4
    assert found.shrunk <= MOST_SHRUNK


@pytest.mark.parametrize("name", MOST_CROSSINGS)
def test_pictures_without_elk(name: str, pictures: dict[str, Picture]):
    picture = pictures[name]
    found = quality(picture, layered.lay_out(picture, boxes(picture), labels(picture)))
    assert (found.through, found.overlaps) == (0, 0)
    assert found.crossings <= 3 * len(picture.edges)
