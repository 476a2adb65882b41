"""How failures reach whoever asked: a sentence on a page for people, problem+json (RFC 9457) for programs."""

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import select_template
from rest_framework.views import exception_handler

from . import request_ids
from .errors import Problem

SENTENCES = {
    400: ("bad_request", "This request could not be understood."),
    403: ("forbidden", "You may not do this. Sign in with an account that may, or ask for access."),
    404: ("not_found", "There is no such page here."),
    413: ("body_too_large", "What was sent is larger than this site takes."),
    503: ("unavailable", "The site cannot reach its database just now. Please try again in a minute."),
    500: ("failure", "Something went wrong on our side. It has been noted; please try again."),
}
log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
NOTHING: Mapping[str, Any] = MappingProxyType({})

PROGRAM_PATHS = ("/api/", "/health/")  # below the root or below the prefix of a system


def wants_json(request: HttpRequest) -> bool:
    for_programs = any(part in request.path_info[:40] for part in PROGRAM_PATHS)
    return for_programs or request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def problem_response(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    members: Mapping[str, Any] = NOTHING,
    headers: Mapping[str, str] = NOTHING,
) -> HttpResponse:
    """The answer that tells of a failure in the form that the client reads."""
    if wants_json(request):
        return problem_json(status, code, message, members, headers)
    # A site's own page for problems comes before this package's bare one. It gets no context processors: they may be what failed.
    page = select_template(["problem.html", "kit/problem.html"])
    return HttpResponse(
        page.render({"request": request, "status": status, "message": message, "request_id": request_ids.current()}),
        status=status,
        headers=headers,
    )


def problem_json(
    status: int, code: str, message: str, members: Mapping[str, Any] = NOTHING, headers: Mapping[str, str] = NOTHING
) -> HttpResponse:
    """`code` is the kind of failure, `instance` this one of it, as the log entry of the request names it."""
    told = {
        "type": f"urn:corridor:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": message,
        "code": code,
        "instance": f"urn:corridor:request:{request_ids.current()}",
        **members,
    }
    return JsonResponse(told, status=status, content_type=PROBLEM_JSON, headers={"Cache-Control": "no-store", **headers})


def _standard(request: HttpRequest, status: int) -> HttpResponse:
    code, message = SENTENCES[status]
    return problem_response(request, status, code, message)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _standard(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _standard(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _standard(request, 404)


def failure(request: HttpRequest) -> HttpResponse:
    return _standard(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem_response(
        request, 403, "csrf_failed", f"The form could not be checked to come from this site ({reason}). Reload the page and try again."
    )


class ProblemsAsAnswers:
    """Turns a Problem that a view raises into its answer. No address has a NUL, which the database refuses as text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return _standard(request, 404) if "\0" in request.path_info else self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Problem):
            return problem_response(request, exception.status, exception.code, exception.message, exception.members, exception.headers)
        if isinstance(exception, OperationalError) and _no_connection():
            log.error("The database cannot be reached: %s", exception)
            response = _standard(request, 503)
            response.headers["Retry-After"] = "60"
            return response
        return None


def _no_connection() -> bool:
    return connection.connection is None or bool(connection.connection.closed)


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's handler, taught our own errors and their form."""
    if isinstance(exception, Problem):
        return problem_json(exception.status, exception.code, exception.message, exception.members, exception.headers)
    response = exception_handler(exception, context)
    if response is None:
        return None
    code = getattr(exception, "default_code", "") or SENTENCES[response.status_code][0]
    headers = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    return problem_json(response.status_code, code, str(response.data.get("detail", "")), headers=headers)
