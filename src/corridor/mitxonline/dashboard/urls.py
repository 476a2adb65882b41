"""The addresses of the dashboard, below the prefix of MITx Online."""

from django.urls import URLPattern, path

from . import pages

patterns: list[URLPattern] = [
    path("", pages.dashboard),
    path("emails/<int:id>/", pages.emails),
    path("leave/<int:id>/", pages.leave),
    path("leave-program/<int:id>/", pages.leave_program),
]
