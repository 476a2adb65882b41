"""What every engine must keep to: nothing lost, members inside their boundary and nobody else, arrows from box to box."""

import random
import shutil

import pytest

from c4gen.layout import elk, engines, layered
from c4gen.layout.boxes import boxes, labels
from c4gen.layout.engines import Engine
from c4gen.layout.geometry import Layout, Point, Rect
from c4gen.views.picture import Boundary, Edge, Node, Picture


def woven(seed: int) -> Picture:
    """Any graph: circles, loops, lonely boxes, several arrows between the same two, one or two boundaries."""
    chance = random.Random(seed)
    groups = ("", "x", "y")[: chance.randint(1, 3)]
    nodes = tuple(
        Node(f"n{n}", f"Box {n}", "Kind", "Says something " * chance.randint(0, 4), boundary=chance.choice(groups))
        for n in range(chance.randint(1, 14))
    )
    ends = [(chance.choice(nodes).id, chance.choice(nodes).id) for _ in range(chance.randint(0, 16))]
    edges = tuple(Edge(f"e{n}", source, target, "does this and that " * (n % 3)) for n, (source, target) in enumerate(ends))
    return Picture(f"woven-{seed}", "Woven", "", nodes, edges, tuple(Boundary(group, group) for group in groups if group))


def touches(rect: Rect, point: Point) -> bool:
    return Rect(rect.x - 2, rect.y - 2, rect.width + 4, rect.height + 4).holds(Rect(*point, 0, 0))


def check(picture: Picture, layout: Layout) -> None:
    assert layout.nodes.keys() == {node.id for node in picture.nodes}
    assert layout.routes.keys() == {edge.id for edge in picture.edges}
    whole = Rect(0, 0, layout.width, layout.height)
    assert all(whole.holds(rect) for rect in [*layout.nodes.values(), *layout.boundaries.values()])
    for edge in picture.edges:
        points = layout.routes[edge.id].points
        assert touches(layout.nodes[edge.source], points[0])
        assert touches(layout.nodes[edge.target], points[-1])
        assert (layout.routes[edge.id].label is not None) == bool(edge.label)
    for id, frame in layout.boundaries.items():
        for node in picture.nodes:
            rect = layout.nodes[node.id]
            assert frame.holds(rect) if node.boundary == id else not frame.overlaps(rect)


@pytest.mark.parametrize("seed", range(60))
def test_layered(seed: int):
    picture = woven(seed)
    check(picture, layered.lay_out(picture, boxes(picture), labels(picture)))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("way", [elk.DOWN, elk.Way("RIGHT", both_sides=True), elk.Way("RIGHT", row=5)], ids=lambda way: way.name)
def test_elk(seed: int, way: elk.Way, engine: Engine):
    picture = woven(seed)
    check(picture, elk.lay_out(engine, picture, boxes(picture), labels(picture), way))


def test_the_same_question_has_the_same_answer(engine: Engine, pictures: dict[str, Picture]):
    picture = pictures["containers"]
    asked = picture, boxes(picture), labels(picture), elk.DOWN
    first = elk.lay_out(engine, *asked)
    elk.lay_out(engine, woven(3), boxes(woven(3)), labels(woven(3)), elk.DOWN)
    assert elk.lay_out(engine, *asked) == first


def test_node_and_quickjs_agree(engine: Engine, pictures: dict[str, Picture]):
    program = shutil.which("node")
    if program is None:
        pytest.fail("There is no Node here to compare with: the CI has one.")
    with engines.node(program) as other:
        for picture in (pictures["components"], pictures["scenario"]):
            asked = picture, boxes(picture), labels(picture), elk.DOWN
            assert elk.lay_out(other, *asked) == elk.lay_out(engine, *asked)


def test_a_broken_engine_is_told_not_raised_through():
    with engines.node("true") as broken, pytest.raises(engines.LayoutFailed):
        broken.lay_out({"id": "x"})


def test_an_impossible_graph_fails_as_a_failure(engine: Engine):
    with pytest.raises(engines.LayoutFailed):
        engine.lay_out(
            {"id": "x", "layoutOptions": {"elk.algorithm": "layered"}, "edges": [{"id": "e", "sources": ["nobody"], "targets": ["x"]}]}
        )
