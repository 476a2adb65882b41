"""What a first view may weigh, and that nothing moves while it loads."""

import pytest
import requests
from playwright.sync_api import Browser, Page

from .pages_of_demo import COURSE, PROGRAM, first_found

pytestmark = pytest.mark.browser
MOST_BYTES = 100_000
LARGEST_STYLESHEET = 30_000
UNSEEN = 0.001  # a hundredth of the shift that is called good; a busy machine paints a line of text by a part of a pixel elsewhere
SHIFTS = """new Promise(done => new PerformanceObserver(list => done(list.getEntries().reduce((sum, e) => sum + e.value, 0)))
    .observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 300))"""


def transferred(page: Page, address: str) -> int:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return int(sum(sizes))


def first_view(browser: Browser, address: str, width: int) -> tuple[int, float]:
    """Bytes that came, and how far what was shown moved."""
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        return transferred(page, address), page.evaluate(SHIFTS)


@pytest.mark.parametrize("width", [360, 1440])
def test_first_views_are_light_and_nothing_moves(demo_site: str, browser: Browser, width: int) -> None:
    heavy: dict[str, int] = {}
    moved: dict[str, float] = {}
    of_mitxonline = ("/mitxonline/", COURSE.format("PROB.10x"), PROGRAM.format("EVIDENCE"))
    for path in ("/", "/search?q=energy", first_found(demo_site, "course"), "/c/unit/online/", *of_mitxonline):
        weight, shift = first_view(browser, f"{demo_site}{path}", width)
        if shift > UNSEEN:  # what moves does so each time; a machine that is busy may once paint half a page
            shift = min(shift, first_view(browser, f"{demo_site}{path}", width)[1])
        if weight > MOST_BYTES:
            heavy[path] = weight
        if shift > UNSEEN:
            moved[path] = shift
    assert heavy == {}
    assert moved == {}


def test_nothing_inline_is_allowed_or_needed(demo_site: str) -> None:
    answer = requests.get(f"{demo_site}/search?q=energy", timeout=20)
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text


def test_there_is_one_small_stylesheet(demo_site: str) -> None:
    page = requests.get(f"{demo_site}/", timeout=20).text
    assert page.count('rel="stylesheet"') == 1
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert len(requests.get(f"{demo_site}{address}", timeout=20).content) < LARGEST_STYLESHEET
