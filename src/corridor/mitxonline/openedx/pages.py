"""Addresses that the courseware calls."""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from corridor.accounts.provider import WEBHOOKS, machine_of
from corridor.kit import clock

from . import signatures, webhooks
from .errors import WebhookRefused, WebhookUnclear
from .vocabulary import EventKind

SIGNATURE = "X-Corridor-Signature"


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, kind: str) -> HttpResponse:
    signature = _check_sender(request)
    taken = webhooks.take(EventKind(kind), _body(request), event_id=signature)
    return JsonResponse(taken.outcome, status=taken.status)


def _check_sender(request: HttpRequest) -> str:
    """The signature, which names what carries no name of its own, or nothing for a token. Raises WebhookRefused."""
    secret = settings.CONFIG.openedx_webhook_secret
    if header := request.headers.get(SIGNATURE, ""):
        if secret is None:
            raise WebhookRefused("signatures are not checked here, for OPENEDX_WEBHOOK_SECRET is not set")
        if why := signatures.wrong(header, request.body, secret=secret.get_secret_value(), now=int(clock.now().timestamp())):
            raise WebhookRefused(why)
        return header
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or machine_of(token.strip(), WEBHOOKS) is None:
        raise WebhookRefused("it carries neither a signature nor a token for it")
    return ""


def _body(request: HttpRequest) -> Any:
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise WebhookUnclear(f"The body is no JSON: {error}.") from error
