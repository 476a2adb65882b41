"""People as an identity provider knows them, and as we do."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction

from .adapter import new_username
from .issuer import PROVIDER, TokenRefused
from .models import User


@dataclass(frozen=True)
class Identity:
    """Who somebody is, by the word of the issuer."""

    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""


def identity_in(claims: dict[str, Any]) -> Identity:
    """Raises TokenRefused when the claims name nobody."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 191 or "\0" in subject:
        raise TokenRefused("names nobody")
    text = {name: claims[name] if isinstance(claims.get(name), str) else "" for name in ("email", "name")}
    return Identity(subject, text["email"].lower()[:254], claims.get("email_verified") is True, " ".join(text["name"].split())[:255])


def person_of(identity: Identity) -> User:
    """The person of an identity; made when they come for the first time. Two first requests of one moment make one person."""
    return _known(identity) or _made(identity)


def _known(identity: Identity) -> User | None:
    account = SocialAccount.objects.filter(provider=PROVIDER, uid=identity.subject).select_related("user").first()
    if account is None:
        return None
    user: User = account.user
    if identity.name and not user.name:
        user.name = identity.name
        user.save(update_fields=["name", "updated_on"])
    return user


def _made(identity: Identity) -> User:
    try:
        with transaction.atomic():
            user = _owner(identity) or _new(identity)
            SocialAccount.objects.create(provider=PROVIDER, uid=identity.subject, user=user)
            return user
    except IntegrityError:  # the other request was quicker
        found = _known(identity)
        if found is None:
            raise
        return found


def _owner(identity: Identity) -> User | None:
    """Whose address it is already, where the provider is trusted to have checked addresses."""
    if not (settings.CONFIG.oidc_trusts_addresses and identity.email and identity.email_verified):
        return None
    known = EmailAddress.objects.filter(email=identity.email, verified=True).select_related("user").first()
    return known.user if known else None


def _new(identity: Identity) -> User:
    taken = not identity.email or User.objects.filter(email__iexact=identity.email).exists()
    user = User(username=new_username(), name=identity.name, email="" if taken else identity.email)
    if (id := global_id(identity.subject)) and not User.objects.filter(global_id=id).exists():
        user.global_id = id
    user.set_unusable_password()
    user.save()
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=identity.email_verified)
    return user


def global_id(subject: str) -> UUID | None:
    """The subject, where it is a UUID as Keycloak's are: then all systems know the person by it."""
    try:
        return UUID(subject)
    except ValueError:
        return None
