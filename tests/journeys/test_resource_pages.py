"""Each resource has a page of its own, for people and for machines."""

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from playwright.sync_api import Page, expect

from .pages_of_demo import TYPES, content_page, first_found

SCHEMA_TYPES = {
    "course": "Course",
    "program": "EducationalOccupationalProgram",
    "learning_path": "ItemList",
    "podcast": "PodcastSeries",
    "podcast_episode": "PodcastEpisode",
    "video": "VideoObject",
    "video_playlist": "ItemList",
    "document": "LearningResource",
}
# What search engines ask of each, beyond name and description.
WANTED = {
    "Course": {"provider", "hasCourseInstance", "offers"},
    "EducationalOccupationalProgram": {"provider", "hasCourse"},
    "ItemList": {"itemListElement", "numberOfItems"},
    "PodcastSeries": {"hasPart"},
    "PodcastEpisode": {"partOfSeries", "duration", "associatedMedia"},
    "VideoObject": {"uploadDate", "duration"},
    "LearningResource": {"learningResourceType"},
}


def get(address: str) -> requests.Response:
    return requests.get(address, headers={"Accept": "text/html"}, timeout=20)


def linked_data(html: str) -> list[dict[str, Any]]:
    graph: list[dict[str, Any]] = json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])["@graph"]
    return graph


@pytest.mark.parametrize("kind", TYPES)
def test_a_resource_tells_machines_what_it_is(demo_site: str, kind: str) -> None:
    path = first_found(demo_site, kind)
    html = get(f"{demo_site}{path}").text
    thing, trail = linked_data(html)
    assert thing["@type"] == SCHEMA_TYPES[kind]
    assert thing["url"] == f"{demo_site}{path}"
    assert {"name", "description", *WANTED[thing["@type"]]} <= thing.keys()
    assert trail["itemListElement"][-1]["item"] == f"{demo_site}{path}"
    assert f'<link rel="canonical" href="{demo_site}{path}">' in html
    assert '<meta property="og:title" content="' in html
    assert '<meta name="twitter:card" content="summary_large_image">' in html


def test_pages_have_a_picture_for_those_who_share_them(demo_site: str) -> None:
    """It is as large as the page says, and named with its origin."""
    html = get(f"{demo_site}/").text
    named = {name: html.split(f'<meta property="og:image{name}" content="')[1].split('"')[0] for name in ("", ":width", ":height", ":alt")}
    assert named[""].startswith(f"{demo_site}/static/web/social")
    assert named[":alt"]
    picture = get(named[""])
    assert picture.headers["Content-Type"] == "image/png"
    assert [str(int.from_bytes(picture.content[at : at + 4])) for at in (16, 20)] == [named[":width"], named[":height"]]


def test_runs_of_a_course_are_course_instances(demo_site: str) -> None:
    html = get(f"{demo_site}{first_found(demo_site, 'course')}").text
    instances = linked_data(html)[0]["hasCourseInstance"]
    assert all(instance["@type"] == "CourseInstance" and instance["courseMode"] for instance in instances)
    assert 'id="runs"' in html


def test_other_addresses_of_a_resource_lead_to_its_one(demo_site: str) -> None:
    path = first_found(demo_site, "course")
    id = re.findall(r"\d+", path)[0]
    for other in (f"/resources/{id}", f"/resources/{id}-an-older-title", f"{path}/"):
        answer = get(f"{demo_site}{other}")
        assert answer.url == f"{demo_site}{path}"
        assert answer.history[0].status_code == 301


@pytest.mark.parametrize(
    "path", ["/resources/999999", "/resources/999999-x", "/resources/1-x/content/999999", "/c/topic/none/", "/c/none/none/"]
)
def test_what_is_not_there_says_so_and_helps(demo_site: str, path: str) -> None:
    answer = get(f"{demo_site}{path}")
    assert answer.status_code == 404
    assert "There is no" in answer.text
    assert 'action="/search"' in answer.text


def test_numbers_beyond_all_bounds_are_not_found(demo_site: str) -> None:
    sitemap = f"/sitemaps/resources-{'9' * 25}.xml"
    for path in (f"/resources/{'9' * 18}", f"/resources/{'9' * 40}", f"/search?resource={'9' * 400}", sitemap, "/sitemaps/resources-0.xml"):
        assert get(f"{demo_site}{path}").status_code == 404


@pytest.mark.browser
def test_from_a_course_to_its_content_and_on(demo_site: str, page: Page) -> None:
    page.goto(f"{demo_site}{content_page(demo_site)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Slow Sand Filter")
    expect(page.locator(".prose p").first).to_contain_text("A slow sand filter is a box of sand")
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Clean Water, Safe Sanitation").click()
    expect(page.get_by_role("table").get_by_role("row")).not_to_have_count(0)
    page.get_by_role("link", name="Water: Rain to River to Tap").first.click()
    expect(page.get_by_role("heading", name="Along this path")).to_be_visible()
    expect(page.get_by_role("link", name="Clean Water, Safe Sanitation")).to_be_visible()


@pytest.mark.browser
def test_opening_a_page_counts_as_a_view(demo_site: str, page: Page) -> None:
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.goto(f"{demo_site}{first_found(demo_site, 'video')}")
    assert re.search(r"/resources/\d+/views$", sent.value.url)
    answer = sent.value.response()
    assert answer
    assert answer.status == 204


def test_a_view_without_an_event_is_refused(demo_site: str) -> None:
    assert requests.post(f"{demo_site}/resources/1/views", data={"event": "x"}, timeout=20).status_code == 400


def test_every_address_of_the_sitemap_is_its_own_canonical(demo_site: str) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = ElementTree.fromstring(get(f"{demo_site}/sitemap.xml").text)
    parts = [str(loc.text) for loc in index.findall("s:sitemap/s:loc", space)]
    places = [str(loc.text) for part in parts for loc in ElementTree.fromstring(get(part).text).findall("s:url/s:loc", space)]
    assert len(places) == len(set(places)) > 500
    for address in places[:: len(places) // 25]:
        assert f'<link rel="canonical" href="{address}">' in get(address).text
    assert f"Sitemap: {demo_site}/sitemap.xml" in get(f"{demo_site}/robots.txt").text


def test_feeds_tell_what_is_new(demo_site: str) -> None:
    for path in ("/feeds/new.xml", "/feeds/topic/physics.xml"):
        answer = get(f"{demo_site}{path}")
        assert answer.headers["Content-Type"].startswith("application/rss+xml")
        items = ElementTree.fromstring(answer.text).findall("channel/item")
        assert items
        assert all(str(item.findtext("link")).startswith(f"{demo_site}/resources/") for item in items)
    assert get(f"{demo_site}/feeds/topic/none.xml").status_code == 404
