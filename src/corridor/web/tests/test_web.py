"""Covers, icons and the choice of colours."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client

from corridor.web.covers import DRAWINGS, cover, portal
from corridor.web.templatetags.humanise import prose, web_address

STATIC = Path(__file__).parents[1] / "static" / "web"


@pytest.mark.parametrize("kind", [*DRAWINGS, "something new"])
def test_covers_are_drawn_alike_each_time_and_differ(kind: str) -> None:
    assert cover(kind, "1") == cover(kind, "1") != cover(kind, "2")
    for seed in range(50):
        drawn = cover(kind, str(seed))
        ElementTree.fromstring(drawn)
        assert len(drawn) < 4_000


def test_the_sign_of_the_house_is_whole() -> None:
    assert ElementTree.fromstring(portal()).findall("path[@class='light']")


def test_icons_that_templates_name_are_on_the_sheet() -> None:
    names = {symbol.get("id") for symbol in ElementTree.parse(STATIC / "icons.svg").getroot()}
    templates = (STATIC.parents[2]).rglob("templates/**/*.html")
    asked = {part.split('"')[0] for template in templates for part in template.read_text().split('{% icon "')[1:]}
    assert asked <= names
    assert {"search", "light", "dark", "auto"} <= asked


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_chosen_without_scripts(client: Client, db: None, theme: str) -> None:
    answer = client.post("/theme", {"theme": theme, "next": "/about?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/about?x=1")
    assert f'data-theme="{theme}"' in client.get("/about").text
    client.post("/theme", {"theme": "auto"})
    assert "data-theme" not in client.get("/about").text


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", ""])
def test_choosing_colours_leads_nowhere_else(client: Client, address: str) -> None:
    assert client.post("/theme", {"theme": "dark", "next": address}).headers["Location"] == "/"


def test_unknown_colours_are_refused(client: Client) -> None:
    assert client.post("/theme", {"theme": "plaid"}).status_code == 400
    assert client.get("/theme").status_code == 405


def test_text_becomes_paragraphs_and_markup_is_cleaned() -> None:
    assert prose("One\n\nTwo & three") == "<p>One</p>\n\n<p>Two & three</p>"
    assert prose('<p onclick="x">A<script>b</script></p>') == "<p>A</p>"
    assert prose(None) == ""
    assert web_address("javascript:alert(1)") == ""
