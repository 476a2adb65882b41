"""Who may call the courseware's API, and how it fails when it is told to."""

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from .models import Learner, Mood, State

SALT = "openedx-token"
LASTS_SECONDS = 3600
SLOW_SECONDS = 25

View = Callable[..., HttpResponse]


def moody(view: View) -> View:
    """A view for programs, which behaves as staff have set."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mood = State.current().mood
        if mood == Mood.SLOW:
            time.sleep(SLOW_SECONDS)
        if mood == Mood.DOWN:
            return HttpResponse("<h1>503 Service Temporarily Unavailable</h1>", status=503)
        return view(request, *args, **kwargs)

    return answer


def with_token(view: View) -> View:
    """A view for whoever holds a token: the service client, or a learner's."""

    @moody
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.headers.get("Authorization", "").partition(" ")[2]
        try:
            request.holder = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
        except signing.BadSignature:
            return JsonResponse({"developer_message": "Invalid token.", "error_code": "token_nonexistent"}, status=401)
        return view(request, *args, **kwargs)

    return answer


def is_service(request: HttpRequest) -> bool:
    return "client" in request.holder


def learner_of(request: HttpRequest) -> Learner | None:
    """Whose token it is."""
    return Learner.objects.filter(username=request.holder.get("learner", "")).first()


def given_token(kind: str, **holder: str) -> JsonResponse:
    body = {
        "access_token": signing.dumps(holder, salt=SALT),
        "expires_in": LASTS_SECONDS,
        "token_type": kind,
        "scope": "read write email profile",
    }
    return JsonResponse(body)


def knows_client(form: Any) -> bool:
    secret = settings.CONFIG.openedx_secret
    return bool(secret) and form.get("client_id") == settings.CONFIG.openedx_client and _same(form.get("client_secret", ""), secret)


def may_register(request: HttpRequest) -> bool:
    token = settings.CONFIG.openedx_registration
    return bool(token) and _same(request.headers.get("X-Access-Token", ""), token)


def _same(given: str, secret: Any) -> bool:
    return constant_time_compare(given, secret.get_secret_value())


def is_rejecting() -> bool:
    return State.current().mood == Mood.REJECTING


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; anything else is an empty one."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
