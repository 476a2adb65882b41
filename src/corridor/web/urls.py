from django.urls import path

from . import maps, pages

urlpatterns = [
    path("theme", pages.set_theme, name="theme"),
    path("architecture/", maps.show, name="architecture"),
    path("architecture/<path:path>", maps.show),
]
