"""Who asks, and whether they may: by the session, or by an access token with the scope that an operation needs."""

from enum import StrEnum
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from corridor.kit.errors import Problem

CHALLENGE = 'Bearer realm="corridor"'


class Who(StrEnum):
    """Whom an operation answers. ANYONE is known if they say who they are."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    STAFF = "staff"


class SignInNeeded(Problem):
    code = "not_authenticated"
    status = 401
    headers = {"WWW-Authenticate": CHALLENGE}

    def __init__(self) -> None:
        super().__init__("Sign in, or send an access token, and ask again.")


class TokenUnknown(Problem):
    code = "invalid_token"
    status = 401
    headers = {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}

    def __init__(self) -> None:
        super().__init__("This access token is unknown here, has ended or was taken back. Get a new one.")


class ScopeMissing(Problem):
    code = "insufficient_scope"
    status = 403

    def __init__(self, scope: str) -> None:
        super().__init__(f"This access token is not for that: it lacks the scope {scope}. Ask for one that has it.")
        self.headers = {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'}


class StaffOnly(Problem):
    code = "permission_denied"
    status = 403

    def __init__(self) -> None:
        super().__init__("This is for staff. Sign in with an account that may, or ask for access.")


class CsrfFailed(Problem):
    code = "csrf_failed"
    status = 403

    def __init__(self) -> None:
        super().__init__("A session's request that changes something needs the header X-CSRFToken, with the value of the csrftoken cookie.")


class OwnSession(SessionAuthentication):
    """REST framework's, with a refusal that says what to send."""

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE

    def enforce_csrf(self, request: Request) -> None:
        try:
            # Django's request, not REST framework's, which would read the body that the key of a command is kept with.
            super().enforce_csrf(cast(Any, request._request))
        except PermissionDenied:
            raise CsrfFailed from None


def check(request: Request, who: Who, scope: str) -> None:
    """Raises SignInNeeded, ScopeMissing and StaffOnly."""
    user: Any = request.user
    token: Any = request.auth
    if token is not None and scope not in token.get_scopes():
        raise ScopeMissing(scope)
    if who != Who.ANYONE and not user.is_authenticated:
        raise SignInNeeded
    if who == Who.STAFF and not user.is_staff:
        raise StaffOnly


def address(request: HttpRequest) -> str:
    """Where a request comes from, as the first proxy of ours saw it."""
    proxies = settings.CONFIG.trusted_proxies
    seen = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    return seen[-proxies] if proxies and len(seen) >= proxies else str(request.META.get("REMOTE_ADDR", ""))
