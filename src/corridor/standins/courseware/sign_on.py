"""Learners sign in by their accounts at Corridor (OpenID Connect, code flow with PKCE), as Open edX has them do."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from corridor.embedded.home import local_secrets
from corridor.embedded.standins import SIGN_ON_CLIENT

from .models import Learner

WAIT_SECONDS = 10
SIGNED_IN, UNDER_WAY = "learner", "sign_on"


def signed_in(request: HttpRequest) -> Learner | None:
    return Learner.objects.filter(pk=request.session.get(SIGNED_IN, 0)).first()


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to Corridor, which sends it back to `complete`."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    request.session[UNDER_WAY] = {"verifier": verifier, "state": state, "next": _own(request, request.GET.get("next", ""))}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": SIGN_ON_CLIENT, "response_type": "code", "scope": "openid profile email", "state": state, "redirect_uri": _back(request),
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return redirect(f"{_described()['authorization_endpoint']}?{urlencode(asked)}")


@require_safe
def complete(request: HttpRequest) -> HttpResponse:
    under_way = request.session.pop(UNDER_WAY, None)
    if not under_way or request.GET.get("state") != under_way["state"] or "code" not in request.GET:
        return render(request, "courseware/refused.html", {"why": request.GET.get("error", "")}, status=400)
    form = {
        "grant_type": "authorization_code", "code": request.GET["code"], "redirect_uri": _back(request), "client_id": SIGN_ON_CLIENT,
        "client_secret": local_secrets(settings.CONFIG.home)["courseware_sign_on"], "code_verifier": under_way["verifier"],
    }  # fmt: skip
    answer = requests.post(_described()["token_endpoint"], data=form, timeout=WAIT_SECONDS)
    claims = userinfo(answer.json()["access_token"]) if answer.ok else None
    if not claims or not claims.get("email"):
        return render(request, "courseware/refused.html", {"why": "the sign-on was not confirmed"}, status=400)
    request.session[SIGNED_IN] = _learner(claims).pk
    return redirect(under_way["next"])


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return redirect("/openedx/")


def userinfo(token: str) -> dict[str, Any] | None:
    """Whom a token of Corridor's tells of."""
    try:
        answer = requests.get(_described()["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"}, timeout=WAIT_SECONDS)
    except requests.RequestException:
        return None
    return dict(answer.json()) if answer.ok else None


def _described() -> dict[str, str]:
    try:
        answer = requests.get(f"{settings.CONFIG.base_url}/realms/corridor/.well-known/openid-configuration", timeout=WAIT_SECONDS)
    except requests.RequestException as error:
        raise Http404("Corridor does not answer") from error
    return dict(answer.json())


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri("/openedx/complete/")


def _own(request: HttpRequest, address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/openedx/"


def _learner(claims: dict[str, Any]) -> Learner:
    """The account that has the address; else a new one, as for somebody who comes before any enrollment was sent."""
    found = Learner.objects.filter(email__iexact=claims["email"]).first()
    return found or Learner.objects.create(
        username=f"{claims['email'].partition('@')[0][:22]}_{secrets.token_hex(3)}", email=claims["email"], name=claims.get("name", "")
    )
