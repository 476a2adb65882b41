"""Addresses below /mitxonline/records/."""

from django.urls import URLPattern, path

from . import pages

urlpatterns: list[URLPattern] = [
    path("shared/<uuid:uuid>/", pages.shared),
    path("<readable_id:readable_id>/", pages.own),
    path("<readable_id:readable_id>/share/", pages.share),
    path("<readable_id:readable_id>/take-back/", pages.take_back),
]
