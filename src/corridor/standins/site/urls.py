from django.apps import apps
from django.urls import include, path

from . import pages
from .apps import StandIn

urlpatterns = [
    path("", pages.home),
    path("standin.css", pages.stylesheet),
    *(path(each.place, include(f"{each.name}.urls")) for each in apps.get_app_configs() if isinstance(each, StandIn)),
]
