"""The mail that a local site sent, for whoever develops it. Where mail goes to a server there are no such pages."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import letters
from .transports import folder

LOOPBACK = ("127.0.0.1", "::1")


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/mail_list.html", {"letters": letters.newest(_folder(request))})


@never_cache
@require_safe
def show(request: HttpRequest, id: str) -> HttpResponse:
    letter = letters.one(_folder(request), id)
    if letter is None:
        raise Http404
    return render(request, "kit/mail.html", {"letter": letter})


def _folder(request: HttpRequest) -> Path:
    """The folder, for a visitor who may read other people's links: one on this very machine, or staff."""
    found = folder()
    if found is None or settings.CONFIG.production:
        raise Http404
    near = request.META.get("REMOTE_ADDR") in LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META
    if not near and not getattr(request.user, "is_staff", False):
        raise PermissionDenied
    return found.path
