"""What machines read: sitemaps, robots.txt, feeds of new resources."""

from datetime import UTC, datetime

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Rss201rev2Feed
from django.views.decorators.http import require_safe

from corridor.learn.catalog import queries as catalog
from corridor.learn.channels import queries as channels

from . import queries
from .addresses import resource_path
from .cards import summary
from .errors import NoSuchPage

SITEMAP_SIZE = 10_000
MOST_SITEMAPS = 50_000  # of an index, as search engines have it
FEED_SIZE = 50
FIXED = ("/", "/about", "/topics", "/departments", "/units")
XML = "application/xml"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    # Every filter of the search has an address: crawlers find resources by the sitemap instead.
    lines = ["User-agent: *", "Disallow: /search?", "Disallow: /c/*?", "Disallow: /cms/", "Disallow: /api/", ""]
    return HttpResponse("\n".join([*lines, f"Sitemap: {settings.CONFIG.base_url}/sitemap.xml", ""]), content_type="text/plain")


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    count = catalog.summaries(queries.resources_of_sitemap(), limit=0).count
    parts = [f"/sitemaps/resources-{number}.xml" for number in range(1, max(1, -(-count // SITEMAP_SIZE)) + 1)]
    others = ["/mitxonline/sitemap.xml"] if "mitxonline" in settings.CONFIG.systems else []
    return _sitemap(request, "learn/sitemap_index.xml", ["/sitemaps/pages.xml", *parts, *others])


@require_safe
def sitemap_of_pages(request: HttpRequest) -> HttpResponse:
    return _sitemap(request, "learn/sitemap.xml", [*FIXED, *(channel.get_absolute_url() for channel in channels.channels())])


@require_safe
def sitemap_of_resources(request: HttpRequest, number: int) -> HttpResponse:
    if not 1 <= number <= MOST_SITEMAPS:
        raise NoSuchPage("such part of the sitemap")
    page = catalog.summaries(queries.resources_of_sitemap(), limit=SITEMAP_SIZE, offset=(number - 1) * SITEMAP_SIZE)
    if not page.rows and number > 1:
        raise NoSuchPage("such part of the sitemap")
    places = [(resource_path(row["id"], row["title"]), row["last_modified"]) for row in page.rows]
    return _sitemap(request, "learn/sitemap.xml", [path for path, _ in places], dict(places))


def _sitemap(request: HttpRequest, template: str, paths: list[str], changed: dict[str, datetime | None] | None = None) -> HttpResponse:
    places = [(f"{settings.CONFIG.base_url}{path}", (changed or {}).get(path)) for path in paths]
    return render(request, template, {"places": places}, content_type=XML)


@require_safe
def new_resources(request: HttpRequest, topic: str = "") -> HttpResponse:
    """RSS of what came last: of everything, or of a topic by the name of its channel."""
    about = queries.topic_of_channel(topic) if topic else None
    if topic and not about:
        raise NoSuchPage(f"topic “{topic}”")
    origin, site = settings.CONFIG.base_url, settings.WAGTAIL_SITE_NAME
    feed = Rss201rev2Feed(
        title=f"{site}: new in {about.name}" if about else f"New at {site}",
        link=f"{origin}/c/topic/{topic}/" if about else f"{origin}/",
        description="Courses, programs and learning materials as they are added to the catalogue.",
        language="en",
        feed_url=f"{origin}{request.path}",
    )
    for body in map(orjson.loads, queries.latest(FEED_SIZE, about)):
        address = f"{origin}{resource_path(body['id'], body['title'])}"
        added = datetime.fromisoformat(body["created_on"]).astimezone(UTC)
        feed.add_item(
            title=body["title"],
            link=address,
            description=summary(body),
            unique_id=address,
            pubdate=added,
            categories=[body["resource_category"]],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
