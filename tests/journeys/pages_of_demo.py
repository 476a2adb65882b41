"""The pages of the demo catalogue that tests of pages look at."""

from functools import cache

import requests

TYPES = ("course", "program", "learning_path", "podcast", "podcast_episode", "video", "video_playlist", "document")
FIXED = (
    "/",
    "/search?q=energy",
    "/search?q=energy&free=true&topic=Physics",
    "/search?q=zzzzqqq",
    "/search?page=x",
    "/topics",
    "/departments",
)
COURSE = "/mitxonline/courses/course-v1:NorthmereX+{}/"
PROGRAM = "/mitxonline/programs/program-v1:NorthmereX+{}/"
OF_MITXONLINE = (
    "/mitxonline/",
    "/mitxonline/?kind=programs",
    "/mitxonline/?department=physics&state=open",
    "/mitxonline/?topic=Biology&state=self-paced",
    "/mitxonline/?kind=people",
    "/mitxonline/cart/",
    "/mitxonline/cart/add?product_id=1",
    *(COURSE.format(number) for number in ("PROB.10x", "ASTR.20x", "ASTR.30x", "PROB.20x")),
    *(PROGRAM.format(code) for code in ("EVIDENCE", "TOWNS")),
)
MORE = ("/units", "/about", "/c/topic/physics/", "/c/unit/online/", "/no/such/page")


@cache
def resource_pages(site: str) -> dict[str, str]:
    """The path of a resource of each type, as the sitemap names it."""
    return {kind: first_found(site, kind) for kind in TYPES}


def first_found(site: str, kind: str) -> str:
    page = requests.get(f"{site}/search", {"resource_type": kind}, timeout=20).text
    return page.split('<article class="row')[1].split('<a href="')[1].split('"')[0]


def content_page(site: str) -> str:
    """The path of a page of a course's content."""
    page = requests.get(f"{site}/search", {"q": "Clean Water, Safe Sanitation"}, timeout=20).text
    course = page.split('<article class="row')[1].split('<a href="')[1].split('"')[0]
    return requests.get(f"{site}{course}", timeout=20).text.split('class="files"')[1].split('<a href="')[1].split('"')[0]


def every_page(site: str) -> list[str]:
    return [*FIXED, *MORE, *OF_MITXONLINE, *resource_pages(site).values(), content_page(site)]
