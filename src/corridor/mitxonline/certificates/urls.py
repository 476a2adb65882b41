"""Addresses below /mitxonline/certificate/."""

from django.urls import URLPattern, path

from . import files, pages

patterns: list[URLPattern] = [
    path("<uuid:uuid>/", pages.certificate, {"kind": "course"}),
    path("<uuid:uuid>/pdf/", files.pdf, {"kind": "course"}),
    path("program/<uuid:uuid>/", pages.certificate, {"kind": "program"}),
    path("program/<uuid:uuid>/pdf/", files.pdf, {"kind": "program"}),
    path("status/<int:number>/", files.status_list_of),
]
