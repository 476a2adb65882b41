"""Reads about people."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from .models import User


@dataclass(frozen=True)
class Safety:
    """How an account is kept: what its first page shows."""

    address_wanted: str
    app: bool
    keys: int
    codes: bool
    sessions: int


def safety(user: User) -> Safety:
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    waiting = EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email).values_list("email", flat=True).first()
    return Safety(
        address_wanted=waiting or "",
        app=Authenticator.Type.TOTP in kinds,
        keys=kinds.count(Authenticator.Type.WEBAUTHN),
        codes=Authenticator.Type.RECOVERY_CODES in kinds,
        sessions=UserSession.objects.filter(user=user).count(),
    )
