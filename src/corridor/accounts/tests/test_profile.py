"""What people tell of themselves is kept as they told it, or refused at the field."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from corridor.accounts import actions, queries
from corridor.accounts.countries import countries
from corridor.accounts.errors import Implausible, NoSuchPerson
from corridor.accounts.models import LegalAddress, Profile
from corridor.accounts.records import Address, Details
from corridor.kit import clock
from tests.fixtures.queries import CountQueries

from .cast import make_person, sign_in

HOME = Address(
    first_name="Ada",
    last_name="Lovelace",
    country="US",
    state="US-MA",
    street_address_1="77 Massachusetts Ave",
    city="Cambridge",
    postal_code="02139",
)
FORM = {
    "name": "Ada Lovelace",
    **vars(HOME),
    "year_of_birth": "1990",
    "company_size": "0",
    "highest_education": "Doctorate",
    "type_is_student": "on",
}


def test_a_profile_is_kept_and_shown_again(client: Client) -> None:
    person = make_person()
    sign_in(client)
    assert 'value="Lovelace"' in client.get("/accounts/profile/").text  # guessed of the name
    answer = client.post("/accounts/profile/", FORM, follow=True)
    assert "Your profile is saved" in answer.text
    assert 'value="77 Massachusetts Ave"' in answer.text
    told = queries.person(person)
    assert told.address == HOME
    assert told.details == Details(
        year_of_birth=1990, highest_education="Doctorate", company_size=0, type_is_student=True,
        type_is_professional=False, type_is_educator=False, type_is_other=False,
    )  # fmt: skip
    assert told.missing == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"postal_code": "2139"}, "Write the postal code as in 02139"),
        ({"country": "CA", "state": "CA-QC"}, "Write the postal code as in K1A 0B1"),
        ({"country": "DE"}, "have no state"),
        ({"state": ""}, "Choose the state or province"),
        ({"state": "CA-QC"}, "Choose the state or province"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"first_name": ".Ada"}, "A name begins with a letter"),
        ({"last_name": "Love`lace"}, "Leave out “`”"),
        ({"year_of_birth": "2020"}, "13 or older"),
        ({"year_of_birth": ""}, "This field is required"),
        ({"year_of_birth": "MCM"}, "Enter a whole number"),
        ({"company_size": "7"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(client: Client, changes: dict[str, str], said: str) -> None:
    make_person()
    sign_in(client)
    with clock.fixed(datetime(2026, 6, 1, tzinfo=UTC)):
        answer = client.post("/accounts/profile/", FORM | changes)
    assert said in answer.text
    assert not LegalAddress.objects.exists()
    assert not Profile.objects.exists()


def test_a_part_that_is_wrong_keeps_none_of_the_rest() -> None:
    person = make_person()
    with pytest.raises(Implausible) as refused:
        actions.tell_of_oneself(person, name="Countess", address=replace(HOME, postal_code="x"))
    assert refused.value.members == {"field": "postal_code"}
    person.refresh_from_db()
    assert person.name == "Ada Lovelace"


def test_other_countries_need_neither_state_nor_code() -> None:
    person = make_person()
    actions.tell_of_oneself(person, address=Address(first_name="Ada", last_name="Lovelace", country="IE"))
    assert queries.person(person).missing == ("year_of_birth",)


def test_what_is_missing_before_one_can_buy_is_named() -> None:
    person = make_person()
    assert queries.person(person).missing == ("first_name", "last_name", "country", "year_of_birth")


def test_the_database_keeps_states_in_their_countries() -> None:
    person = make_person()
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalAddress.objects.create(user=person, country="US", state="CA-QC")


def test_people_see_themselves_and_staff_see_all() -> None:
    ada, grace = make_person(), make_person("grace@example.org", name="Grace Hopper")
    assert queries.person_for(ada, ada.pk) == ada
    for id in (grace.pk, 0, 10**9):
        with pytest.raises(NoSuchPerson):
            queries.person_for(ada, id)
    grace.is_staff = True
    assert queries.person_for(grace, ada.pk) == ada


def test_countries_are_complete_and_in_order() -> None:
    known = queries.all_countries()
    assert len(known) == 249
    assert {each.code: len(each.states) for each in known if each.states} == {"US": 57, "CA": 13}
    assert [each.name for each in known][:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert countries()["CI"].name == "Côte d’Ivoire"


def test_a_profile_takes_few_queries(client: Client, count_queries: CountQueries) -> None:
    make_person()
    sign_in(client)
    client.post("/accounts/profile/", FORM, follow=True)
    with count_queries("accounts: profile"):
        client.get("/accounts/profile/")
