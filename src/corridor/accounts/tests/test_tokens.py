"""A system that a person let in gets a token for what they agreed to, and for nothing that it was not registered for."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client

from corridor.accounts.provider import REALM, register_client

from .cast import make_person, sign_in
from .test_provider import BACK, ask, exchange

pytestmark = pytest.mark.django_db


def agreed(client: Client, system: tuple[str, str], *scopes: str) -> list[str]:
    """The scopes of the token that the system gets."""
    make_person()
    sign_in(client)
    page = client.get(ask(system, scope=" ".join(scopes)))
    form = {"request": page.context["form"]["request"].value(), "scopes": list(scopes), "action": "grant"}
    code = parse_qs(urlsplit(client.post(f"{REALM}/identity/o/authorize", form)["Location"]).query)["code"][0]
    value = exchange(system, code).json()["access_token"]
    token = Token.objects.lookup(Token.Type.ACCESS_TOKEN, value)
    assert token
    return sorted(token.get_scopes())


def test_a_person_lets_a_system_act_for_them(client: Client) -> None:
    system = register_client(name="Advisor", redirect_uris=[BACK], scopes=["read", "write"])
    assert agreed(client, system, "openid", "read", "write") == ["openid", "read", "write"]
    page = client.get(ask(system, scope="openid write", prompt="consent"))
    assert "Enrol, buy and change things for you" in page.text


def test_a_system_is_not_asked_about_what_it_may_never_do(client: Client) -> None:
    system = register_client(name="Courses", redirect_uris=[BACK])
    make_person()
    sign_in(client)
    answer = client.get(ask(system, scope="openid write"))
    assert "error=invalid_scope" in answer.headers.get("Location", "") or answer.status_code == 400
