"""The addresses of Learn, below the root of the site."""

from django.urls import URLPattern, URLResolver, include, path

from .api import routes

api: list[URLPattern | URLResolver] = [
    path("api/v1/", include((routes.v1, "v1"))),
    path("api/v0/", include((routes.v0, "v0"))),
]

pages: list[URLPattern | URLResolver] = []

urlpatterns = [*api, *pages]
