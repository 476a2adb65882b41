"""The addresses of MITx Online, all below one prefix."""

from django.urls import URLPattern, URLResolver, include, path

from .api import routes

PREFIX = "mitxonline/"

api: list[URLPattern | URLResolver] = [
    path(f"{PREFIX}api/{version}/", include((patterns, f"mitxonline-{version}"))) for version, patterns in routes.VERSIONS.items()
]

urlpatterns = [*api]
