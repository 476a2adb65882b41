"""A password alone opens no account that has a second step, and what the step needs is kept unreadable."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth import get_user_model
from django.test import Client, override_settings

from corridor.accounts.second_step import SecondStep
from tests.fixtures.accounts import Letters

from .cast import PASSWORD, is_signed_in, make_person, prove, sign_in


def code_now(secret: str, ago: int = 0) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, list(auth.yield_hotp_counters_from_time())[1 - ago]))


def set_up_app(client: Client) -> str:
    """An app for whoever is signed in. Gives its secret."""
    prove(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.text
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret, ago=1)}).status_code == 302
    return str(secret)


@pytest.fixture
def secret(client: Client) -> str:
    make_person()
    sign_in(client)
    return set_up_app(client)


def test_the_password_is_followed_by_a_code(secret: str, letters: Letters) -> None:
    other = Client()
    assert sign_in(other)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(other)
    assert "not right" in other.post("/accounts/2fa/authenticate/", {"code": "000000"}).text
    other.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert is_signed_in(other)


def test_a_code_works_once(secret: str) -> None:
    code, first, second = code_now(secret), Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_codes_cannot_be_guessed(secret: str) -> None:
    other = Client()
    sign_in(other)
    for number in range(5):
        other.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"})
    assert "Too many" in other.post("/accounts/2fa/authenticate/", {"code": code_now(secret)}).text
    assert not is_signed_in(other)


def test_a_recovery_code_opens_once_when_the_phone_is_gone(client: Client, secret: str) -> None:
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in client.get("/accounts/2fa/recovery-codes/download/").text
    for opens in (True, False):
        other = Client()
        sign_in(other)
        other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert is_signed_in(other) is opens
    assert "9 of 10 are left" in client.get("/accounts/2fa/").text


def test_a_new_password_does_not_take_the_second_step_off(secret: str, letters: Letters) -> None:
    from .cast import link_in

    other = Client()
    other.post("/accounts/password/reset/", {"email": "ada@example.org"})
    page = other.get(link_in(letters()[-1]), follow=True)
    other.post(page.request["PATH_INFO"], {"password1": "another quiet heron"})
    sign_in(other, password="another quiet heron")
    assert not is_signed_in(other)


def test_the_owner_is_told_of_every_change(client: Client, secret: str, letters: Letters) -> None:
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert [letter["Subject"] for letter in letters()] == ["The app is off"]


def test_pages_of_second_steps_ask_who_it_is(client: Client) -> None:
    make_person()
    sign_in(client)
    for path in ("totp/activate/", "webauthn/add/"):
        assert client.get(f"/accounts/2fa/{path}")["Location"].startswith("/accounts/reauthenticate/"), path


def test_secrets_are_unreadable_in_the_database_and_outlive_a_change_of_key(client: Client, secret: str, settings: object) -> None:
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert SecondStep().decrypt(kept) == secret
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert SecondStep().decrypt(kept) == secret


def test_the_console_is_no_way_around_the_second_step() -> None:
    keeper = get_user_model().objects.create_superuser("keeper", "keeper@example.org", PASSWORD)
    assert Client().post("/cms/login/", {"username": "keeper", "password": PASSWORD, "next": "/cms/"})["Location"] == "/cms/"
    Authenticator.objects.create(user=keeper, type="totp", data={"secret": SecondStep().encrypt("A" * 32)})
    door = Client()
    answer = door.post("/cms/login/", {"username": "keeper", "password": PASSWORD, "next": "/cms/"})
    assert 'href="/accounts/login/?next=/cms/"' in answer.text
    assert not is_signed_in(door)
