from django.urls import URLPattern, path

from . import pages
from .vocabulary import EventKind

patterns: list[URLPattern] = [path(f"openedx_webhook/{kind}/", pages.webhook, {"kind": kind.value}) for kind in EventKind]
