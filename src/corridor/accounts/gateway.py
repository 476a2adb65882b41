"""Who a gateway in front says is asking: believed when it is a token that the issuer signed for us, and never otherwise.

Without a configured header nothing is read. Claims in bare headers (X-Userinfo and its like) are read nowhere.
"""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .identities import Identity, identity_in, person_of
from .issuer import TokenRefused, issuer

log = structlog.get_logger(__name__)

SUBJECT = "gateway_subject"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignedIdentity:
    """Keeps our session and the gateway's token in step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.CONFIG.gateway_header:
            keep_in_step(request, request.headers.get(settings.CONFIG.gateway_header, ""))
        return self.get_response(request)


def keep_in_step(request: HttpRequest, token: str) -> None:
    """Sign in whom the token names. A session that a token opened ends with it."""
    identity = _identity(token.removeprefix("Bearer ")) if token else None
    opened_for = request.session.get(SUBJECT)
    if identity is None:
        if opened_for:
            logout(request)
    elif opened_for != identity.subject or not request.user.is_authenticated:
        _enter(request, identity)


def _identity(token: str) -> Identity | None:
    try:
        return identity_in(issuer().claims(token, audience=settings.CONFIG.gateway_audience))
    except TokenRefused as refused:
        log.warning("gateway.token_refused", reason=str(refused)[:200])
        return None


@transaction.atomic
def _enter(request: HttpRequest, identity: Identity) -> None:
    person = person_of(identity)
    if not person.is_active:
        logout(request)
        return
    login(request, person, BACKEND)
    request.session[SUBJECT] = identity.subject
