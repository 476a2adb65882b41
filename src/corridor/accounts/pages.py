"""Pages of one's own account."""

from dataclasses import asdict
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from . import actions, queries, sessions
from .models import User
from .profile_forms import OfOneself


@never_cache
@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/overview.html", {"safety": queries.safety(cast(User, request.user))})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method != "POST":
        return render(request, "accounts/profile.html", {"form": OfOneself(initial=_told(user))})
    form = OfOneself(request.POST)
    if not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form})
    actions.tell_of_oneself(user, name=form.cleaned_data["name"], address=form.address(), details=form.details())
    messages.success(request, "Your profile is saved.")
    return HttpResponseRedirect(reverse("account_profile"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def places(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. A form names the session to end, or `others`."""
    user, here = cast(User, request.user), request.session.session_key
    if request.method != "POST":
        return render(request, "usersessions/usersession_list.html", {"places": sessions.places(user, here)})
    asked = request.POST.get("session", "")
    if asked == "others":
        sessions.end(user, but=here)
        messages.success(request, "You are signed out everywhere else.")
    elif asked.isdecimal() and len(asked) < 19 and sessions.end(user, id=int(asked)):
        messages.success(request, "You are signed out there.")
    return HttpResponseRedirect(reverse("usersessions_list"))


def _told(user: User) -> dict[str, Any]:
    person = queries.person(user)
    given, _, family = user.name.rpartition(" ")
    guess = {"name": user.name, "first_name": given, "last_name": family}
    return guess | (asdict(person.address) if person.address else {}) | (asdict(person.details) if person.details else {})
