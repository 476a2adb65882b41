"""The addresses of enrolling, below the prefix of MITx Online."""

from django.urls import URLPattern, path

from . import pages

patterns: list[URLPattern] = [
    path("run/<int:id>/", pages.run),
    path("program/<int:id>/", pages.program),
]
