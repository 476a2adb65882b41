"""An account is made, its address confirmed, and nobody learns from it who has one."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client, override_settings

from corridor.accounts import forms
from corridor.accounts.models import User
from tests.fixtures.accounts import Letters

from .cast import PASSWORD, is_signed_in, link_in, make_person, sign_in, sign_up


def test_an_address_is_confirmed_before_the_account_opens(client: Client, letters: Letters) -> None:
    answer = sign_up(client)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    letter = letters()[0]
    assert letter["To"] == "ada@example.org"
    path = link_in(letter)
    assert "Is this your address?" in client.get(path).text
    assert not EmailAddress.objects.get().verified  # following the link alone does nothing: programs follow links, too
    client.post(path)
    assert EmailAddress.objects.get().verified
    assert is_signed_in(client)  # the browser that signed up need not sign in


def test_another_browser_confirms_but_is_not_signed_in(client: Client, letters: Letters) -> None:
    sign_up(client)
    other = Client()
    other.post(link_in(letters()[0]))
    assert EmailAddress.objects.get().verified
    assert not is_signed_in(other)
    sign_in(other)
    assert is_signed_in(other)


def test_a_person_is_known_by_a_name_that_tells_nothing(client: Client) -> None:
    sign_up(client, name="  Ada   Lovelace ")
    person = User.objects.get()
    assert (person.name, person.email) == ("Ada Lovelace", "ada@example.org")
    assert person.username.startswith("learner-")
    assert "ada" not in person.username


def test_a_link_is_good_for_a_day(client: Client, letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up(client)
    path = link_in(letters()[0])
    key = path.split("/")[-2]
    assert EmailConfirmationHMAC.from_key(key)
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + timedelta(hours=24, minutes=1).total_seconds())
    assert "older than a day" in client.get(path).text
    client.post(path)
    assert not EmailAddress.objects.get().verified


def test_whoever_signs_up_with_a_known_address_sees_the_same_and_the_owner_is_told(client: Client, letters: Letters) -> None:
    make_person()
    known, unknown = sign_up(client), sign_up(Client(), "grace@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert User.objects.count() == 2
    told = {letter["To"]: letter["Subject"] for letter in letters()}
    assert told == {"ada@example.org": "You have an account already", "grace@example.org": "Confirm your address"}


def test_known_addresses_take_as_long_as_others(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    real = forms.make_password
    monkeypatch.setattr(forms, "make_password", lambda password: hashed.append(password) or real(password))
    make_person()
    sign_up(client, email="ADA@example.org")
    assert hashed == [PASSWORD]


def test_an_address_in_other_letters_is_the_same(client: Client) -> None:
    make_person()
    sign_up(client, email="Ada@Example.org")
    assert User.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("other", "ADA@example.org")


def test_the_slower_of_two_sign_ups_of_one_moment_is_told_the_same(
    client: Client, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms.SignUp, "validate_unique_email", lambda form, value: value)  # as if the other were not committed yet
    make_person()
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert [letter["Subject"] for letter in letters()] == ["You have an account already"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password1": "short"}, "at least 10 characters"),
        ({"password1": "1234567890"}, "among the first"),
        ({"password1": "ada lovelace"}, "too much like your name"),
        ({"name": "<b>Ada</b>"}, "begins with a letter"),
        ({"name": "Ada <3"}, "Leave out “&lt;”"),
        ({"name": " "}, "This field is required"),
        ({"email": "ada"}, "valid email address"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client: Client, changes: dict[str, str], said: str) -> None:
    answer = sign_up(client, **changes)
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not User.objects.exists()


def test_a_failure_leaves_neither_an_account_nor_mail(client: Client, letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridor.kit.mail.backend.publish", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sign_up(client)
    assert not User.objects.exists()
    assert letters() == []


def test_a_site_may_make_no_accounts(client: Client, settings: object) -> None:
    with override_settings(CONFIG=settings.CONFIG.model_copy(update={"sign_up": "closed"})):
        assert "No new accounts here" in sign_up(client).text
    assert not User.objects.exists()


def test_links_in_mail_lead_to_our_own_address(letters: Letters, settings: object) -> None:
    sign_up(Client(headers={"host": "localhost"}))
    body = letters()[0].get_body(("plain",))
    assert body
    assert f"{settings.CONFIG.base_url}/accounts/confirm-email/" in body.get_content()


def test_sign_up_is_limited(client: Client) -> None:
    for number in range(20):
        sign_up(client, email="nobody", name=f"Ada {number}")
    answer = sign_up(client)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
