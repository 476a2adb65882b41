"""From Learn to a course of MITx Online and back, without scripts; and MITx Online on its own."""

import os
import re

import pytest
import requests
from playwright.sync_api import Browser

from tests.fixtures.site import database_url, free_port, served

from .pages_of_demo import COURSE, PROGRAM


@pytest.mark.browser
def test_a_course_is_reached_by_links_alone(demo_site: str, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(demo_site)
        page.get_by_role("navigation", name="Main").get_by_role("link", name="MITx Online").click()
        page.get_by_role("navigation", name="Department").get_by_role("link", name="Physics").click()
        page.get_by_role("navigation", name="When").get_by_role("link", name="At your own pace").click()
        assert page.url == f"{demo_site}/mitxonline/?department=physics&state=self-paced"
        page.get_by_role("link", name="The Night Sky, Unaided").click()
        assert page.get_by_role("heading", level=1).inner_text() == "The Night Sky, Unaided"
        page.get_by_role("link", name="From Shadow to Supernova").click()
        assert page.get_by_text("Both of these courses.").is_visible()
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Search all").click()
        assert page.url == f"{demo_site}/search"


@pytest.mark.browser
def test_a_course_is_reached_by_keyboard(demo_site: str, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{demo_site}/mitxonline/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('article.row') !== null"):
                break
        title = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        page.wait_for_url("**/courses/**")
        assert page.get_by_role("heading", level=1).inner_text() == title


def test_addresses_that_the_api_gives_lead_to_pages(demo_site: str) -> None:
    for kind in ("courses", "programs"):
        rows = requests.get(f"{demo_site}/mitxonline/api/v2/{kind}/?page__live=true&live=true&page_size=100", timeout=20).json()["results"]
        assert rows
        for row in rows:
            answer = requests.get(f"{demo_site}{row['page']['page_url']}", timeout=20)
            assert (answer.status_code, row["title"] in answer.text.replace("&#x27;", "'")) == (200, True)
            assert answer.headers["ETag"]


def test_an_address_without_its_slash_leads_to_the_page(demo_site: str) -> None:
    for path in (COURSE.format("PROB.10x"), PROGRAM.format("TOWNS")):
        answer = requests.get(f"{demo_site}{path.removesuffix('/')}", timeout=20)
        assert (answer.url, answer.status_code) == (f"{demo_site}{path}", 200)


def test_what_is_for_an_organization_is_nowhere(demo_site: str) -> None:
    assert requests.get(f"{demo_site}{PROGRAM.format('HARBOUR')}", timeout=20).status_code == 404
    assert requests.get(f"{demo_site}{COURSE.format('CITY.30x')}", timeout=20).status_code == 404
    listed = requests.get(f"{demo_site}/mitxonline/?kind=programs", timeout=20).text
    assert "Harbour" not in listed


def test_the_sitemap_names_every_page(demo_site: str) -> None:
    assert f"<loc>{demo_site}/mitxonline/sitemap.xml</loc>" in requests.get(f"{demo_site}/sitemap.xml", timeout=20).text
    places = re.findall("<loc>([^<]+)</loc>", requests.get(f"{demo_site}/mitxonline/sitemap.xml", timeout=20).text)
    assert len(places) == 2 + 8 + 6
    for place in places:
        page = requests.get(place, timeout=20)
        assert page.status_code == 200
        assert f'<link rel="canonical" href="{place}">' in page.text


def test_it_runs_without_learn(django_db_setup: None, transactional_db: None) -> None:
    with served({**os.environ, "DATABASE_URL": database_url(), "CORRIDOR_SYSTEMS": "mitxonline"}, free_port()) as site:
        home = requests.get(site, timeout=20)
        assert home.url == f"{site}/mitxonline/"
        assert "Nothing is here yet." in home.text
        assert "/search" not in home.text
        missing = requests.get(f"{site}/mitxonline/courses/none/", headers={"Accept": "text/html"}, timeout=20)
        assert (missing.status_code, 'class="site-head"' in missing.text) == (404, True)
        sitemap = re.findall("Sitemap: (.+)", requests.get(f"{site}/robots.txt", timeout=20).text)[0]
        assert sitemap == f"{site}/mitxonline/sitemap.xml"
