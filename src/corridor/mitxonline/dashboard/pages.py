"""The dashboard and its forms. Leaving is asked twice; everything works without scripts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corridor.kit.errors import Problem
from corridor.mitxonline.enrollments import actions
from corridor.mitxonline.enrollments import queries as enrollments
from corridor.mitxonline.enrollments.pages import CAUSE, DASHBOARD, SeeOther, learner

from . import queries


@never_cache
@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "mitxonline/dashboard/dashboard.html", {"title": "Dashboard", "shown": queries.dashboard(learner(request).pk)})


@never_cache
@require_POST
@login_required
def emails(request: HttpRequest, id: int) -> HttpResponse:
    enrollment, wanted = enrollments.run_enrollment(learner(request).pk, id), request.POST.get("emails") == "on"
    actions.set_emails(enrollment=enrollment, subscribed=wanted, actor=learner(request).pk)
    messages.success(request, "The course will write to you." if wanted else "The course will not write to you any more.")
    return SeeOther(DASHBOARD)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest, id: int) -> HttpResponse:
    enrollment = enrollments.run_enrollment(learner(request).pk, id)
    what, bought = enrollment.course_run.title, enrollments.is_bought(enrollment)
    if request.method != "POST":
        return render(request, "mitxonline/dashboard/leave.html", {"title": f"Leave {what}?", "bought": bought, "mode": enrollment.mode})
    actions.unenroll(user_id=learner(request).pk, run_id=enrollment.course_run_id, actor=learner(request).pk, cause=CAUSE)
    messages.success(request, f"You have left {what}.")
    return SeeOther(DASHBOARD)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave_program(request: HttpRequest, id: int) -> HttpResponse:
    what = enrollments.taken_program(learner(request).pk, id).enrollment.program.title
    if request.method != "POST":
        return render(request, "mitxonline/dashboard/leave.html", {"title": f"Leave {what}?", "program": True})
    try:
        actions.unenroll_from_program(user_id=learner(request).pk, program_id=id, actor=learner(request).pk, cause=CAUSE)
    except Problem as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"You have left {what}.")
    return SeeOther(DASHBOARD)
