"""The files of a build: complete, linked, the same each time, safe to open."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from xml.etree import ElementTree

import pytest

from c4gen.layout.engines import quickjs
from c4gen.layout.place import LazyEngine, Placer
from c4gen.pages import Table, build, differences, write
from c4gen.pages.tests import cast

VOID = {"meta", "link", "input", "br"}
GRAPHS = (cast.library(), cast.campus())


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    tables = {
        "campus": {
            "dependencies-and-cycles.html": (Table("Cycles", ("Way", "Cut"), (("campus → library → campus", "<b>"),), "One cycle."),)
        }
    }
    return build(GRAPHS, tables=tables, place=Placer())


class Reader(HTMLParser):
    """Elements in order, with a complaint about each that is closed wrongly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_pages_of_a_system(made: dict[str, str]):
    assert {path for path in made if path.startswith("campus/") and path.endswith(".html")} == {
        f"campus/{name}.html"
        for name in (
            "index",
            "system-context",
            "container",
            "data-flows",
            "dependencies-and-cycles",
            "component",
            "infrastructure-references",
            "calendar",
            "open-questions",
        )
    }
    assert "library/component.html" not in made
    assert {
        "index.html",
        "landscape.svg",
        "c4.css",
        "c4.js",
        "campus/workspace.dsl",
        "campus/model.json",
        "campus/positions.json",
    } <= made.keys()


def test_every_link_leads_somewhere(made: dict[str, str]):
    for path, text in made.items():
        if not path.endswith(".html"):
            continue
        reader = Reader(text)
        assert (reader.wrong, reader.open) == ([], []), path
        own = {attributes["id"] for _, attributes in reader.elements if "id" in attributes}
        for _, attributes in reader.elements:
            for link in (attributes.get("href"), attributes.get("src")):
                if not link or link.startswith("https://example.org/"):
                    continue
                file, _, place = link.partition("#")
                target = normpath(PurePosixPath(path).parent / file) if file else path
                assert target in made, f"{path}: {link}"
                ids = own if not file else {a["id"] for _, a in Reader(made[target]).elements if "id" in a}
                assert not place or place in ids, f"{path}: {link}"


def test_ids_are_said_once(made: dict[str, str]):
    for path, text in made.items():
        if path.endswith(".html"):
            ids = [attributes["id"] for _, attributes in Reader(text).elements if "id" in attributes]
            assert len(ids) == len(set(ids)), path


def test_nothing_is_fetched_and_nothing_stands_inline(made: dict[str, str]):
    """The pages keep to a policy that allows files of their own folder alone."""
    for path, text in made.items():
        if path.endswith(".html"):
            for tag, attributes in Reader(text).elements:
                assert "style" not in (tag, *attributes), path
                assert tag != "script" or attributes.get("src", "").endswith("c4.js"), path
                assert not [name for name in attributes if name.startswith("on")], path
    assert "http" not in made["c4.js"]
    assert "http" not in made["c4.css"]
    assert "@import" not in made["c4.css"]


def test_drawings_are_xml_and_data_is_json(made: dict[str, str]):
    for path, text in made.items():
        if path.endswith(".svg"):
            ElementTree.fromstring(text)
        if path.endswith(".json"):
            json.loads(text)


def test_tables_tell_what_the_drawing_does(made: dict[str, str]):
    text = made["campus/container.html"]
    arrows = len(re.findall(r'<g class="edge [^>]*data-edge=', text))
    assert arrows == len(re.findall(r'<tr id="container\.', text)) == 14
    assert "campus: campus/sso.py:15" in text
    assert "trigger" not in text
    assert "on request" in text


def test_what_analyses_found_stands_on_its_page(made: dict[str, str]):
    text = made["campus/dependencies-and-cycles.html"]
    assert "campus → library → campus" in text
    assert "&lt;b&gt;" in text


def test_unresolved_calls_are_listed(made: dict[str, str]):
    assert "requests.get(feed.url)" in made["campus/open-questions.html"]


def test_the_same_bytes_in_any_order(made: dict[str, str]):
    again = build(tuple(reversed(GRAPHS)), place=Placer())
    assert {path: text for path, text in again.items() if "cycles" not in path} == {p: t for p, t in made.items() if "cycles" not in p}


def test_markup_in_a_model_stays_text():
    for path, text in build((cast.hostile(),), place=Placer()).items():
        if not path.endswith((".html", ".svg")):
            continue
        tags = Reader(text).elements if path.endswith(".html") else [(e.tag, dict(e.attrib)) for e in ElementTree.fromstring(text).iter()]
        assert not [tag for tag, _ in tags if tag.endswith("img")], path
        assert not [a for tag, a in tags if tag.endswith("script") and not str(a.get("src")).endswith("c4.js")], path
        assert not [a for _, a in tags if str(a.get("href", "")).lower().startswith("javascript")], path


def test_a_folder_is_brought_up_to_date(made: dict[str, str], tmp_path: Path):
    (tmp_path / "campus").mkdir()
    (tmp_path / "campus" / "old.html").write_text("gone")
    (tmp_path / "campus" / "notes.md").write_text("by hand")
    assert "campus/old.html belongs to nothing any more." in differences(tmp_path, made)
    write(tmp_path, made)
    assert differences(tmp_path, made) == []
    assert (tmp_path / "campus" / "notes.md").read_text() == "by hand"
    (tmp_path / "campus" / "index.html").write_text("edited")
    (tmp_path / "c4.css").unlink()
    assert differences(tmp_path, made) == ["c4.css is missing.", "campus/index.html differs from what the model and the code give now."]
    assert write(tmp_path, made) == ["c4.css is missing.", "campus/index.html differs from what the model and the code give now."]


def test_boxes_stay_when_built_again(made: dict[str, str], tmp_path: Path):
    with quickjs() as engine:
        write(tmp_path, build(GRAPHS[:1], place=Placer(LazyEngine(iter([engine])))))
    assert differences(tmp_path, build(GRAPHS[:1], kept=tmp_path, place=Placer())) == []


def test_evidence_that_moved_is_no_difference_where_only_the_picture_counts(made: dict[str, str], tmp_path: Path):
    write(tmp_path, made)
    moved = {path: text.replace("sso.py:15", "sso.py:99").replace("sso.py#L15", "sso.py#L99") for path, text in made.items()}
    moved = {path: text.replace('"line": 15', '"line": 99') for path, text in moved.items()}
    assert "campus/container.html differs from what the model and the code give now." in differences(tmp_path, moved)
    assert "campus/container.json differs from what the model and the code give now." in differences(tmp_path, moved)
    assert differences(tmp_path, moved, evidence=False) == []


def test_an_arrow_that_says_something_else_is_a_difference_in_every_file_that_says_it(made: dict[str, str], tmp_path: Path):
    write(tmp_path, made)
    renamed = {path: text.replace("Signs people in", "Lets people in") for path, text in made.items()}
    assert {path for path in made if renamed[path] != made[path]} == {
        said.split(" differs")[0] for said in differences(tmp_path, renamed, evidence=False)
    }
