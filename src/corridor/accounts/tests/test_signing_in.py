"""People come in with their address and password, go out, and find back in when they forgot."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from corridor.accounts.models import User
from tests.fixtures.accounts import Letters
from tests.fixtures.queries import CountQueries

from .cast import PASSWORD, is_signed_in, link_in, make_person, prove, sign_in


def test_address_and_password_open_the_account(client: Client) -> None:
    make_person()
    sign_in(client, "ADA@example.org")
    assert "Ada Lovelace" in client.get("/accounts/").text


def test_the_door_leads_back_to_where_one_came_from_and_nowhere_else(client: Client) -> None:
    make_person()
    form = {"login": "ada@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", form | {"next": "/topics"})["Location"] == "/topics"
    assert Client().post("/accounts/login/", form | {"next": "https://example.com/"})["Location"] == "/"
    assert client.get("/accounts/email/").status_code == 200
    assert Client().get("/accounts/email/")["Location"] == "/accounts/login/?next=/accounts/email/"


@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_wrong_and_unknown_are_told_alike(client: Client, email: str, password: str) -> None:
    make_person()
    answer = sign_in(client, email, password)
    assert "Address and password do not belong together" in answer.text
    assert not is_signed_in(client)


def test_whoever_never_confirmed_gets_another_letter(client: Client, letters: Letters) -> None:
    make_person(verified=False)
    assert sign_in(client)["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    assert [letter["Subject"] for letter in letters()] == ["Confirm your address"]


def test_an_account_that_is_switched_off_is_out_at_once(client: Client) -> None:
    person = make_person()
    sign_in(client)
    assert is_signed_in(client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_signed_in(client)
    assert sign_in(Client())["Location"] == "/accounts/inactive/"


def test_guessing_a_password_is_limited_even_when_it_is_guessed_at_last(client: Client) -> None:
    make_person()
    for number in range(5):
        sign_in(client, password=f"guess {number}")
    answer = sign_in(client)
    assert "Too many attempts" in answer.text
    assert not is_signed_in(client)


def test_signing_out_asks_first_and_is_done_by_a_form_alone(client: Client) -> None:
    make_person()
    sign_in(client)
    assert "Sign out?" in client.get("/accounts/logout/").text
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_forms_want_their_token() -> None:
    make_person()
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert not is_signed_in(strict)


def test_a_forgotten_password_is_set_anew_by_mail_and_other_browsers_are_signed_out(client: Client, letters: Letters) -> None:
    make_person()
    elsewhere = Client()
    sign_in(elsewhere)
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    path = link_in(letters()[0])
    page = client.get(path, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "another quiet heron"})
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)
    sign_in(client, password="another quiet heron")
    assert is_signed_in(client)
    assert "does not work" in Client().get(path, follow=True).text  # once
    assert letters()[-1]["Subject"] == "Your password was set anew"


def test_nobody_learns_from_a_reset_who_has_an_account(client: Client, letters: Letters) -> None:
    make_person()
    known = client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "grace@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert {letter["To"]: letter["Subject"] for letter in letters()} == {
        "ada@example.org": "Set a new password",
        "grace@example.org": "There is no account with this address",
    }


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(client: Client, letters: Letters) -> None:
    person = make_person()
    sign_in(client)
    asked = client.post("/accounts/email/", {"email": "countess@example.org", "action_add": ""})
    assert "Is it you?" in client.get(asked["Location"]).text
    client.post(asked["Location"], {"password": PASSWORD})  # and what was begun goes on
    assert "countess@example.org" in client.get("/accounts/").text
    person.refresh_from_db()
    assert person.email == "ada@example.org"
    letter = letters()[-1]
    assert letter["To"] == "countess@example.org"
    client.post(link_in(letter))
    person.refresh_from_db()
    assert person.email == "countess@example.org"
    told = letters()[-1]
    assert (told["To"], told["Subject"]) == ("ada@example.org", "Your address was changed")
    sign_in(Client(), "countess@example.org")


def test_somebody_elses_address_cannot_be_taken_nor_found_out(client: Client, letters: Letters) -> None:
    person, other = make_person(), make_person("grace@example.org", name="Grace")
    sign_in(client)
    prove(client)
    taken = client.post("/accounts/email/", {"email": "grace@example.org", "action_add": ""})
    assert taken.status_code == 302
    letters()
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.email, other.email) == ("ada@example.org", "grace@example.org")


def test_a_wrong_password_changes_no_address(client: Client) -> None:
    make_person()
    sign_in(client)
    asked = client.post("/accounts/email/", {"email": "countess@example.org", "action_add": ""})
    assert "This is not your password" in client.post(asked["Location"], {"password": "wrong"}).text
    assert "countess@example.org" not in client.get("/accounts/").text


def test_pages_of_accounts_take_few_queries(client: Client, count_queries: CountQueries) -> None:
    make_person()
    with count_queries("accounts: sign in page"):
        client.get("/accounts/login/")
    sign_in(client)
    with count_queries("accounts: overview"):
        client.get("/accounts/")


def test_staff_enter_the_console_with_name_or_address_within_the_same_limits() -> None:
    get_user_model().objects.create_superuser("keeper", "keeper@example.org", PASSWORD)
    for name in ("keeper", "keeper@example.org"):
        assert Client().post("/cms/login/", {"username": name, "password": PASSWORD, "next": "/cms/"})["Location"] == "/cms/"
    for number in range(5):
        Client().post("/cms/login/", {"username": "keeper", "password": f"guess {number}"})
    assert "Too many attempts" in Client().post("/cms/login/", {"username": "keeper", "password": PASSWORD}).text


def test_the_header_says_who_is_here(client: Client) -> None:
    assert 'href="/accounts/login/?next=%2Fabout%3Fx%3D1"' in client.get("/about?x=1").text
    make_person(name="Ada & Co")
    sign_in(client)
    page = client.get("/about").text
    assert "Ada &amp; Co" in page
    assert "Staff console" not in page
