"""Signing in by the configured identity provider (OpenID Connect, code flow with PKCE), and out when it says so."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import structlog
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import sessions
from .adapter import new_username
from .identities import global_id
from .issuer import PROVIDER, TokenRefused, issuer
from .models import User

log = structlog.get_logger(__name__)

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
FRESH_SECONDS = 300


class SignOn(OpenIDConnectOAuth2Adapter):
    """Believes what the issuer signed. The library would take an id token from the token endpoint unchecked, and any answer about any user.

    `fetched` is called when the provider has been asked all there is to ask, and before anything is written.
    """

    def __init__(self, request: HttpRequest, provider_id: str, fetched: Callable[[], object] = lambda: None) -> None:
        super().__init__(request, provider_id)
        self.fetched = fetched

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        claims = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        told = self._fetch_user_info(token.token)
        if told.get("sub") != claims.get("sub"):
            raise OAuth2Error("the provider answered about somebody else")
        self.fetched()
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told, "id_token": claims})

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            return issuer().claims(id_token, audience=app.client_id)
        except TokenRefused as refused:
            raise OAuth2Error(str(refused)) from refused

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return f"{settings.CONFIG.base_url}{reverse('openid_connect_callback', args=[self.provider_id])}"


class People(DefaultSocialAccountAdapter):
    """How a person is made of what the provider tells."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True  # whom the provider lets in may come in

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data | {"username": ""})
        user.username = new_username()
        user.name = " ".join(str(data.get("name") or "").split())[:255]
        id = global_id(sociallogin.account.uid)
        if id and not User.objects.filter(global_id=id).exists():
            user.global_id = id
        return user


def _configured(provider_id: str) -> None:
    if provider_id != PROVIDER or not settings.CONFIG.oidc_issuer:
        raise Http404


def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    _configured(provider_id)
    answer: HttpResponseBase = OAuth2LoginView.adapter_view(SignOn(request, provider_id))(request)
    return answer


def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Ask the provider who came, then write it down in one transaction: a slow provider holds none open."""
    _configured(provider_id)
    with ExitStack() as writing:
        adapter = SignOn(request, provider_id, fetched=lambda: writing.enter_context(transaction.atomic()))
        answer: HttpResponseBase = OAuth2CallbackView.adapter_view(adapter)(request)
    return answer


@csrf_exempt
@never_cache
@require_POST
def told_to_sign_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back-channel logout: the provider says that somebody signed out there; all their sessions here end."""
    _configured(provider_id)
    try:
        subject = _signed_out(request.POST.get("logout_token", ""))
    except TokenRefused as refused:
        log.warning("single_sign_on.logout_refused", reason=str(refused)[:200])
        return JsonResponse({"error": "invalid_request"}, status=400)
    with transaction.atomic():
        for account in SocialAccount.objects.filter(provider=PROVIDER, uid=subject).select_related("user"):
            sessions.end(account.user)
    return HttpResponse(status=200)


def _signed_out(token: str) -> str:
    """The subject of a logout token. Raises TokenRefused for anything else, above all for an id token, and for one that came before."""
    claims = issuer().claims(token, audience=settings.CONFIG.oidc_client)
    if LOGOUT_EVENT not in claims.get("events", {}) or "nonce" in claims or not isinstance(claims.get("sub"), str):
        raise TokenRefused(f"no logout token: {json.dumps(sorted(claims))}")
    if abs(time.time() - claims["iat"]) > FRESH_SECONDS:
        raise TokenRefused("old")
    if not claims.get("jti") or not cache.add(f"logout:{claims['jti']}", True, 2 * FRESH_SECONDS):
        raise TokenRefused("came before")
    return str(claims["sub"])
