"""Accounts of learners in the courseware: a name that nobody else has, then the account. The name is kept first."""

import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from corridor.accounts.models import LegalAddress, Profile, User
from corridor.accounts.provider import token_for

from . import rules
from .client import courseware
from .errors import AccountMissing, CoursewareAway, CoursewareRefused
from .models import OpenEdxUser

log = structlog.get_logger(__name__)

ATTEMPTS = 4
PROOF_SECONDS = 120
WIDEST = 10**6


def ensure_account(user: User) -> OpenEdxUser:
    """The account of a person, made there when it is missing. Raises CoursewareAway and AccountMissing.

    Asked twice at once it is made once: whoever comes second finds name and address taken, and the account to be theirs.
    """
    account = keep_name(user)
    if account.has_been_synced:
        return account
    for _ in range(ATTEMPTS):
        try:
            courseware().register(_told_of(user, account.edx_username))
        except CoursewareRefused as refused:
            if refused.answered == 409 and _took_other_name(account, user, refused.told):
                continue
            if not account.has_been_synced:
                note_failure(account, refused)
                raise AccountMissing(refused.message, permanent=True) from refused
        return _note_made(account)
    raise AccountMissing(f"The courseware took none of {ATTEMPTS} names for this person.", permanent=False)


def keep_name(user: User) -> OpenEdxUser:
    """The row with the name that is to be asked for. Of two that want the same, the database lets one have it."""
    known = OpenEdxUser.objects.filter(user=user).first()
    if known:
        return known
    desired = rules.username_from(user.name, user.email)
    name = desired
    while True:
        try:
            with transaction.atomic():
                return OpenEdxUser.objects.create(user=user, edx_username=name, desired_edx_username=desired)
        except IntegrityError:
            if known := OpenEdxUser.objects.filter(user=user).first():
                return known
            name = _free_name(desired)


def _took_other_name(account: OpenEdxUser, user: User, told: Mapping[str, Any]) -> bool:
    """Act on a refusal for names or addresses that are taken. True when it is worth asking again.

    Who has the address there is the same person: theirs is the account, under the name that it has.
    """
    if rules.has_address_taken(told):
        theirs = courseware().account_of(user.email)
        if theirs and _renamed(account, theirs.username):
            account.has_been_synced = True
        return False
    suggested = [str(name) for name in told.get("username_suggestions", ())]
    return rules.has_name_taken(told) and _renamed(account, _free_name(account.desired_edx_username, suggested))


def _renamed(account: OpenEdxUser, name: str) -> bool:
    """Whether the name could be had."""
    if account.edx_username == name:
        return True
    try:
        with transaction.atomic():
            account.edx_username = name
            account.save(update_fields=["edx_username"])
    except IntegrityError:
        return False
    return True


def _free_name(desired: str, suggested: list[str] | None = None) -> str:
    """One that nobody here has. The range of numbers grows, so that a popular name does not collide for ever."""
    taken = set(
        OpenEdxUser.objects.annotate(low=Lower("edx_username")).filter(low__startswith=desired.lower()[:8]).values_list("low", flat=True)
    )
    numbers = (secrets.randbelow(limit) + 1 for limit in (10, 100, 1000, *[WIDEST] * 50))
    return next(rules.alternatives(desired, suggested or [], taken, numbers))


def _note_made(account: OpenEdxUser) -> OpenEdxUser:
    account.has_been_synced, account.has_sync_error, account.sync_error_data = True, False, None
    account.save(update_fields=["has_been_synced", "has_sync_error", "sync_error_data"])
    log.info("openedx.account_made", user=account.user_id, username=account.edx_username)
    return account


def note_failure(account: OpenEdxUser, refused: CoursewareRefused) -> None:
    account.has_sync_error, account.sync_error_data = True, {"status": refused.answered, "told": dict(refused.told)}
    account.save(update_fields=["has_sync_error", "sync_error_data"])


def _told_of(user: User, username: str) -> dict[str, str]:
    """What registration is given. With a token of our provider the account is tied to theirs here; else by a password that nobody knows."""
    lives = LegalAddress.objects.filter(user=user).first() or LegalAddress()
    tells = Profile.objects.filter(user=user).first() or Profile()
    told = {
        "username": username,
        "email": user.email,
        "name": user.shown_name,
        "country": lives.country,
        "state": lives.state.removeprefix("US-") if lives.country == "US" else "",
        "gender": rules.GENDERS.get(tells.gender, ""),
        "year_of_birth": str(tells.year_of_birth or ""),
        "level_of_education": rules.EDUCATION.get(tells.highest_education, ""),
        "honor_code": "true",
    }
    proof = proof_of(user)
    tie = {"provider": settings.CONFIG.openedx_provider, "access_token": proof} if proof else {"password": secrets.token_urlsafe(24)}
    return {name: value for name, value in told.items() if value} | tie


def proof_of(user: User) -> str:
    """A token of our provider, of minutes, by which the courseware sees who this is; empty when it is no system of ours."""
    client = settings.CONFIG.openedx_sign_on_client
    return token_for(client_id=client, user=user, seconds=PROOF_SECONDS) if client else ""


def is_passing(error: Exception) -> bool:
    """Whether the next attempt may go well."""
    return isinstance(error, CoursewareAway) or (isinstance(error, AccountMissing) and not error.permanent)
