"""What browsers are told to refuse, which other sites may call us, and how much anybody may send."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from .problems import SENTENCES, problem_response

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "accept, authorization, content-type, idempotency-key, x-csrftoken, x-request-id",
    "Access-Control-Max-Age": "86400",
}
EXPOSED_HEADERS = "X-Request-ID, Idempotent-Replayed, Retry-After, WWW-Authenticate"


def policy(**changes: str) -> str:
    """A content security policy: everything from here, nothing inline, but for the changes."""
    rules = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


PUBLIC = policy()
# Wagtail's console and the API's interactive pages write styles, and the console scripts, into their pages.
BY_PREFIX = {
    "/cms/": policy(script_src="'self' 'unsafe-inline'", style_src="'self' 'unsafe-inline'", img_src="'self' data: blob:"),
    "/api/docs": policy(style_src="'self' 'unsafe-inline'"),
}


class BrowserRules:
    """Content security policy and permissions on every answer that has none of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", next((p for prefix, p in BY_PREFIX.items() if request.path_info.startswith(prefix)), PUBLIC)
        )
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class OtherOrigins:
    """Lets pages of the configured origins, and no others, call with the visitor's session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.CONFIG.cors_origins:
            return self.get_response(request)
        origin = request.headers.get("Origin", "")
        welcome = origin in settings.CONFIG.cors_origins
        if welcome and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: HttpResponseBase = HttpResponse(status=204, headers=PREFLIGHT)
        else:
            response = self.get_response(request)
        if welcome:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        patch_vary_headers(response, ["Origin"])
        return response


class BodyLimit:
    """Refuses a body that says it is too large before any of it is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > settings.CONFIG.largest_body:
            code, message = SENTENCES[413]
            return problem_response(request, 413, code, message)
        return self.get_response(request)
