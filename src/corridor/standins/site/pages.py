"""What all stand-ins share: the page that lists them and how they look."""

from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .apps import StandIn


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    listed = [each for each in apps.get_app_configs() if isinstance(each, StandIn)]
    return render(request, "standins/home.html", {"standins": listed, "corridor": settings.CONFIG.base_url})


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_style(), content_type="text/css", headers={"Cache-Control": "max-age=60"})


@cache
def _style() -> bytes:
    return Path(__file__).with_name("standin.css").read_bytes()
