"""The addresses of pages."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, path, re_path, register_converter, resolve
from django.urls.converters import IntConverter
from django.views.decorators.http import require_safe

from . import channels, feeds, home, listings, resources, search
from .errors import NoSuchPage


class IdConverter(IntConverter):
    """A number that the database can hold."""

    regex = "[0-9]{1,18}"


register_converter(IdConverter, "id")


@require_safe
def without_slash(request: HttpRequest, given: str) -> HttpResponseBase:
    """Leads from an address with a slash too many to the page that was meant."""
    try:
        resolve(f"/{given}")
    except Resolver404:
        raise NoSuchPage("such page") from None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"/{given}?{query}" if query else f"/{given}")


ALL = [
    path("", home.home),
    path("about", home.about),
    path("search", search.search),
    path("search/suggestions", search.suggestions),
    path("resources/<id:resource_id>", resources.resource),
    path("resources/<id:resource_id>/views", resources.view),
    path("resources/<id:resource_id>-<given>", resources.resource),
    path("resources/<id:resource_id>-<given>/content/<id:file_id>", resources.content),
    path("topics", listings.topics),
    path("departments", listings.departments),
    path("units", listings.units),
    path("c/<slug:channel_type>/<slug:name>/", channels.channel),
    path("robots.txt", feeds.robots),
    path("sitemap.xml", feeds.sitemap_index),
    path("sitemaps/pages.xml", feeds.sitemap_of_pages),
    path("sitemaps/resources-<int:number>.xml", feeds.sitemap_of_resources),
    path("feeds/new.xml", feeds.new_resources),
    path("feeds/topic/<slug:topic>.xml", feeds.new_resources),
    re_path(r"^(?P<given>(?:about|search|topics|departments|units|resources/[^/]+))/$", without_slash),
]
