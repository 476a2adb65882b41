"""People: themselves, as staff find them, and how they change what is known of them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, ClassVar, TypeVar

from django.http import HttpRequest
from rest_framework.request import Request

from corridor.accounts import actions, queries
from corridor.accounts.errors import Implausible
from corridor.accounts.models import User
from corridor.accounts.queries import ADDRESS_FIELDS, DETAIL_FIELDS, Person
from corridor.accounts.records import Address, Details
from corridor.kit.api.acting import Acting
from corridor.kit.api.bodies import BodyRefused
from corridor.kit.api.callers import Who
from corridor.kit.api.limits import Limit
from corridor.kit.api.parameters import Asked, Json, Text
from corridor.kit.api.routes import operation, together
from corridor.kit.api.views import Reading
from corridor.kit.errors import Problem
from corridor.mitxonline.openedx.names import holders, username_of, usernames_of

from .access import person
from .paging import LetteredPage, lettered
from .shapes import people as shapes

Part = TypeVar("Part", Address, Details)
NOBODY = Address(first_name="", last_name="", country="")


class UsernameMissing(Problem):
    code = "username_missing"
    status = 409

    def __init__(self) -> None:
        super().__init__("You have no username in the courseware yet. It is made when you enroll; then ask again.")


def told_of(person: Person) -> Json:
    return told_of_all([person])[0]


def told_of_all(people: Collection[Person]) -> list[Json]:
    """One query, however many."""
    usernames = usernames_of([person.user for person in people])
    return [_told(person, usernames[person.user.pk]) for person in people]


def _told(person: Person, username: str | None) -> Json:
    user = person.user
    return {
        "id": user.pk,
        "username": username,
        "name": user.name,
        "email": user.email or None,
        "legal_address": asdict(person.address) if person.address else None,
        "user_profile": {**asdict(person.details), "addl_field_flag": person.asked_more} if person.details else None,
        "is_anonymous": False,
        "is_authenticated": True,
        "is_editor": person.is_editor,
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
        "created_on": user.date_joined,
        "updated_on": user.updated_on,
        "grants": person.roles,
        "is_active": user.is_active,
        "b2b_organizations": [],
        "global_id": str(user.global_id),
        "compliance_missing_fields": person.missing,
    }


def told_of_nobody() -> Json:
    told: Json = dict.fromkeys(shapes.User().fields)
    told |= dict.fromkeys(("is_authenticated", "is_editor", "is_staff", "is_superuser", "is_active"), False)
    return told | {"id": 0, "name": "", "is_anonymous": True, "grants": [], "b2b_organizations": [], "compliance_missing_fields": []}


class Me(Reading):
    who: ClassVar[Who | None] = Who.ANYONE
    scope: ClassVar[str] = "user:read"
    shape: Any = shapes.User

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return told_of(queries.person(person(request))) if request.user.is_authenticated else told_of_nobody()


class TellOfMe(Acting):
    """Parts that are not sent stay as they are, and so do fields of a part."""

    takes: Any = shapes.UserChanges
    answers = {200: shapes.User}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        before = queries.person(person(request))
        details = dict(given.get("user_profile") or {})
        asked_more = details.pop("addl_field_flag", None)
        with named_fields():
            user = actions.tell_of_oneself(
                before.user,
                name=given.get("name"),
                address=changed(before.address or NOBODY, given.get("legal_address")),
                details=changed(before.details or Details(), details),
                asked_more=asked_more,
            )
        return told_of(queries.person(user))


def changed(before: Part, given: Json | None) -> Part | None:
    """What is known with what is given; null takes a text back. None where nothing is given."""
    if not given:
        return None
    emptied: Json = {name: "" for name, value in given.items() if value is None and isinstance(getattr(before, name), str)}
    return replace(before, **(given | emptied))


@contextmanager
def named_fields() -> Iterator[None]:
    """What a rule refuses is told of the field as the body has it."""
    parts = dict.fromkeys(ADDRESS_FIELDS, "legal_address.") | dict.fromkeys(DETAIL_FIELDS, "user_profile.")
    try:
        yield
    except Implausible as refused:
        field = refused.field or "name"
        raise BodyRefused({f"{parts.get(field, '')}{field}": [str(refused)]}) from refused


class Somebody(Reading):
    """For themselves and for staff; others cannot find out who there is."""

    who: ClassVar[Who | None] = Who.SIGNED_IN
    shape: Any = shapes.PublicUser

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        user = queries.person_for(person(request), path["id"])
        return {
            "id": user.pk,
            "username": username_of(user),
            "name": user.name,
            "created_on": user.date_joined,
            "updated_on": user.updated_on,
        }


class UserInfo(Reading):
    """For the courseware, which cannot take in who has no username there."""

    who: ClassVar[Who | None] = Who.SIGNED_IN
    scope: ClassVar[str] = "user:read"
    shape: Any = shapes.User
    refusals: ClassVar[tuple[int, ...]] = (409,)

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        told = told_of(queries.person(person(request)))
        if told["username"] is None:
            raise UsernameMissing
        return told


class Countries(Reading):
    rows: ClassVar[bool] = True
    shape: Any = shapes.Country

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return [asdict(country) for country in queries.all_countries()]


class BeginAddressChange(Acting):
    takes: Any = shapes.NewAddress
    answers = {201: shapes.NewAddress}
    limit: ClassVar[Limit | None] = Limit(5, 300, "address-changes")  # each tries a password

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        actions.begin_address_change(request._request, email=given["new_email"], password=given["password"])
        return {"new_email": given["new_email"]}


class ConfirmAddressChange(Acting):
    takes: Any = shapes.Confirmation
    answers = {200: shapes.Confirmation}
    limit: ClassVar[Limit | None] = Limit(20, 300, "confirmations")

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        if not given.get("confirmed"):
            raise BodyRefused({"confirmed": ["Send true to confirm; to leave the address as it is, send nothing."]})
        actions.confirm_address_change(request._request, code=path["code"])
        return {"confirmed": True}


class PeopleFound(Reading):
    who: ClassVar[Who | None] = Who.STAFF
    rows: ClassVar[bool] = True
    paged: ClassVar[bool] = True
    parameters = (
        *lettered(),
        Text(name="search", longest=200, empty=True, help="Beginnings of words of names and addresses, or a number."),
    )
    shape: Any = shapes.StaffDashboardUser

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        text = (asked["search"] or "").strip()
        found = queries.people_found(text, also=holders(text))
        rows = found.select_related("legal_address")[asked["o"] : asked["o"] + asked["l"]]
        return LetteredPage(found.count(), [staff_view(user) for user in rows])


class PersonFound(Reading):
    who: ClassVar[Who | None] = Who.STAFF
    shape: Any = shapes.StaffDashboardUser

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return staff_view(queries.person_for(person(request), path["id"]))


def staff_view(user: User) -> Json:
    address = getattr(user, "legal_address", None)
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "legal_address": {name: getattr(address, name) for name in ADDRESS_FIELDS} if address else None,
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
    }


v0 = [
    together(
        operation("users/me", Me, "users_me_retrieve", "users"),
        operation("users/me", TellOfMe, "users_me_partial_update", "users", method="PATCH"),
    ),
    together(
        operation("users/current_user/", Me, "users_current_user_retrieve", "users"),
        operation("users/current_user/", TellOfMe, "users_current_user_partial_update", "users", method="PATCH"),
    ),
    operation("users/<int:id>/", Somebody, "users_retrieve", "users"),
    operation("userinfo/", UserInfo, "userinfo_retrieve", "userinfo"),
    operation("countries/", Countries, "countries_list", "countries"),
    operation("change-emails/", BeginAddressChange, "change_emails_create", "change-emails"),
    together(
        operation("change-emails/<str:code>/", ConfirmAddressChange, "change_emails_update", "change-emails", method="PUT"),
        operation("change-emails/<str:code>/", ConfirmAddressChange, "change_emails_partial_update", "change-emails", method="PATCH"),
    ),
    operation("user_search/", PeopleFound, "user_search_list", "user_search"),
    operation("user_search/<int:id>/", PersonFound, "user_search_retrieve", "user_search"),
]
