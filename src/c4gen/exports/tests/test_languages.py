"""Every export is read by a strict reader of its language, whatever names hold, and tells of the same boxes and arrows."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c4gen.exports.diagram import mermaid, plantuml
from c4gen.exports.tests.grammars import NotInTheLanguage, read_mermaid, read_plantuml, read_structurizr
from c4gen.exports.whole import picture_json, structurizr
from c4gen.model.graph import Graph
from c4gen.pages.tests import cast
from c4gen.views.atlas import Atlas
from c4gen.views.gallery import gallery
from c4gen.views.picture import Boundary, Edge, Node, Picture, Shape, Sync

GRAPHS = [cast.campus(), cast.library(), cast.hostile(), cast.large(20)]
WORDS = (
    "end",
    "@enduml",
    "!include",
    "%%",
    "->",
    "subgraph ",
    "é",
    "\u202e",
    "\ud83d",
    "𝄞",
    "a ",
    "\n",
    "\r",
    "\t",
    "\0",
    *"\"\\<>!@{}[]()|#;`$%&'~^=-",
)
HOSTILE = st.lists(st.sampled_from(WORDS), max_size=12).map("".join)


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.model.meta.name)
def test_pictures(graph: Graph):
    for picture in gallery(Atlas((graph,)), graph):
        agree(picture)


def agree(picture: Picture) -> None:
    for read in (read_plantuml(plantuml(picture)), read_mermaid(mermaid(picture))):
        assert len(set(read.boxes)) == len(picture.nodes)
        assert len(read.groups) == len(picture.boundaries)
        assert [waits for _, _, waits in read.arrows] == [edge.sync is not Sync.SYNC for edge in picture.edges]
        assert all({source, target} <= set(read.boxes) for source, target, _ in read.arrows)
    said = json.loads(picture_json(picture))
    assert [node["id"] for node in said["nodes"]] == [node.id for node in picture.nodes]
    assert [(edge["source"], edge["target"], edge["sync"]) for edge in said["edges"]] == [
        (e.source, e.target, e.sync) for e in picture.edges
    ]


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.model.meta.name)
def test_models(graph: Graph):
    read = read_structurizr(structurizr(graph))
    model = graph.model
    components = [component for system in model.systems for container in system.containers for component in container.components]
    assert len(read.boxes) == len(model.actors) + len(model.systems) + len(model.containers()) + len(components)
    assert len(read.arrows) == len(graph.connections)


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, st.sampled_from(Shape), st.sampled_from(Sync))
def test_names_of_any_kind(title: str, about: str, label: str, kind: str, shape: Shape, sync: Sync):
    nodes = (Node("a", title, kind, about, shape, boundary="b"), Node(f"c{title}", about, f"Container: {title}"))
    text = Picture("p", title, about, nodes, (Edge("e", "a", nodes[1].id, label, sync, about),), (Boundary("b", kind, label),))
    for read in (read_plantuml(plantuml(text)), read_mermaid(mermaid(text))):
        assert len(set(read.boxes)) == 2
        assert len(read.arrows) == 1


@settings(max_examples=100, deadline=None)
@given(HOSTILE, HOSTILE)
def test_models_with_names_of_any_kind(name: str, about: str):
    graph = GRAPHS[0]
    systems = tuple(system.model_copy(update={"name": name, "description": about}) for system in graph.model.systems)
    connections = tuple(replace(one, label=name, protocol=about) for one in graph.connections)
    read = read_structurizr(structurizr(Graph(graph.model.model_copy(update={"systems": systems}), connections, graph.facts)))
    assert len(read.arrows) == len(connections)


@pytest.mark.parametrize(
    "wrong",
    [
        'Person(n_a, "A", "b")\nRel(n_a, n_a, "x" !include y, "")',
        'Person(n_a, "A "quoted"", "b")',
        'Boundary(n_b, "B") {',
    ],
)
def test_the_reader_refuses_what_is_not_the_language(wrong: str):
    text = plantuml(Picture("p", "P", "", (), ()))
    with pytest.raises(NotInTheLanguage):
        read_plantuml(text.replace("SHOW_LEGEND()", f"{wrong}\nSHOW_LEGEND()"))
