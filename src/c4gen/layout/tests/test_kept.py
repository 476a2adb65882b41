"""Positions from last time."""

from dataclasses import replace
from pathlib import Path
from statistics import median

from c4gen.layout.engines import Engine, LayoutFailed
from c4gen.layout.geometry import Layout
from c4gen.layout.kept import Positions
from c4gen.layout.place import LazyEngine, Placer
from c4gen.views.picture import Edge, Node, Picture


def placed(engine: Engine | None, picture: Picture, positions: Positions) -> Layout:
    return Placer(*([LazyEngine(iter([engine]))] if engine else []), positions=positions).lay_out(picture)


def again(positions: Positions, folder: Path) -> Positions:
    file = folder / "positions.json"
    file.write_text(positions.text(), encoding="utf-8")
    return Positions.read(file)


def inversions(before: Layout, after: Layout) -> int:
    """Pairs that stood side by side or one above the other and no longer do so in that order."""
    shared = [id for id in before.nodes if id in after.nodes]

    def turned(a: str, b: str) -> bool:
        one, two, new, newer = before.nodes[a], before.nodes[b], after.nodes[a], after.nodes[b]
        return (one.right <= two.x and newer.right <= new.x) or (one.bottom <= two.y and newer.bottom <= new.y)

    return sum(turned(a, b) for a in shared for b in shared)


class NoEngine:
    def lay_out(self, graph: object) -> dict[str, object]:
        raise AssertionError("a picture that did not change was laid out again")


class Broken:
    def lay_out(self, graph: object) -> dict[str, object]:
        raise LayoutFailed("broken")


def test_an_unchanged_picture_needs_no_engine(engine: Engine, pictures: dict[str, Picture], tmp_path: Path):
    positions = Positions()
    first = placed(engine, pictures["containers"], positions)
    kept = again(positions, tmp_path)
    assert placed(NoEngine(), pictures["containers"], kept) == first
    assert kept.text() == positions.text()


def test_a_longer_text_that_changes_no_size_moves_nothing(engine: Engine, pictures: dict[str, Picture], tmp_path: Path):
    positions = Positions()
    picture = pictures["context"]
    first = placed(engine, picture, positions)
    renamed = replace(picture, nodes=tuple(replace(node, tags=("seen",)) for node in picture.nodes))
    assert placed(NoEngine(), renamed, again(positions, tmp_path)) == first


def test_a_new_box_leaves_the_others_in_their_order(engine: Engine, pictures: dict[str, Picture], tmp_path: Path):
    for name in ("containers", "context", "landscape", "star"):
        picture = pictures[name]
        positions = Positions()
        first = placed(engine, picture, positions)
        newcomer = Node("newcomer", "A new system", "External System", external=True)
        source = picture.edges[0].source
        grown = replace(picture, nodes=(*picture.nodes, newcomer), edges=(*picture.edges, Edge("new", source, "newcomer", "Asks")))
        after = placed(engine, grown, again(positions, tmp_path))
        assert "newcomer" in after.nodes
        assert inversions(first, after) <= len(picture.nodes) // 2, name


def test_a_new_arrow_moves_little(engine: Engine, pictures: dict[str, Picture], tmp_path: Path):
    """At most two thirds as far as without positions, over pictures of all kinds, each with an arrow from its first box to its last and one the other way."""
    moved = {True: 0.0, False: 0.0}
    for picture in pictures.values():
        positions = Positions()
        first = placed(engine, picture, positions)
        ends = picture.edges[0].source, picture.edges[-1].target
        for source, target in (ends, ends[::-1]):
            if source == target:
                continue
            grown = replace(picture, edges=(*picture.edges, Edge("new", source, target, "Asks for more")))
            for kept in moved:
                moved[kept] += typical_way(first, placed(engine, grown, again(positions, tmp_path) if kept else Positions()))
    assert moved[True] <= moved[False] * 2 / 3, moved


def typical_way(before: Layout, after: Layout) -> float:
    """How far the box in the middle of all moved, in pixels."""
    return median(abs(after.nodes[id].x - rect.x) + abs(after.nodes[id].y - rect.y) for id, rect in before.nodes.items())


def test_damaged_positions_count_as_none(engine: Engine, pictures: dict[str, Picture], tmp_path: Path):
    picture = pictures["components"]
    positions = Positions()
    first = placed(engine, picture, positions)
    file = tmp_path / "positions.json"
    for damage in ("", "[]", "{", '{"version": 1, "pictures": []}', positions.text().replace('"size": [', '"size": ["a",'), "\x00"):
        file.write_text(damage)
        assert placed(engine, picture, Positions.read(file)) == first


def test_without_a_working_engine_our_own_layout_steps_in(pictures: dict[str, Picture]):
    for broken in (None, Broken()):
        assert placed(broken, pictures["context"], Positions()).engine == "layered"
