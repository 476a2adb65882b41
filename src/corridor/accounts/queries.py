"""Reads about people."""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from . import sessions
from .countries import Country, countries
from .errors import NoSuchPerson
from .models import LegalAddress, Profile, User, words
from .records import Address, Details
from .rules import missing_for_compliance

EDITORS = "Editors"
MOST_WORDS = 8  # of a search
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
ADDRESS_FIELDS = tuple(each.name for each in fields(Address))
DETAIL_FIELDS = tuple(each.name for each in fields(Details))


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
        sessions=sessions.count(user),
    )


@dataclass(frozen=True)
class Person:
    """A person as they and staff see them. `missing` names what is to be told before they can buy."""

    user: User
    address: Address | None
    details: Details | None
    onboarded: bool
    asked_more: bool
    roles: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def is_editor(self) -> bool:
        return self.user.is_superuser or EDITORS in self.roles


def person(user: User) -> Person:
    """Everything of one person, in three queries."""
    return people([user])[0]


def people(users: Collection[User]) -> list[Person]:
    """The same of several, in as many queries."""
    ids = [user.pk for user in users]
    addresses = {row.pop("user"): Address(**row) for row in LegalAddress.objects.filter(user__in=ids).values("user", *ADDRESS_FIELDS)}
    columns = ("user", *DETAIL_FIELDS, "completed_onboarding", "addl_field_flag")
    profiles = {row.pop("user"): row for row in Profile.objects.filter(user__in=ids).values(*columns)}
    roles: dict[int, list[str]] = {id: [] for id in ids}
    for id, name in User.groups.through.objects.filter(user__in=ids).order_by("group__name").values_list("user", "group__name"):
        roles[id].append(name)
    return [_person(user, addresses.get(user.pk), profiles.get(user.pk), roles[user.pk]) for user in users]


def _person(user: User, address: Address | None, profile: dict[str, Any] | None, roles: Collection[str]) -> Person:
    onboarded = bool(profile and profile.pop("completed_onboarding"))
    asked_more = bool(profile and profile.pop("addl_field_flag"))
    details = Details(**profile) if profile else None
    return Person(
        user=user,
        address=address,
        details=details,
        onboarded=onboarded,
        asked_more=asked_more,
        roles=tuple(roles),
        missing=tuple(missing_for_compliance(address, details.year_of_birth if details else None)),
    )


def person_for(viewer: User, id: int) -> User:
    """A person by number, for themselves and for staff. Raises NoSuchPerson alike for those who are not there and those who are not theirs to see."""
    if viewer.pk != id and not viewer.is_staff:
        raise NoSuchPerson
    found = User.objects.filter(pk=id, is_active=True).first()
    if found is None:
        raise NoSuchPerson
    return found


def person_called(*, id: int | None, email: str) -> User | None:
    """By number, or else by address; for staff."""
    wanted = Q(pk=id) if id else Q(email__iexact=email)
    return User.objects.filter(wanted, is_active=True).first()


def people_found(text: str, also: Collection[int] = ()) -> QuerySet[User]:
    """Those whose name, address or username has words that begin like each of the text; whose number it is; and `also` these. By indexes."""
    asked = text.replace("\\", " ").replace("\0", " ").split()[:MOST_WORDS]
    if not asked:
        return User.objects.none() if text else User.objects.order_by("id")
    ids = {*also, *([int(text)] if NUMBER.fullmatch(text) else [])}
    wanted = " & ".join("'{}':*".format(word.replace("'", "''")) for word in asked)
    matching = Q(words=SearchQuery(wanted, search_type="raw", config="simple"))
    return User.objects.alias(words=words()).filter(matching | Q(pk__in=ids)).order_by("id")


def all_countries() -> list[Country]:
    return list(countries().values())
