"""People see and change what is known of them; staff find people; nobody else finds out who there is."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from corridor.accounts.models import LegalAddress, Profile, User
from corridor.accounts.tests.cast import PASSWORD, make_person
from corridor.mitxonline.openedx.models import OpenEdxUser
from tests.fixtures.queries import CountQueries

pytestmark = pytest.mark.django_db
V0 = "/mitxonline/api/v0"
ME = f"{V0}/users/me"
CAMBRIDGE = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "country": "US",
    "state": "US-MA",
    "city": "Cambridge",
    "postal_code": "02139",
}


@pytest.fixture
def ada(client: Client) -> User:
    person = make_person()
    client.force_login(person)
    return person


def patch(client: Client, body: Any, address: str = ME) -> Any:
    return client.patch(address, body, content_type="application/json")


@pytest.mark.parametrize("address", [ME, f"{V0}/users/current_user/"])
def test_who_has_not_signed_in_is_nobody(address: str, client: Client) -> None:
    told = client.get(address).json()
    assert (told["id"], told["is_anonymous"], told["is_authenticated"], told["email"]) == (0, True, False, None)
    assert patch(client, {"name": "Eve"}, address).status_code == 401


def test_a_person_sees_themselves(client: Client, ada: User) -> None:
    told = client.get(ME).json()
    assert (told["id"], told["name"], told["email"], told["username"]) == (ada.pk, "Ada Lovelace", "ada@example.org", None)
    assert told["compliance_missing_fields"] == ["first_name", "last_name", "country", "year_of_birth"]
    assert (told["legal_address"], told["user_profile"], told["b2b_organizations"]) == (None, None, [])


def test_a_person_tells_of_themselves_part_by_part(client: Client, ada: User) -> None:
    patch(client, {"name": "Ada King", "legal_address": CAMBRIDGE})
    told = patch(client, {"legal_address": {"city": "Boston"}, "user_profile": {"year_of_birth": 1990, "gender": None}}).json()
    assert (told["name"], told["legal_address"]["city"], told["legal_address"]["postal_code"]) == ("Ada King", "Boston", "02139")
    assert (told["user_profile"]["year_of_birth"], told["user_profile"]["gender"]) == (1990, "")
    assert told["compliance_missing_fields"] == []
    told = patch(client, {"user_profile": {"addl_field_flag": True}}).json()
    assert (told["user_profile"]["addl_field_flag"], told["user_profile"]["year_of_birth"]) == (True, 1990)


def test_a_part_that_is_refused_leaves_all_as_it_was(client: Client, ada: User) -> None:
    refused = patch(client, {"name": "Ada King", "legal_address": CAMBRIDGE | {"postal_code": "2139"}})
    assert refused.status_code == 400
    assert refused.json()["errors"] == {"legal_address.postal_code": ["Write the postal code as in 02139 or 02139-4307."]}
    assert User.objects.get().name == "Ada Lovelace"
    assert not LegalAddress.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"user_profile": {"year_of_birth": 2025}}, "user_profile.year_of_birth"),
        ({"user_profile": {"gender": "x"}}, "user_profile.gender"),
        ({"user_profile": {"company_size": 12}}, "user_profile.company_size"),
        ({"name": "<script>"}, "name"),
        ({"legal_address": {"country": "USA"}}, "legal_address.country"),
        ({"legal_address": []}, "legal_address"),
    ],
)
def test_what_cannot_be_is_told_of_its_field(body: Any, field: str, client: Client, ada: User) -> None:
    assert list(patch(client, body).json()["errors"]) == [field]
    assert not Profile.objects.exists()


def test_nobody_makes_themselves_somebody_else(client: Client, ada: User) -> None:
    sent = {
        "email": "eve@example.org",
        "is_active": False,
        "is_staff": True,
        "is_superuser": True,
        "username": "root",
        "global_id": "1",
        "id": 1,
    }
    assert patch(client, sent).status_code == 200
    now = User.objects.get()
    assert (now.email, now.is_active, now.is_staff, now.is_superuser, now.username) == (ada.email, True, False, False, ada.username)


def test_others_are_not_there_to_see(client: Client, ada: User) -> None:
    eve = make_person("eve@example.org", name="Eve")
    assert client.get(f"{V0}/users/{ada.pk}/").json()["name"] == "Ada Lovelace"
    hidden, missing = client.get(f"{V0}/users/{eve.pk}/"), client.get(f"{V0}/users/{eve.pk + 1}/")
    assert (hidden.status_code, hidden.json()["detail"]) == (missing.status_code, missing.json()["detail"])
    assert hidden.status_code == 404
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    assert set(client.get(f"{V0}/users/{eve.pk}/").json()) == {"id", "username", "name", "created_on", "updated_on"}
    assert Client().get(f"{V0}/users/{eve.pk}/").status_code == 401


def test_the_courseware_takes_in_who_has_a_name_there(client: Client, ada: User) -> None:
    refused = client.get(f"{V0}/userinfo/")
    assert (refused.status_code, refused.json()["code"]) == (409, "username_missing")
    OpenEdxUser.objects.create(user=ada, edx_username="ada_l", desired_edx_username="ada_l")
    assert client.get(f"{V0}/userinfo/").json()["username"] == "ada_l"
    assert Client().get(f"{V0}/userinfo/").status_code == 401


def test_countries_are_told_with_their_states(client: Client) -> None:
    countries = {each["code"]: each for each in client.get(f"{V0}/countries/").json()}
    assert {"code": "US-MA", "name": "Massachusetts"} in countries["US"]["states"]
    assert countries["FR"]["states"] == []


def test_an_address_changes_when_the_letter_to_it_is_answered(
    client: Client, ada: User, fresh_limits: None, letters: Callable[[], list[EmailMessage]]
) -> None:
    begun = client.post(f"{V0}/change-emails/", {"new_email": "ada@example.com", "password": PASSWORD}, content_type="application/json")
    assert (begun.status_code, begun.json()) == (201, {"new_email": "ada@example.com"})
    (letter,) = [each for each in letters() if each["To"] == "ada@example.com"]
    body = letter.get_body(("plain",))
    assert body
    code = body.get_content().split("/confirm-email/")[1].split("/")[0]
    address = f"{V0}/change-emails/{code}/"
    assert patch(client, {"confirmed": False}, address).status_code == 400
    assert patch(client, {"confirmed": True}, address).json() == {"confirmed": True}
    assert User.objects.get().email == "ada@example.com"
    again = patch(client, {"confirmed": True}, address)
    assert (again.status_code, again.json()["code"]) == (404, "no_such_change")


def test_a_wrong_password_changes_no_address_and_cannot_be_guessed(client: Client, ada: User, fresh_limits: None) -> None:
    sent = {"new_email": "eve@example.org", "password": "guess"}
    statuses = [client.post(f"{V0}/change-emails/", sent, content_type="application/json").status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]


@pytest.fixture
def staff(ada: User) -> User:
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    return ada


@pytest.mark.parametrize("search", ["grace", "Hopper", "hop gra", "grace@navy.example", "GRACE@", "GHop", "{id}"])
def test_staff_find_a_person_by_what_they_know(search: str, client: Client, staff: User) -> None:
    grace = make_person("grace@navy.example", name="Grace Hopper")
    OpenEdxUser.objects.create(user=grace, edx_username="ghop", desired_edx_username="ghop")
    found = client.get(f"{V0}/user_search/", {"search": search.format(id=grace.pk)}).json()
    assert [row["email"] for row in found["results"]] == ["grace@navy.example"]
    assert client.get(f"{V0}/user_search/{grace.pk}/").json() == found["results"][0]


@pytest.mark.parametrize("search", ["'", "&", "!", "a & | b", "\\", "'; DROP TABLE accounts_user; --", ":*", "()", "9" * 30, "zebra"])
def test_signs_find_nobody_and_break_nothing(search: str, client: Client, staff: User) -> None:
    assert client.get(f"{V0}/user_search/", {"search": search}).json()["count"] == 0


def test_staff_leaf_through_people(client: Client, staff: User, count_queries: CountQueries) -> None:
    for number in range(3):
        make_person(f"{number}@example.org")
    with count_queries("api: user_search"):
        first = client.get(f"{V0}/user_search/?l=2").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (4, 2, None)
    second = client.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (2, None)


def test_people_are_found_by_staff_alone(client: Client, ada: User) -> None:
    assert client.get(f"{V0}/user_search/").status_code == 403
    assert Client().get(f"{V0}/user_search/{ada.pk}/").status_code == 401
