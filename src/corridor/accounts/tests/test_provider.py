"""Other systems let people in by their accounts here, prove that a code is theirs, and hear of it when somebody signs out."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.idp.oidc.models import Client as System
from allauth.idp.oidc.models import Token
from django.test import Client

from corridor.accounts.models import User
from corridor.accounts.provider import REALM, keep_client, register_client, token_for
from corridor.accounts.signing_key import local_key
from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.relay import drain

from .cast import make_person, sign_in

BACK = "https://courses.example.org/back"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def system() -> tuple[str, str]:
    return register_client(name="Courses", redirect_uris=[BACK])


def ask(system: tuple[str, str], **changes: str) -> str:
    asked = {
        "client_id": system[0],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid profile email",
        "state": "s",
        "nonce": "n",
    }
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    return f"{REALM}/identity/o/authorize?{urlencode({name: value for name, value in {**asked, **proof, **changes}.items() if value})}"


def agree(client: Client, address: str, action: str = "grant") -> Any:
    page = client.get(address)
    form = {"request": page.context["form"]["request"].value(), "scopes": ["openid", "profile", "email"], "action": action}
    return client.post(f"{REALM}/identity/o/authorize", form)


def code_for(client: Client, system: tuple[str, str]) -> str:
    return parse_qs(urlsplit(agree(client, ask(system))["Location"]).query)["code"][0]


def exchange(system: tuple[str, str], code: str, verifier: str = VERIFIER, secret: str = "") -> Any:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}
    return Client().post(f"{REALM}/identity/o/api/token", form | {"client_id": system[0], "client_secret": secret or system[1]})


def read(token: str, audience: str) -> dict[str, Any]:
    """A token, checked as another system does: by what the realm publishes."""
    described = Client().get(f"{REALM}/.well-known/openid-configuration").json()
    keys = jwt.PyJWKSet.from_dict(Client().get(urlsplit(described["jwks_uri"]).path).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return dict(jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=described["issuer"]))


@pytest.fixture
def person(client: Client) -> User:
    person = make_person()
    sign_in(client)
    return person


def test_the_realm_describes_itself(settings: Any) -> None:
    described = Client().get(f"{REALM}/.well-known/openid-configuration").json()
    assert described["issuer"] == f"{settings.CONFIG.base_url}{REALM}"
    assert described["code_challenge_methods_supported"] == ["S256"]
    assert described["response_types_supported"] == ["code"]
    assert described["token_endpoint"].startswith(described["issuer"])


def test_a_person_signs_in_agrees_and_is_known_there(client: Client, system: tuple[str, str]) -> None:
    person = make_person()
    sent = client.get(ask(system))
    assert sent["Location"].startswith("/accounts/login/?next=")
    sign_in(client)
    page = client.get(ask(system))
    assert "Go on to Courses?" in page.text
    assert "form-action 'self' https://courses.example.org" in page["Content-Security-Policy"]
    back = agree(client, ask(system))
    assert back["Location"].startswith(f"{BACK}?")
    answered = parse_qs(urlsplit(back["Location"]).query)
    assert answered["state"] == ["s"]
    tokens = exchange(system, answered["code"][0]).json()
    claims = read(tokens["id_token"], system[0])
    assert (claims["sub"], claims["nonce"]) == (str(person.global_id), "n")
    told = Client().get(f"{REALM}/identity/o/api/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert (told["sub"], told["name"], told["email"], told["email_verified"]) == (
        str(person.global_id),
        "Ada Lovelace",
        "ada@example.org",
        True,
    )


def test_who_stays_is_not_told_of(client: Client, person: User, system: tuple[str, str]) -> None:
    assert "error=access_denied" in agree(client, ask(system), "cancel")["Location"]


@pytest.mark.parametrize("changes", [{"code_challenge": ""}, {"code_challenge_method": "plain"}, {"code_challenge_method": ""}])
def test_a_system_that_proves_nothing_is_not_answered(
    client: Client, person: User, system: tuple[str, str], changes: dict[str, str]
) -> None:
    answer = client.get(ask(system, **changes))
    assert answer.status_code == 400
    assert "how it proves itself" in answer.text


def test_a_code_is_of_no_use_to_others(client: Client, person: User, system: tuple[str, str]) -> None:
    other = register_client(name="Other", redirect_uris=[BACK])
    for wrong in ({"verifier": "w" * 64}, {"secret": "guessed"}):
        assert exchange(system, code_for(client, system), **wrong).status_code >= 400
    assert exchange(other, code_for(client, system)).status_code >= 400


def test_a_code_works_once(client: Client, person: User, system: tuple[str, str]) -> None:
    code = code_for(client, system)
    assert exchange(system, code).status_code == 200
    assert exchange(system, code).status_code == 400


@pytest.mark.parametrize(
    "changes", [{"redirect_uri": "https://evil.example.com/"}, {"redirect_uri": f"{BACK}/x"}, {"client_id": "unknown"}]
)
def test_nobody_is_led_where_the_system_is_not(client: Client, person: User, system: tuple[str, str], changes: dict[str, str]) -> None:
    answer = client.get(ask(system, **changes))
    assert "Location" not in answer.headers
    assert "This does not lead on" in answer.text


def test_secrets_and_tokens_are_kept_as_hashes(client: Client, person: User, system: tuple[str, str]) -> None:
    tokens = exchange(system, code_for(client, system)).json()
    assert system[1] not in System.objects.get().secret
    assert not Token.objects.filter(hash=tokens["access_token"]).exists()


def test_an_account_that_is_switched_off_gets_no_new_tokens(client: Client, person: User, system: tuple[str, str]) -> None:
    tokens = exchange(system, code_for(client, system)).json()
    User.objects.update(is_active=False)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert Client().get(f"{REALM}/identity/o/api/userinfo", headers=headers).status_code >= 400


# --- systems of our own house


def test_a_trusted_system_asks_nobody(client: Client, person: User) -> None:
    ours = register_client(name="Courseware", redirect_uris=[BACK], trusted=True)
    answer = client.get(ask(ours))
    assert answer["Location"].startswith(f"{BACK}?")
    code = parse_qs(urlsplit(answer["Location"]).query)["code"][0]
    assert exchange(ours, code).status_code == 200


def test_a_system_of_this_installation_keeps_its_id_when_it_moves(client: Client, person: User) -> None:
    for place in ("https://old.example.org/back", BACK):
        keep_client(id="courseware", secret="known to both", name="Courseware", redirect_uris=[place])
    assert client.get(ask(("courseware", "")))["Location"].startswith(BACK)
    assert System.objects.get().get_redirect_uris() == [BACK]


def form_may_lead_to(page: str, **query: str) -> str:
    policy = Client().get(page, query).headers["Content-Security-Policy"]
    return next(rule.strip().removeprefix("form-action ") for rule in policy.split(";") if "form-action" in rule)


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/"])
def test_the_form_of_signing_in_leads_to_the_system_that_waits_and_to_no_other(system: tuple[str, str], page: str) -> None:
    assert form_may_lead_to(page, next=ask(system)) == "'self' https://courses.example.org"
    assert form_may_lead_to(page) == "'self'"
    assert form_may_lead_to(page, next=ask(system, redirect_uri="https://evil.example.org/")) == "'self'"
    assert form_may_lead_to(page, next="https://evil.example.org/") == "'self'"


def test_one_system_can_be_shown_who_somebody_is(client: Client, person: User, system: tuple[str, str]) -> None:
    def shown(token: str) -> Any:
        return Client().get(f"{REALM}/identity/o/api/userinfo", headers={"Authorization": f"Bearer {token}"})

    first = token_for(client_id=system[0], user=person, seconds=60)
    assert shown(first).json()["email"] == person.email
    second = token_for(client_id=system[0], user=person, seconds=-1)
    assert [shown(each).status_code for each in (first, second)] == [401, 401]


# --- signing out


@pytest.fixture
def heard() -> Iterator[tuple[str, list[str]]]:
    """A system that is told; gives where, and the tokens that came."""
    tokens: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            tokens.extend(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["logout_token"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/logout", tokens
        server.shutdown()


def test_signing_out_here_is_told_there(client: Client, person: User, heard: tuple[str, list[str]]) -> None:
    place, tokens = heard
    entered = register_client(name="Courses", redirect_uris=[BACK], logout_uri=place)
    register_client(name="Never entered", redirect_uris=[BACK], logout_uri=place)
    exchange(entered, code_for(client, entered))
    client.post("/accounts/logout/")
    assert not Token.objects.exists()
    drain()
    (token,) = tokens
    claims = read(token, entered[0])
    assert claims["sub"] == str(person.global_id)
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in claims
    assert jwt.get_unverified_header(token)["typ"] == "logout+jwt"


def test_a_system_that_does_not_hear_is_told_again(client: Client, person: User) -> None:
    deaf = register_client(name="Deaf", redirect_uris=[BACK], logout_uri="http://127.0.0.1:9/")
    exchange(deaf, code_for(client, deaf))
    client.post("/accounts/logout/")
    drain()
    assert OutboxEvent.objects.get().attempts == 1


def test_a_local_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    key = local_key(tmp_path)
    assert local_key(tmp_path) == key
    assert (tmp_path / "oidc.pem").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["oidc.pem"]
    assert json.dumps(key).startswith('"-----BEGIN PRIVATE KEY-----')
