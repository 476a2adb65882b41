"""Open edX's REST API as far as Corridor calls it, in its own formats."""

import re
import secrets
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import sign_on
from .access import body_of, given_token, is_rejecting, is_service, knows_client, learner_of, may_register, moody, with_token
from .models import Course, Enrollment, Learner
from .teaching import UNITS, course_of, grade_of

COURSE_KEY = re.compile(r"^course-v1:[\w\-.]+\+[\w\-.]+\+[\w\-.]+$")
USERNAME = re.compile(r"^[\w .@+-]{2,30}$")
MODES = ("audit", "verified")


# --- tokens


@require_POST
@moody
def access_token(request: HttpRequest) -> HttpResponse:
    if not knows_client(request.POST):
        return JsonResponse({"error": "invalid_client"}, status=401)
    if request.POST.get("grant_type") != "client_credentials":
        return JsonResponse({"error": "unsupported_grant_type"}, status=400)
    return given_token("JWT" if request.POST.get("token_type") == "jwt" else "Bearer", client=request.POST["client_id"])


@require_POST
@moody
def exchange(request: HttpRequest, provider: str) -> HttpResponse:
    """A token of the identity provider for one of ours: that of the learner it tells of."""
    claims = sign_on.userinfo(request.POST.get("access_token", ""))
    learner = Learner.objects.filter(email__iexact=claims.get("email", "")).first() if claims else None
    if learner is None:
        return JsonResponse({"error": "invalid_grant", "error_description": "access_token is not valid"}, status=400)
    return given_token("Bearer", learner=learner.username)


# --- accounts


@require_POST
@moody
def register(request: HttpRequest) -> HttpResponse:
    if not may_register(request):
        return JsonResponse({"detail": "You do not have permission to perform this action."}, status=403)
    username, email = request.POST.get("username", ""), request.POST.get("email", "")
    if is_rejecting() or not USERNAME.match(username):
        return JsonResponse(
            {"username": _said("Usernames can only contain letters, numerals, underscores and hyphens.")} | _code("validation-error"),
            status=400,
        )
    taken = _taken(username, email)
    if not taken:
        try:
            with transaction.atomic():
                Learner.objects.create(username=username, email=email, name=request.POST.get("name", ""))
            return JsonResponse({"success": True, "redirect_url": "/dashboard"})
        except IntegrityError:
            taken = _taken(username, email)
    return JsonResponse(taken, status=409)


def _taken(username: str, email: str) -> dict[str, Any]:
    """What is said of names and addresses that others have, in the words of Open edX's codes."""
    said: dict[str, Any] = {}
    if Learner.objects.filter(email__iexact=email).exists():
        said["email"] = _said(f"It looks like {email} belongs to an existing account. Try again with a different email address.")
    if Learner.objects.filter(username__iexact=username).exists():
        said["username"] = _said(f"It looks like {username} belongs to an existing account. Try again with a different username.")
        said["username_suggestions"] = [f"{username[:24]}_{secrets.randbelow(10000):04}" for _ in range(3)]
    return said | _code("duplicate" + "".join(f"-{name}" for name in ("email", "username") if name in said)) if said else {}


def _said(message: str) -> list[dict[str, str]]:
    return [{"user_message": message}]


def _code(code: str) -> dict[str, str]:
    return {"error_code": code}


@require_GET
@with_token
def accounts(request: HttpRequest) -> HttpResponse:
    fields = {name: f"{name}__iexact" for name in ("email", "username") if name in request.GET}
    found = Learner.objects.filter(**{lookup: request.GET[name] for name, lookup in fields.items()}) if fields else Learner.objects.none()
    if not found:
        return JsonResponse({"developer_message": "Not found."}, status=404)
    return JsonResponse(
        [{"username": each.username, "email": each.email, "name": each.name, "is_active": True} for each in found], safe=False
    )


# --- enrollments


@require_http_methods(["GET", "POST"])
@with_token
def enrollments(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        found = Enrollment.objects.filter(learner__username=request.GET.get("user", ""), is_active=True).select_related("learner", "course")
        return JsonResponse([_told(each) for each in found], safe=False)
    if not is_service(request):
        return _message("Not allowed.", 403)
    return _enroll(body_of(request))


def _enroll(wanted: dict[str, Any]) -> HttpResponse:
    key, mode = str((wanted.get("course_details") or {}).get("course_id", "")), wanted.get("mode") or "audit"
    if not COURSE_KEY.match(key) or is_rejecting():
        return _message(f"No course '{key}' found for enrollment", 400)
    if mode not in MODES:
        return _message(f"The course mode '{mode}' is not available for course '{key}'.", 400)
    learner = Learner.objects.filter(username=wanted.get("user", "")).first()
    if learner is None:
        return _message(f"The user {wanted.get('user')} does not exist.", 406)
    course = course_of(key)
    with transaction.atomic():
        row, created = Enrollment.objects.get_or_create(learner=learner, course=course, defaults={"mode": mode})
        active = bool(wanted.get("is_active", True))
        if not created and not active and row.is_active and row.mode != mode:
            return _message(f"Enrollment mode mismatch: active mode={row.mode}, requested mode={mode}. Won't deactivate.", 400)
        row.mode, row.is_active = mode, active
        row.save()
    return JsonResponse(_told(row))


@require_GET
@with_token
def enrollment(request: HttpRequest, user: str, key: str) -> HttpResponse:
    found = Enrollment.objects.filter(learner__username=user, course__key=key).select_related("learner", "course").first()
    return JsonResponse(_told(found)) if found else HttpResponse(content_type="application/json")


@require_POST
@with_token
def change_email_settings(request: HttpRequest) -> HttpResponse:
    """Of the learner whose token it is; an address that is left out means no letters."""
    learner = learner_of(request)
    if learner is None:
        return JsonResponse({"success": False}, status=403)
    Enrollment.objects.filter(learner=learner, course__key=request.POST.get("course_id", "")).update(
        emails="receive_emails" in request.POST
    )
    return JsonResponse({"success": True})


def _told(row: Enrollment) -> dict[str, Any]:
    details = {"course_id": row.course.key, "course_name": row.course.title, "course_modes": [_mode(row.course, mode) for mode in MODES]}
    dates = {"enrollment_start": row.course.enrollment_start, "course_start": row.course.start, "course_end": row.course.end}
    return {
        "created": row.created,
        "mode": row.mode,
        "is_active": row.is_active,
        "user": row.learner.username,
        "course_details": details | dates,
    }


def _mode(course: Course, slug: str) -> dict[str, Any]:
    free = slug == "audit"
    return {
        "course_id": course.key, "mode_slug": slug, "mode_display_name": slug.title(), "min_price": 0 if free else 49, "currency": "usd",
        "expiration_datetime": None, "expiration_datetime_is_explicit": False, "description": None, "sku": None, "bulk_sku": None,
    }  # fmt: skip


def _message(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


# --- grades and certificates


@require_GET
@with_token
def grades(request: HttpRequest, key: str) -> HttpResponse:
    rows = Enrollment.objects.filter(course__key=key, is_active=True).select_related("learner").order_by("id")
    if username := request.GET.get("username"):
        rows = rows.filter(learner__username=username)
        if not rows:
            return JsonResponse({"developer_message": "No enrollment."} | _code("user_or_course_does_not_exist"), status=404)
    size, after = 100, request.GET.get("cursor", "0")
    part = list(rows.filter(id__gt=int(after) if after.isdigit() else 0)[: size + 1])
    more = request.build_absolute_uri(f"{request.path}?cursor={part[size - 1].id}") if len(part) > size else None
    return JsonResponse({"next": more, "previous": None, "results": [_grade(each, key) for each in part[:size]]})


def _grade(row: Enrollment, key: str) -> dict[str, Any]:
    reached, passed, letter = grade_of(row)
    return {
        "username": row.learner.username,
        "email": row.learner.email,
        "course_id": key,
        "passed": passed,
        "percent": reached,
        "letter_grade": letter or None,
    }


@require_GET
@with_token
def certificate(request: HttpRequest, user: str, key: str) -> HttpResponse:
    row = Enrollment.objects.filter(learner__username=user, course__key=key).exclude(finished=None).first()
    reached, passed, _ = grade_of(row) if row else (0.0, False, "")
    if row is None or not passed:
        return JsonResponse(_code("no_certificate_for_user"), status=404)
    told = {"username": user, "course_id": key, "certificate_type": row.mode, "created_date": row.finished, "status": "downloadable"}
    return JsonResponse(told | {"is_passing": True, "download_url": None, "grade": str(reached)})


# --- courses


@require_GET
@with_token
def courses(request: HttpRequest) -> HttpResponse:
    rows = Course.objects.order_by("id")
    if keys := [key for value in request.GET.getlist("course_keys") for key in value.split(",")]:
        rows = rows.filter(key__in=keys)
    number, size = max(int(request.GET.get("page", 1)), 1), min(int(request.GET.get("page_size", 10)), 100)
    count = rows.count()
    last = max(-(-count // size), 1)
    asked = request.GET.copy()
    asked["page"] = str(number + 1)
    more = request.build_absolute_uri(f"{request.path}?{asked.urlencode()}") if number < last else None
    paging = {"next": more, "previous": None, "count": count, "num_pages": last}
    return JsonResponse({"results": [_listed(each) for each in rows[(number - 1) * size : number * size]], "pagination": paging})


def _listed(course: Course) -> dict[str, Any]:
    org, number, _ = course.key.removeprefix("course-v1:").split("+", 2)
    return {
        "id": course.key, "course_id": course.key, "name": course.title, "org": org, "number": number, "short_description": "",
        "start": course.start, "end": course.end, "enrollment_start": course.enrollment_start, "enrollment_end": course.enrollment_end,
        "certificate_available_date": course.certificate_available, "pacing": "self" if course.self_paced else "instructor",
        "hidden": False, "invitation_only": False, "mobile_available": False,
    }  # fmt: skip


@require_GET
@with_token
def course_modes(request: HttpRequest, key: str) -> HttpResponse:
    return JsonResponse([_mode(course_of(key), slug) for slug in MODES], safe=False)


@require_GET
@with_token
def outline(request: HttpRequest, key: str) -> HttpResponse:
    if not COURSE_KEY.match(key):
        return JsonResponse({"detail": "Invalid course_id format. Expected an Open edX course key."}, status=400)
    counts = {"videos": 0, "readings": 1, "problems": 1, "assignments": 0, "app_items": 0}
    block = f"block-v1:{key.removeprefix('course-v1:')}+type@chapter+block@"
    modules = [
        {
            "id": f"{block}{uuid5(NAMESPACE_URL, key + unit.title).hex}",
            "title": unit.title,
            "effort_time": 300,
            "effort_activities": 1,
            "counts": counts,
        }
        for unit in UNITS
    ]
    return JsonResponse({"course_id": key, "generated_at": timezone.now(), "modules": modules})
