"""People come by an identity provider or by a gateway that it signed for, and by nothing that merely says who they are."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.db import connection
from django.test import Client, override_settings
from pydantic import SecretStr

from corridor.accounts import issuer
from corridor.accounts.models import User
from corridor.accounts.single_sign_on import LOGOUT_EVENT

from .cast import is_signed_in, make_person, sign_in
from .provider import CLIENT, SECRET, Provider, running

ADA = {"sub": "4ce0f3f6-2ea4-4f0a-9a9a-7d0b4b9a6a10", "email": "ada@example.org", "email_verified": True, "name": "Ada Lovelace"}
HEADER = "X-Access-Token"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running() as provider:
        changes = {
            "oidc_issuer": provider.address,
            "oidc_client": CLIENT,
            "oidc_secret": SecretStr(SECRET),
            "gateway_header": HEADER,
            "gateway_audience": "corridor-gateway",
        }
        app = {"provider_id": "sso", "name": "School", "client_id": CLIENT, "secret": SECRET, "settings": {"server_url": provider.address}}
        providers = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        with override_settings(CONFIG=settings.CONFIG.model_copy(update=changes), SOCIALACCOUNT_PROVIDERS=providers):
            provider.person = dict(ADA)
            yield provider


def come_by(client: Client, provider: Provider) -> Any:
    sent = client.post("/accounts/oidc/sso/login/?next=/accounts/")
    return client.get("/accounts/oidc/sso/login/callback/", provider.let_in(sent["Location"]))


# --- the browser goes to the provider and comes back


def test_the_door_leads_to_the_provider_with_a_challenge(client: Client, provider: Provider) -> None:
    assert "Go on with single sign-on" in client.get("/accounts/login/").text
    sent = urlsplit(client.post("/accounts/oidc/sso/login/")["Location"])
    asked = parse_qs(sent.query)
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == f"{provider.address}/authorize"
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].endswith("/accounts/oidc/sso/login/callback/")


def test_whoever_the_provider_lets_in_is_a_person_here(client: Client, provider: Provider) -> None:
    assert come_by(client, provider)["Location"] == "/accounts/"
    assert is_signed_in(client)
    person = User.objects.get()
    assert (person.name, person.email, person.global_id) == ("Ada Lovelace", "ada@example.org", UUID(ADA["sub"]))
    assert not person.has_usable_password()
    come_by(Client(), provider)
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_slow_provider_holds_no_transaction_open(client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of it is asked before anything is written; what is then written is written as a whole."""
    asking, writing = [], []
    send, make = requests.Session.send, User.save

    def watched_send(*given: Any, **named: Any) -> Any:
        asking.append(connection.in_atomic_block)
        return send(*given, **named)

    def watched_save(*given: Any, **named: Any) -> Any:
        writing.append(connection.in_atomic_block)
        return make(*given, **named)

    monkeypatch.setattr(requests.Session, "send", watched_send)
    monkeypatch.setattr(User, "save", watched_save)
    come_by(client, provider)
    assert asking
    assert not any(asking)
    assert writing
    assert all(writing)


def test_an_answer_is_of_the_request_that_this_browser_made(client: Client, provider: Provider) -> None:
    sent = client.post("/accounts/oidc/sso/login/")
    stranger = Client()
    answer = stranger.get("/accounts/oidc/sso/login/callback/", provider.let_in(sent["Location"]))
    assert "That did not work" in answer.text
    assert not is_signed_in(stranger)


@pytest.mark.parametrize("wrong", ["another key", "another audience", "too old", "about somebody else", "no signature"])
def test_what_the_provider_did_not_sign_for_us_lets_nobody_in(
    client: Client, provider: Provider, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = provider.token
    changes: dict[str, dict[str, Any]] = {
        "another key": {"key": generate_private_key(65537, 2048)},
        "another audience": {"aud": "another"},
        "too old": {"exp": int(time.time()) - 120},
        "no signature": {"alg": "none", "key": ""},
        "about somebody else": {},
    }
    monkeypatch.setattr(provider, "token", lambda **claims: sign(**claims | changes[wrong]))
    if wrong == "about somebody else":
        provider.told_otherwise = {"sub": "another"}
    assert "That did not work" in come_by(client, provider).text
    assert not is_signed_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize(("trusted", "verified", "opens"), [(True, True, True), (True, False, False), (False, True, False)])
def test_an_address_opens_an_account_that_is_there_only_where_the_provider_is_trusted(
    client: Client, provider: Provider, settings: Any, trusted: bool, verified: bool, opens: bool
) -> None:
    make_person()
    provider.person["email_verified"] = verified
    changed = settings.CONFIG.model_copy(update={"oidc_trusts_addresses": trusted})
    with override_settings(
        CONFIG=changed, SOCIALACCOUNT_EMAIL_AUTHENTICATION=trusted, SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT=trusted
    ):
        come_by(client, provider)
    assert is_signed_in(client) is opens
    assert User.objects.count() == 1
    assert SocialAccount.objects.exists() is opens


def test_without_a_provider_there_is_no_such_door(client: Client) -> None:
    assert "single sign-on" not in client.get("/accounts/login/").text
    for path in ("login/", "login/callback/"):
        assert client.get(f"/accounts/oidc/sso/{path}").status_code == 404
    assert client.post("/accounts/oidc/sso/backchannel-logout/").status_code == 404


# --- a gateway hands a token on


def ask(client: Client, token: str) -> bool:
    return client.get("/accounts/", headers={HEADER: token}).status_code == 200


def test_a_signed_token_is_a_person(client: Client, provider: Provider) -> None:
    assert ask(client, provider.token(**ADA))
    person = User.objects.get()
    assert (person.name, person.email, str(person.global_id)) == ("Ada Lovelace", "ada@example.org", ADA["sub"])
    assert EmailAddress.objects.get().verified
    assert ask(Client(), f"Bearer {provider.token(**ADA)}")
    assert User.objects.count() == 1


def test_a_bare_header_is_nobody(client: Client, provider: Provider) -> None:
    make_person()
    told = base64.b64encode(json.dumps(ADA).encode()).decode()
    for headers in ({"X-Userinfo": told}, {HEADER: told}, {"X-Forwarded-User": "ada@example.org"}, {"Remote-User": "ada@example.org"}):
        answer = client.get("/accounts/", headers=headers)
        assert answer.status_code == 302, headers
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "shared secret of thirty-two bytes!", "alg": "HS256"},
        {"key": "", "alg": "none"},
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://example.org"},
        {"exp": 1},
        {"exp": None},
        {"nbf": 2**40},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a" * 192},
    ],
    ids=str,
)
def test_a_token_that_is_not_right_is_nobody(client: Client, provider: Provider, changes: dict[str, Any]) -> None:
    assert not ask(client, provider.token(**{**ADA, **changes}))
    assert not User.objects.exists()


def test_a_public_key_is_no_shared_secret(client: Client, provider: Provider) -> None:
    """The old trick: sign with the public key as if it were a secret."""
    import hashlib
    import hmac

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = provider.keys["first"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    now = int(time.time())
    parts = [{"alg": "HS256", "kid": "first"}, {**ADA, "iss": provider.address, "aud": "corridor-gateway", "iat": now, "exp": now + 60}]
    body = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    mac = base64.urlsafe_b64encode(hmac.digest(public, body, hashlib.sha256)).rstrip(b"=")
    assert not ask(client, b".".join([body, mac]).decode())


def test_a_session_ends_with_its_token_and_changes_with_it(client: Client, provider: Provider) -> None:
    assert ask(client, provider.token(**ADA))
    assert not is_signed_in(client)
    ask(client, provider.token(**ADA))
    client.get("/accounts/", headers={HEADER: provider.token(sub=str(uuid4()), name="Grace Hopper")})
    assert (
        "Grace Hopper"
        in client.get("/accounts/", headers={HEADER: provider.token(sub=User.objects.get(name="Grace Hopper").global_id.__str__())}).text
    )


def test_a_password_session_needs_no_token(client: Client, provider: Provider) -> None:
    make_person()
    sign_in(client)
    assert is_signed_in(client)


def test_an_account_that_is_switched_off_stays_out(client: Client, provider: Provider) -> None:
    assert ask(client, provider.token(**ADA))
    User.objects.update(is_active=False)
    assert not ask(client, provider.token(**ADA))
    assert not ask(Client(), provider.token(**ADA))


def test_an_address_of_somebody_else_is_left_with_them(client: Client, provider: Provider) -> None:
    make_person()
    assert ask(client, provider.token(**ADA))
    assert sorted(User.objects.values_list("email", flat=True)) == ["", "ada@example.org"]


def test_new_keys_are_fetched_and_forgeries_do_not_make_us_ask(client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(client, provider.token(**ADA))
    provider.keys["second"] = generate_private_key(65537, 2048)
    for _ in range(3):
        assert not ask(Client(), provider.token(kid="second", **ADA))  # too soon to ask again
    assert provider.asked.count("/keys") == 1
    monkeypatch.setattr(issuer, "SOONEST_SECONDS", 0.0)
    assert ask(Client(), provider.token(kid="second", **ADA))


def test_a_provider_that_is_down_lets_nobody_in_and_breaks_no_page(client: Client, provider: Provider, settings: Any) -> None:
    token = provider.token(**ADA)
    with override_settings(CONFIG=settings.CONFIG.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})):
        assert client.get("/accounts/login/", headers={HEADER: token}).status_code == 200
        assert not ask(client, token)


# --- the provider says that somebody signed out


def tell(token: str) -> int:
    return Client().post("/accounts/oidc/sso/backchannel-logout/", {"logout_token": token}).status_code


def logout_token(provider: Provider, **changes: Any) -> str:
    return provider.token(**{"aud": CLIENT, "sub": ADA["sub"], "jti": str(uuid4()), "events": {LOGOUT_EVENT: {}}, **changes})


def test_signing_out_there_signs_out_here_everywhere(client: Client, provider: Provider) -> None:
    other = Client()
    come_by(client, provider)
    come_by(other, provider)
    stranger = Client()
    make_person("grace@example.org")
    sign_in(stranger, "grace@example.org")
    assert tell(logout_token(provider)) == 200
    assert (is_signed_in(client), is_signed_in(other), is_signed_in(stranger)) == (False, False, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"events": None},
        {"events": {"another": {}}},
        {"nonce": "x"},
        {"jti": None},
        {"iat": 1},
        {"aud": "another"},
        {"sub": None},
        {"key": generate_private_key(65537, 2048)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_nobody_else_signs_people_out(client: Client, provider: Provider, changes: dict[str, Any]) -> None:
    come_by(client, provider)
    assert tell(logout_token(provider, **changes)) == 400
    assert is_signed_in(client)


def test_a_logout_that_comes_again_does_nothing(client: Client, provider: Provider) -> None:
    token = logout_token(provider)
    assert tell(token) == 200
    come_by(client, provider)
    assert tell(token) == 400
    assert is_signed_in(client)
