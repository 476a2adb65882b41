"""The running site publishes the maps."""

from pathlib import Path

import pytest
from django.test import Client

from corridor.web import maps

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "maps" / "learn").mkdir(parents=True)
    (tmp_path / "maps" / "index.html").write_text("<!doctype html><title>All</title>")
    (tmp_path / "maps" / "learn" / "context.svg").write_text("<svg/>")
    (tmp_path / "maps" / "models.yaml").write_text("secret: no, but not a page either")
    (tmp_path / "outside.html").write_text("outside")
    monkeypatch.setattr(maps, "FOLDER", tmp_path / "maps")
    return tmp_path


def test_the_folder_leads_to_its_index(folder: Path):
    assert Client().get("/architecture/").headers["Location"] == "/architecture/index.html"
    assert Client().get("/architecture/learn/").headers["Location"] == "/architecture/learn/index.html"
    assert b"<title>All</title>" in b"".join(Client().get("/architecture/index.html").streaming_content)


def test_pages_keep_to_the_policy_of_the_site_and_drawings_to_a_stricter_one(folder: Path):
    page, drawing = Client().get("/architecture/index.html"), Client().get("/architecture/learn/context.svg")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "default-src 'none'" in drawing.headers["Content-Security-Policy"]
    assert drawing.headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "path",
    [
        "models.yaml",
        "learn",
        "nothing.html",
        "../outside.html",
        "%2e%2e/outside.html",
        "learn/../../outside.html",
        "a\x00.html",
        "learn/..%5c..%5coutside.html",
    ],
)
def test_nothing_else_is_shown(folder: Path, path: str):
    assert Client().get(f"/architecture/{path}").status_code == 404


def test_nobody_writes(folder: Path):
    assert Client().post("/architecture/index.html").status_code == 405


def test_the_footer_leads_to_the_maps_where_there_are_some(folder: Path):
    assert 'href="/architecture/"' in Client().get("/about").content.decode()
    (folder / "maps" / "index.html").unlink()
    assert 'href="/architecture/"' not in Client().get("/about").content.decode()
