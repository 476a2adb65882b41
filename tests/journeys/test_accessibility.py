"""Every page, by day and by night, on a phone and on a wide screen: axe finds nothing, nothing sticks out, nothing is too small."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .pages_of_demo import every_page

pytestmark = pytest.mark.browser
WIDTHS = (1440, 360)
SMALLEST_TARGET = 24
# Links within a line of text may be smaller, and what a card or a label makes larger than it looks.
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, input, select, summary')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.unseen, .skip, p, .prose, .card, .empty li, .choice'))
    .map(e => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
    .filter(([html, box]) => box.width && (box.height < least || box.width < least)).map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


def wrong_with(page: Page, width: int) -> list[Any]:
    """By night colours alone can be wrong that were right by day, and a wide screen shows all of them."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="light")
    found = violations(page, {})
    if width == max(WIDTHS):
        page.emulate_media(color_scheme="dark")
        found += violations(page, {"runOnly": ["color-contrast"]})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("sticks out to the right")
    return [*found, *page.evaluate(SMALL_TARGETS, SMALLEST_TARGET)]


def violations(page: Page, options: dict[str, Any]) -> list[Any]:
    found = Axe().run(page, options={**options, "resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], [node["html"][:200] + node["failureSummary"][-200:] for node in each["nodes"]]) for each in found]


def test_nothing_is_in_the_way(demo_site: str, browser: Browser) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        wrong = {}
        for path in every_page(demo_site):
            page.goto(f"{demo_site}{path}")
            if found := [(width, each) for width in WIDTHS for each in wrong_with(page, width)]:
                wrong[path] = found
    assert not wrong, wrong
