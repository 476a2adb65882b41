"""The addresses of Learn, below the root of the site."""

from django.urls import URLPattern, URLResolver, include, path

from .api import routes
from .pages import urls as pages_urls

api: list[URLPattern | URLResolver] = [
    path("api/v1/", include((routes.v1, "v1"))),
    path("api/v0/", include((routes.v0, "v0"))),
]

pages: list[URLPattern | URLResolver] = [*pages_urls.ALL]

urlpatterns = [*api, *pages]
