"""People search: with filters, pages and the way back, by keyboard, and without scripts."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page on which no script runs."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser refused or could not do."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    return said


def number_said(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".results-head h2").inner_text().split(" result")[0]))


def test_filters_pages_and_the_way_back(demo_site: str, page: Page, complaints: list[str]) -> None:
    page.goto(f"{demo_site}/")
    page.get_by_role("combobox", name="Search the catalogue").fill("energy")
    page.get_by_role("combobox", name="Search the catalogue").press("Enter")
    expect(page).to_have_url(f"{demo_site}/search?q=energy")
    expect(page.get_by_role("heading", name="results for “energy”")).to_be_visible()
    everything = number_said(page)

    choice = page.locator(".filters label", has=page.locator("input[name=free][value=true]"))
    promised = int(choice.locator(".count").inner_text())
    choice.click()
    expect(page).to_have_url(f"{demo_site}/search?q=energy&free=true")
    expect(page.get_by_role("link", name="Remove the filter Price: Free")).to_be_visible()
    assert number_said(page) == promised < everything
    expect(page.locator("#said")).to_have_text(f"{promised} results for “energy”")
    assert page.evaluate("document.activeElement.name") == "free"

    page.get_by_role("link", name="Next", exact=True).click()
    expect(page).to_have_url(f"{demo_site}/search?q=energy&free=true&page=2")
    expect(page.get_by_role("heading", name="page 2")).to_be_focused()
    page.go_back()
    expect(page).to_have_url(f"{demo_site}/search?q=energy&free=true")
    expect(page.get_by_role("heading", name=f"{promised} results for “energy”", exact=True)).to_be_visible()

    page.get_by_role("link", name="Remove the filter Price: Free").click()
    expect(page).to_have_url(f"{demo_site}/search?q=energy")
    expect(page.locator("#said")).to_have_text(f"{everything} results for “energy”")
    page.get_by_label("Sort by").select_option("upcoming")
    expect(page).to_have_url(re.compile("sortby=upcoming"))
    assert complaints == []


def test_suggestions_are_taken_by_keyboard(demo_site: str, page: Page) -> None:
    page.goto(f"{demo_site}/search")
    field = page.get_by_role("combobox", name="Search the catalogue")
    field.focus()
    page.keyboard.type("calcu")
    listed = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(listed.first).to_contain_text("Calculus")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(listed.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", listed.first.get_attribute("id") or "")
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    page.keyboard.type("l")
    expect(listed.first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(listed.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/resources/\d+-.*calculus|/search\?q="))


def test_everything_is_reached_by_tabulator(demo_site: str, page: Page) -> None:
    page.goto(f"{demo_site}/search?q=energy")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Search the catalogue")).to_be_focused()
    first_filter = page.locator(".filters input").first
    for _ in range(8):
        page.keyboard.press("Tab")
        if first_filter.evaluate("e => e === document.activeElement"):
            break
    expect(first_filter).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("free="))
    expect(first_filter).to_be_focused()


def test_a_phone_folds_the_filters(demo_site: str, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{demo_site}/search?q=energy")
    choice = page.locator("label", has=page.locator("input[name=free][value=true]"))
    expect(choice).not_to_be_visible()
    page.locator("#filters > summary").click()
    choice.click()
    expect(page).to_have_url(re.compile("free=true"))
    expect(choice).to_be_visible()  # still unfolded


def test_all_of_it_works_without_scripts(demo_site: str, plain_page: Page) -> None:
    plain_page.goto(f"{demo_site}/")
    plain_page.get_by_label("Search the catalogue").fill("energy")
    plain_page.get_by_role("button", name="Search", exact=True).click()
    expect(plain_page.get_by_role("heading", name="results for “energy”")).to_be_visible()
    plain_page.locator("input[name=free][value=true]").check()
    plain_page.get_by_role("button", name="Apply filters").click()
    expect(plain_page.get_by_role("link", name="Remove the filter Price: Free")).to_be_visible()
    plain_page.get_by_role("link", name="Next", exact=True).click()
    expect(plain_page.get_by_role("heading", name="page 2")).to_be_visible()
    plain_page.locator(".row h3 a").first.click()
    expect(plain_page.get_by_role("heading", level=1)).to_be_visible()
    plain_page.get_by_role("button", name="Dark colours").click()
    expect(plain_page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(plain_page).to_have_url(re.compile(r"/resources/\d+-"))


def test_a_channel_is_searched_within(demo_site: str, page: Page) -> None:
    page.goto(f"{demo_site}/c/topic/physics/")
    everything = number_said(page)
    page.get_by_role("combobox", name="Search the catalogue").fill("light")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(f"{demo_site}/c/topic/physics/?q=light")
    expect(page.get_by_role("heading", name="for “light”")).to_be_visible()
    assert 0 < number_said(page) < everything
    expect(page.locator("input[name=topic]")).to_have_count(0)


def test_a_slip_of_the_hand_is_understood(demo_site: str, page: Page) -> None:
    page.goto(f"{demo_site}/search?q=thermodinamics")
    expect(page.locator(".row h3").first).to_contain_text(re.compile("thermodynamics", re.IGNORECASE))


def test_nothing_found_says_what_to_do(demo_site: str, page: Page) -> None:
    page.goto(f"{demo_site}/search?q=energy&department=NONE")
    expect(page.get_by_role("heading", name="Nothing matches “energy” with these filters.")).to_be_visible()
    page.get_by_role("link", name="Without the filters").click()
    expect(page).to_have_url(f"{demo_site}/search?q=energy")
    expect(page.locator(".row").first).to_be_visible()


@pytest.mark.parametrize(
    ("query", "blamed"),
    [
        ("page=0", "“0” is no page number"),
        ("page=51", "up to page 50"),
        ("level=kindergarten", "“level” cannot be “kindergarten”"),
        ("sortby=price", "“sortby” cannot be “price”"),
        ("colour=red&q=energy", "knows no “colour”"),
        ("q=a&q=b", "“q” can be given once"),
        ("q=" + "x" * 600, "600 characters long"),
        ("q=a%00b", "a character that no text has"),
        ("topic=" + "x" * 300, "“topic” is given too many values"),
    ],
)
def test_a_bad_question_is_blamed_on_its_parameter(demo_site: str, query: str, blamed: str) -> None:
    answer = requests.get(f"{demo_site}/search?{query}", headers={"Accept": "text/html"}, timeout=20)
    assert answer.status_code == 400
    assert blamed in answer.text
    assert "Search without it" in answer.text


def test_markup_in_a_question_stays_text(demo_site: str) -> None:
    answer = requests.get(f"{demo_site}/search", {"q": "<script>alert(1)</script>' OR 1=1 --"}, timeout=20)
    assert answer.ok
    assert "<script>alert" not in answer.text


def test_addresses_of_campaigns_and_of_the_drawer_lead_on(demo_site: str) -> None:
    assert requests.get(f"{demo_site}/search?q=energy&utm_source=letter", timeout=20).ok
    led = requests.get(f"{demo_site}/search?resource=1&q=energy", timeout=20)
    assert re.search(r"/resources/1-[a-z]", led.url)
