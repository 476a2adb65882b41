"""The addresses of Learn, below the root of the site."""

from django.urls import URLPattern, URLResolver

api: list[URLPattern | URLResolver] = []

pages: list[URLPattern | URLResolver] = []

urlpatterns = [*api, *pages]
