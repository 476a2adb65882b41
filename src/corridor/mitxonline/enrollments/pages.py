"""Where people enrol: a question for whoever comes by a link, such as from signing in, and the answer to its form."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from corridor.accounts.models import User
from corridor.kit.errors import Problem
from corridor.mitxonline.catalog.models import CourseRun

from . import actions, draws, queries
from .errors import RunNotFound

DASHBOARD = "/mitxonline/dashboard/"
CAUSE = "learner, on a page"


class SeeOther(HttpResponseRedirect):
    """To a page that is got, whatever was sent here."""

    status_code = 303


def learner(request: HttpRequest) -> User:
    """Whoever is signed in."""
    return cast(User, request.user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def run(request: HttpRequest, id: int) -> HttpResponse:
    found = CourseRun.objects.filter(pk=id, live=True, b2b_contract=None, is_source_run=False).select_related("course").first()
    if found is None:
        raise RunNotFound(id)
    page = f"/mitxonline/courses/{found.course.readable_id}/"
    if request.method != "POST":
        return asked(request, found.title, page)
    try:
        done = draws.take(user_id=learner(request).pk, run_id=id, actor=learner(request).pk, cause=CAUSE)
    except Problem as refused:
        return told(request, refused, page)
    messages.success(request, f"You are enrolled in {found.title}." if done.changed else f"You were enrolled in {found.title} already.")
    return SeeOther(DASHBOARD)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def program(request: HttpRequest, id: int) -> HttpResponse:
    found = queries.program(id)
    page = f"/mitxonline/programs/{found.readable_id}/"
    if request.method != "POST":
        return asked(request, found.title, page)
    try:
        actions.enroll_in_program(user_id=learner(request).pk, program_id=id, actor=learner(request).pk, cause=CAUSE)
    except Problem as refused:
        return told(request, refused, page)
    messages.success(request, f"You are enrolled in {found.title}. Now enrol in its courses, one by one.")
    return SeeOther(f"{DASHBOARD}#programs")


def asked(request: HttpRequest, what: str, page: str) -> HttpResponse:
    return render(request, "mitxonline/enroll/ask.html", {"title": f"Enrol in {what}?", "page": page})


def told(request: HttpRequest, refused: Problem, page: str) -> HttpResponse:
    context: dict[str, Any] = {"title": "This is not open to you", "page": page, "sentence": refused.message}
    return render(request, "mitxonline/enroll/refused.html", context, status=refused.status)
