"""A course as a learner walks through it, and what staff can set."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import webhooks
from .models import Course, Enrollment, GivenAnswer, Learner, Mood, Notice, State
from .sign_on import SIGNED_IN, signed_in
from .teaching import UNITS, course_of, enrolled, grade_of


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    learner = signed_in(request)
    rows = Enrollment.objects.filter(learner=learner, is_active=True).select_related("course") if learner else ()
    return render(request, "courseware/dashboard.html", {"learner": learner, "enrollments": rows})


@require_safe
def course(request: HttpRequest, key: str) -> HttpResponse:
    """The course's first page: what it holds and how far the learner is."""
    learner, row = _here(request, key)
    given = dict(row.answers.values_list("unit", "choice")) if row else {}
    units = [{"number": number, "title": unit.title, "done": number in given} for number, unit in enumerate(UNITS)]
    told = {"learner": learner, "course": course_of(key), "enrollment": row, "units": units, "done": len(given), "of": len(UNITS)}
    return render(request, "courseware/course.html", told)


@require_POST
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Join from here, without Corridor: it is told."""
    learner = signed_in(request)
    if learner is None:
        return redirect(f"/openedx/login/?next=/openedx/courses/{key}/home")
    row, _ = Enrollment.objects.update_or_create(learner=learner, course=course_of(key), defaults={"is_active": True})
    webhooks.tell("enrollment", row)
    return redirect(f"/openedx/courses/{key}/home")


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, key: str, number: int) -> HttpResponse:
    learner, row = _here(request, key)
    if row is None or number >= len(UNITS):
        return redirect(f"/openedx/courses/{key}/home")
    choice = request.POST.get("choice", "")
    if request.method == "POST" and choice.isdigit() and row.finished is None:
        GivenAnswer.objects.update_or_create(
            enrollment=row, unit=number, defaults={"choice": min(int(choice), len(UNITS[number].choices) - 1)}
        )
    given = row.answers.filter(unit=number).values_list("choice", flat=True).first()
    told = {
        "learner": learner,
        "course": row.course,
        "enrollment": row,
        "unit": UNITS[number],
        "given": given,
        "right": given == UNITS[number].right,
    }
    return render(request, "courseware/unit.html", told | {"number": number, "next": number + 1 if number + 1 < len(UNITS) else None})


@require_safe
def progress(request: HttpRequest, key: str) -> HttpResponse:
    learner, row = _here(request, key)
    if row is None:
        return redirect(f"/openedx/courses/{key}/home")
    reached, passed, _ = grade_of(row)
    told = {"learner": learner, "course": row.course, "enrollment": row, "reached": round(reached * 100), "passed": passed}
    return render(request, "courseware/progress.html", told)


@require_POST
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """End the course; who passed is told of to Corridor, as Open edX does when it makes a certificate."""
    _, row = _here(request, key)
    if row and row.finished is None:
        row.finished = timezone.now()
        row.save()
        if grade_of(row)[1]:
            webhooks.tell("certificate", row)
    return redirect(f"/openedx/courses/{key}/progress")


def _here(request: HttpRequest, key: str) -> tuple[Learner | None, Enrollment | None]:
    learner = signed_in(request)
    return learner, enrolled(learner, course_of(key))


# --- staff


@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    told = {
        "moods": Mood, "mood": State.current().mood, "notices": Notice.objects.all()[:20], "learners": Learner.objects.order_by("-id")[:50],
        "enrollments": Enrollment.objects.select_related("learner", "course").order_by("-id")[:50], "courses": Course.objects.order_by("-id")[:50],
    }  # fmt: skip
    return render(request, "courseware/staff.html", told)


@require_POST
def set_mood(request: HttpRequest) -> HttpResponse:
    if request.POST.get("mood") in Mood.values:
        State.objects.update_or_create(pk=1, defaults={"mood": request.POST["mood"]})
    return redirect("/openedx/staff/")


@require_POST
def send_again(request: HttpRequest, id: int) -> HttpResponse:
    webhooks.send(get_object_or_404(Notice, pk=id))
    return redirect("/openedx/staff/")


@require_POST
def enter_as(request: HttpRequest) -> HttpResponse:
    """Be a learner without signing in, to try things out."""
    request.session[SIGNED_IN] = get_object_or_404(Learner, username=request.POST.get("username", "")).pk
    return redirect("/openedx/")
