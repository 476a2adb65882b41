"""The drawing itself: well-formed, described, with the legend's signs, safe whatever labels hold, the same bytes each time."""

from xml.etree import ElementTree

import pytest

from c4gen.layout import layered
from c4gen.layout.boxes import boxes, labels
from c4gen.pages.tests import cast
from c4gen.svg.draw import draw, identifier
from c4gen.views import system
from c4gen.views.atlas import Atlas
from c4gen.views.picture import Edge, Node, Picture, Shape, Sync

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: Picture, alone: bool = True) -> str:
    return draw(picture, layered.lay_out(picture, boxes(picture), labels(picture)), alone)


def containers() -> Picture:
    graph = cast.campus()
    return system.containers(Atlas((graph,)), graph)


def test_a_file_is_xml_with_title_and_description():
    root = ElementTree.fromstring(drawn(containers()))
    title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "Campus: containers"
    assert about is not None
    assert "What Campus is made of" in (about.text or "")
    assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"
    assert root.get("width")
    assert root.get("height")


def test_every_arrow_says_in_words_what_it_shows():
    labels_ = [
        e.get("aria-label") for e in ElementTree.fromstring(drawn(containers())).iter(f"{SVG}g") if "edge " in (e.get("class") or "")
    ]
    assert "Web application to Broker: Enqueues. Asynchronous." in labels_
    assert "Student to Web application: Looks for courses and takes them. Synchronous." in labels_


@pytest.mark.parametrize(("sync", "heads"), [(Sync.SYNC, 1), (Sync.ASYNC, 1), (Sync.MIXED, 1)])
def test_the_way_of_calling_has_its_line_and_its_head(sync: Sync, heads: int):
    picture = Picture("p", "P", "", (Node("a", "A", ""), Node("b", "B", "")), (Edge("e", "a", "b", "asks", sync),))
    root = ElementTree.fromstring(drawn(picture))
    assert [marker.get("id") for marker in root.iter(f"{SVG}marker")] == [f"p-{sync}"] * heads
    lines = [path for path in root.iter(f"{SVG}path") if "line" in (path.get("class") or "").split()]
    in_picture = [path for path in lines if path.get("marker-end") == f"url(#p-{sync})"]
    assert len(in_picture) == 2  # the arrow, and the legend's
    assert len(lines) == (4 if sync is Sync.MIXED else 2)


def test_colours_stand_in_variables_for_light_and_dark():
    text = drawn(containers())
    assert "--sync" in text
    assert "prefers-color-scheme: dark" in text
    assert "#" not in text.split("</style>")[1].replace("url(#", "").replace('href="component.html#', "").replace("&#39;", "")


def test_shapes():
    nodes = tuple(Node(shape, shape.value, "", shape=shape) for shape in Shape)
    text = drawn(Picture("p", "P", "", nodes, ()))
    assert text.count("<circle") == 1
    for said in ("person", "database", "queue"):
        assert f">{said}</text>" in text.split('class="legend"')[1]


def test_same_bytes():
    assert drawn(containers()) == drawn(containers())


@pytest.mark.parametrize("alone", [True, False])
def test_markup_in_names_is_shown_and_never_run(alone: bool):
    graph = cast.hostile()
    for picture in (system.context(Atlas((graph,)), graph), system.containers(Atlas((graph,)), graph)):
        root = ElementTree.fromstring(drawn(picture, alone))
        assert not {element.tag.removeprefix(SVG) for element in root.iter()} & {"script", "img", "foreignObject", "iframe"}
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        assert cast.HOSTILE in "".join(root.itertext())


def test_a_hostile_link_is_no_link():
    picture = Picture("p", "P", "", (Node("a", "A", "", link="javascript:alert(1)"), Node("b", "B", "", link="b.html")), ())
    assert [link.get("href") for link in ElementTree.fromstring(drawn(picture)).iter(f"{SVG}a")] == ["b.html"]


def test_identifiers_stay_different():
    assert len({identifier(id) for id in ("a b", "a-b", "a/b", "ä-b", "1a")}) == 5
    assert identifier("a-b") == "a-b"
