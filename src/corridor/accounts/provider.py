"""The embedded identity provider: other systems let people in by their accounts here (OpenID Connect, code flow with PKCE)."""

import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import jwt
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.core.internal import jwkkit
from allauth.idp.oidc import views
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from corridor.kit.http import HttpClient, HttpFailed, Limits
from corridor.kit.outbox import Delivery, publish, receiver
from corridor.kit.security import policy

from .errors import ProofMissing
from .models import User
from .single_sign_on import LOGOUT_EVENT

REALM = "/realms/corridor"
TOPIC = "accounts.logout"
PLACE = "backchannel_logout_uri"
LIMITS = Limits(connect_seconds=3, read_seconds=5, total_seconds=10, largest_bytes=2**16, attempts=1)
SCOPES = ("openid", "profile", "email")
WEBHOOKS = "webhooks"  # what tokens of systems are for that tell us of what happened there


class Realm(DefaultOIDCAdapter):
    """Who we are to other systems, and what people are called there."""

    scope_display: ClassVar[dict[str, Any]] = DefaultOIDCAdapter.scope_display | {
        "user:read": "See your profile",
        "read": "See your enrollments, orders and certificates",
        "write": "Enrol, buy and change things for you",
    }

    def get_issuer(self) -> str:
        return f"{settings.CONFIG.base_url}{REALM}"

    def get_user_sub(self, client: Client, user: Any) -> str:
        return str(user.global_id)

    def get_user_by_sub(self, client: Client, sub: str) -> User | None:
        try:
            return User.objects.filter(global_id=UUID(sub), is_active=True).first()
        except ValueError:
            return None

    def get_claims(
        self, purpose: Any, user: Any, client: Client, scopes: Iterable[str], email: str | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_claims(purpose, user, client, scopes, email, **kwargs)
        return claims | ({"name": user.shown_name} if "profile" in scopes else {})

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        here = settings.CONFIG.base_url
        data.update({name: f"{here}{urlsplit(value).path}" for name, value in data.items() if name.endswith(("_endpoint", "_uri"))})
        data |= {"response_types_supported": ["code"], "grant_types_supported": ["authorization_code", "refresh_token"]}
        data |= {"backchannel_logout_supported": True, "backchannel_logout_session_supported": False}


def authorization(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
    """allauth's page, for those who prove that the code will be theirs; its form may lead to the client that asks."""
    asked = request.GET if request.method == "GET" else request.POST
    if "request" not in request.POST and not (asked.get("code_challenge") and asked.get("code_challenge_method") == "S256"):
        raise ProofMissing
    response: HttpResponseBase = views.authorization(request, *args, **kwargs)
    if response.status_code == 200 and (where := _registered(asked.get("client_id", ""), asked.get("redirect_uri", ""))):
        response.headers["Content-Security-Policy"] = policy(form_action=f"'self' {where}")
    return response


def who_waits(request: HttpRequest) -> str:
    """The origin of the system that a person is on the way to while they sign in, else nothing."""
    on_the_way = request.GET.get("next") or request.POST.get("next") or request.session.get(LOGIN_SESSION_KEY, {}).get("redirect_url")
    parts = urlsplit(str(on_the_way or ""))
    asked = dict(parse_qsl(parts.query))
    here = settings.IDP_OIDC_PRIVATE_KEY and parts.path == reverse("idp:oidc:authorization")
    return _registered(asked.get("client_id", ""), asked.get("redirect_uri", "")) if here else ""


def _registered(client_id: str, redirect_uri: str) -> str:
    """The origin of a client's own address, else nothing."""
    client = Client.objects.filter(pk=client_id).first()
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}" if client and redirect_uri in client.get_redirect_uris() and parts.netloc else ""


@transaction.atomic
def register_client(
    *, name: str, redirect_uris: Sequence[str], logout_uri: str = "", trusted: bool = False, scopes: Sequence[str] = ()
) -> tuple[str, str]:
    """Let another system ask who people are; a trusted one, of our own house, without asking people whether it may.

    Gives its name and its secret, which is kept nowhere.
    """
    secret = secrets.token_urlsafe(32)
    client = Client(name=name, data={PLACE: logout_uri} if logout_uri else None, skip_consent=trusted)
    client.set_scopes([*SCOPES, *scopes])
    _let_in(client, secret, redirect_uris)
    return str(client.pk), secret


@transaction.atomic
def keep_client(*, id: str, secret: str, name: str, redirect_uris: Sequence[str]) -> None:
    """Register a system of this installation, trusted, under an id and a secret that both know; again when it has moved."""
    client = Client.objects.filter(pk=id).first() or Client(pk=id, scopes="openid\nprofile\nemail", skip_consent=True)
    client.name = name
    _let_in(client, secret, redirect_uris)


def _let_in(client: Client, secret: str, redirect_uris: Sequence[str]) -> None:
    client.grant_types = f"{Client.GrantType.AUTHORIZATION_CODE}\n{Client.GrantType.REFRESH_TOKEN}"
    client.set_redirect_uris(list(redirect_uris))
    client.set_secret(secret)
    client.save()


@transaction.atomic
def token_for(*, client_id: str, user: User, seconds: int) -> str:
    """A token by which one system sees who a person is, for as long as it takes to look; an earlier one of theirs ends."""
    client = Client.objects.get(pk=client_id)
    Token.objects.filter(client=client, user=user, data={"made": "here"}).delete()
    value = secrets.token_urlsafe(32)
    token = Token(type=Token.Type.ACCESS_TOKEN, client=client, user=user, data={"made": "here"})
    token.expires_at = timezone.now() + timedelta(seconds=seconds)
    token.set_value(value)
    token.set_scopes(["openid", "profile", "email"])
    token.save()
    return value


# --- machines


@transaction.atomic
def register_machine(*, name: str, scopes: Sequence[str]) -> tuple[str, str]:
    """Let a program act for itself, by a token that it gets for its name and secret (client credentials); gives both."""
    secret = secrets.token_urlsafe(32)
    client = Client(name=name, grant_types=Client.GrantType.CLIENT_CREDENTIALS)
    client.set_scopes(list(scopes))
    client.set_secret(secret)
    client.save()
    return str(client.pk), secret


def machine_of(token: str, scope: str) -> Client | None:
    """Whose token this is, when it is a machine's and for that."""
    known = Token.objects.lookup(Token.Type.ACCESS_TOKEN, token)
    return known.client if known and known.user is None and scope in known.get_scopes() else None


# --- signing out here signs out there


@transaction.atomic
def tell_clients(sender: object, user: User | None, **kwargs: object) -> None:
    """Owe each system that a person entered by their account here word that they signed out; their tokens end."""
    tokens = Token.objects.filter(user=user) if user else Token.objects.none()
    entered = Client.objects.filter(pk__in=tokens.values("client"), data__has_key=PLACE)
    publish(TOPIC, [f"{client.pk}/{user.global_id}" for client in entered if user])
    tokens.delete()


@receiver(TOPIC, batch=20)
def carry_word(deliveries: Sequence[Delivery]) -> dict[int, str]:
    failed: dict[int, str] = {}
    for delivery in deliveries:
        client_id, _, subject = delivery.aggregate.rpartition("/")
        client = Client.objects.filter(pk=client_id).first()
        place = (client.data or {}).get(PLACE) if client else None
        if not place:
            continue
        try:
            HttpClient(trusted=[place], limits=LIMITS).post(
                place, {"logout_token": logout_token(client_id, subject, str(delivery.id))}
            ).body.close()
        except HttpFailed as error:
            failed[delivery.id] = str(error)
    return failed


def logout_token(client_id: str, subject: str, name: str) -> str:
    """Signed word that somebody signed out. One message has one name, so a receiver takes it once however often it comes."""
    realm, now = Realm(), int(time.time())
    described, key = jwkkit.load_jwk_from_pem(realm.get_signing_key().pem)
    body = {
        "iss": realm.get_issuer(),
        "aud": client_id,
        "sub": subject,
        "iat": now,
        "exp": now + 120,
        "jti": name,
        "events": {LOGOUT_EVENT: {}},
    }
    return jwt.encode(body, key, "RS256", {"kid": described["kid"], "typ": "logout+jwt"})


def listen() -> None:
    user_logged_out.connect(tell_clients, dispatch_uid="accounts.provider")
