"""Programs of others act for a person with an access token of our own identity provider."""

from allauth.idp.oidc.models import Token
from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from corridor.kit.api.callers import CHALLENGE, TokenUnknown

from .models import User


class AccessToken(BaseAuthentication):
    """`Authorization: Bearer …`. Where a gateway in front uses that header for its own token, none of ours can come."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or (settings.CONFIG.gateway_header or "").lower() == "authorization":
            return None
        tokens = Token.objects.valid().by_value(value.strip()).filter(type=Token.Type.ACCESS_TOKEN, client__isnull=False)
        token = tokens.filter(user__is_active=True).select_related("user").first()
        if token is None or not _meant_for_here(token):
            raise TokenUnknown
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def _meant_for_here(token: Token) -> bool:
    """Whether a token that is bound to resources is bound to ours."""
    bound = token.get_resources()
    return not bound or any(each.rstrip("/") == settings.CONFIG.base_url.rstrip("/") for each in bound)
