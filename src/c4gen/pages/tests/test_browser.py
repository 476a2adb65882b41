"""The pages as files in a real browser: no server behind them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from c4gen.layout.place import Placer
from c4gen.pages import Table, build, write
from c4gen.pages.tests import cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    write(folder, build((cast.campus(), cast.library())))
    write(folder / "hostile", build((cast.hostile(),), place=Placer()))
    return folder


def part(page: "Page") -> list[float]:
    return [float(number) for number in (page.locator(".picture").first.get_attribute("viewBox") or "").split()]


def test_every_page_is_accessible_in_light_and_dark(site: Path, page: "Page", axe: Callable[["Page"], list[dict[str, Any]]]):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for file in (site / "index.html", *sorted((site / "campus").glob("*.html"))):
            page.goto(file.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
            assert axe(page) == [], f"{file.name}, {scheme}"


def test_text_keeps_within_its_box(site: Path, page: "Page"):
    page.goto((site / "campus" / "container.html").as_uri())
    page.evaluate("document.querySelector('.picture').style.fontFamily = 'DejaVu Sans, Verdana, monospace'")
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.picture .node[data-node]')].flatMap((node) => {
            const boxes = [...node.querySelectorAll('.shape')].map((shape) => shape.getBBox());
            const left = Math.min(...boxes.map((b) => b.x)), right = Math.max(...boxes.map((b) => b.x + b.width));
            return [...node.querySelectorAll('text')].filter((text) => {
                const line = text.getBBox();
                return line.x < left || line.x + line.width > right;
            }).map((text) => text.textContent);
        })"""
    )
    assert outside == []


def test_keys_move_zoom_and_fit(site: Path, page: "Page"):
    page.goto((site / "campus" / "container.html").as_uri())
    whole = part(page)
    page.locator(".view").focus()
    page.keyboard.press("+")
    nearer = part(page)
    assert nearer[2] < whole[2]
    page.keyboard.press("ArrowRight")
    assert part(page)[0] > nearer[0]
    page.keyboard.press("0")
    assert part(page) == whole


def test_a_small_picture_is_not_enlarged_and_a_large_one_is_shown_whole(site: Path, page: "Page"):
    for file in ("library/container.html", "campus/container.html"):
        page.goto((site / file).as_uri())
        drawn = [float(page.locator(".picture").get_attribute(side) or 0) for side in ("width", "height")]
        x, y, width, height = part(page)
        assert x <= 0
        assert y <= 0
        assert x + width >= drawn[0]
        assert y + height >= drawn[1]
        frame = page.locator(".view").bounding_box()
        assert frame is not None
        assert frame["width"] <= width + 4


def test_dragging_moves_and_is_no_click(site: Path, page: "Page"):
    page.goto((site / "campus" / "container.html").as_uri())
    box = page.locator("a.node").first.bounding_box()
    assert box is not None
    before = part(page)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
    assert part(page)[0] < before[0]
    assert page.url.endswith("container.html")


def test_the_wheel_zooms_where_it_points(site: Path, page: "Page"):
    page.goto((site / "campus" / "container.html").as_uri())
    before = part(page)
    box = page.locator(".view").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.wheel(0, -200)
    page.wait_for_function("(width) => document.querySelector('.picture').viewBox.baseVal.width < width", arg=before[2])


def test_a_click_on_a_box_opens_its_page(site: Path, page: "Page"):
    page.goto((site / "index.html").as_uri())
    page.locator("a.node", has_text="Campus").first.click()
    page.wait_for_url("**/campus/index.html")
    page.get_by_role("link", name="Containers").first.click()
    page.locator("a.node", has_text="Web application").click()
    page.wait_for_url("**/campus/component.html#campus-web")


def test_an_arrow_shows_its_evidence_on_hover_and_on_focus(site: Path, page: "Page"):
    page.goto((site / "campus" / "container.html").as_uri())
    card = page.locator(".card")
    arrow = page.locator(".edge[data-source=campus-web][data-target=sso]")
    arrow.focus()
    assert "Web application → Sign-on (synchronous)" in card.inner_text()
    assert "campus/sso.py:15" in card.inner_text()
    page.keyboard.press("Enter")
    assert card.locator("a").first.get_attribute("href") == "https://example.org/campus/blob/main/campus/sso.py#L15"
    page.keyboard.press("Escape")
    assert card.is_hidden()
    middle = page.locator(".edge[data-source=campus-web][data-target=campus-queue] .near").evaluate(
        """(path) => {
            const point = path.getPointAtLength(path.getTotalLength() * 0.2).matrixTransform(path.getScreenCTM());
            return [point.x, point.y];
        }"""
    )
    page.mouse.move(*middle)
    assert "Enqueues" in card.inner_text()


def test_filters_by_call_by_system_and_by_tag(site: Path, page: "Page"):
    page.goto((site / "campus" / "container.html").as_uri())
    shown = page.locator(".edge[data-edge]:not(.off)")
    assert shown.count() == 14
    page.get_by_label("asynchronous", exact=True).uncheck()
    assert {edge.get_attribute("data-sync") for edge in shown.all()} == {"sync"}
    page.get_by_label("asynchronous", exact=True).check()
    page.get_by_label("Around").select_option("payments")
    assert shown.count() == 3
    page.get_by_label("Around").select_option("")
    page.get_by_label("Tag").select_option("oidc")
    assert shown.count() == 1


def test_a_long_list_is_searched_and_groups_without_a_row_go(tmp_path: Path, page: "Page"):
    rows = tuple((f"module_{number // 5}", f"GET /things/{number}") for number in range(150))
    tables = {"campus": {"calendar.html": (Table("Operations", ("Of", "Path"), rows, grouped=True),)}}
    write(tmp_path, build((cast.campus(),), tables=tables, place=Placer()))
    page.goto((tmp_path / "campus" / "calendar.html").as_uri())
    page.get_by_text("150 rows").click()
    page.get_by_label("Search in Operations").fill("module_3 17")
    frame = page.get_by_role("region", name="Operations")
    assert [text.strip() for text in frame.locator("tbody tr:visible").all_inner_texts()] == ["module_3", "GET /things/17"]
    assert page.get_by_text("1 of 150").is_visible()
    page.get_by_label("Search in Operations").fill("")
    assert frame.locator("tbody tr:visible").count() == 150 + 30


def test_on_a_phone_the_tables_are_open_and_nothing_sticks_out(site: Path, page: "Page"):
    page.set_viewport_size({"width": 360, "height": 740})
    for file in (site / "index.html", *sorted((site / "campus").glob("*.html"))):
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, file.name
        for twin in page.locator(".twin").all():
            assert twin.get_attribute("open") is not None


def test_markup_in_names_runs_nowhere(site: Path, page: "Page"):
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for file in sorted((site / "hostile").rglob("*.html")):
        page.goto(file.as_uri())
        for arrow in page.locator(".edge[tabindex]").all()[:3]:
            arrow.focus()
    assert said == []


def test_without_script_everything_can_be_read(site: Path, browser: "Browser"):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((site / "campus" / "container.html").as_uri())
        assert page.locator(".picture").is_visible()
        page.locator("summary").click()
        assert page.get_by_text("campus: campus/sso.py:15").is_visible()
        assert page.locator(".tools").is_hidden()
