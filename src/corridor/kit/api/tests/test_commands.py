"""Commands: who may send them, what they take, and that they are carried out whole or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Client as System
from allauth.idp.oidc.models import Token
from django.test import Client

from corridor.accounts.models import User
from corridor.kit import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("corridor.kit.api.tests.commands")]
NAME = "/api/name/"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("ada", "ada@example.org")


@pytest.fixture
def signed_in(person: User, client: Client) -> Client:
    client.force_login(person)
    return client


def token(person: User | None, *scopes: str, minutes: int = 5) -> dict[str, str]:
    """The header of a program that a person let in."""
    system = System.objects.create(name="Courses")
    given = Token(type=Token.Type.ACCESS_TOKEN, client=system, user=person, expires_at=clock.now() + timedelta(minutes=minutes))
    given.set_value("sesame")
    given.set_scopes(list(scopes))
    given.save()
    return {"authorization": "Bearer sesame"}


def add(client: Client, name: Any = "Ada", **more: Any) -> Any:
    return client.post(NAME, {"name": name, **more}, content_type="application/json")


def test_a_command_is_carried_out_and_answered(signed_in: Client, person: User) -> None:
    assert add(signed_in).json() == {"name": "Ada"}
    assert add(signed_in, times=3).status_code == 201
    assert signed_in.get(NAME).json() == {"name": "AdaAda"}
    gone = signed_in.delete(NAME)
    assert (gone.status_code, gone.content) == (204, b"")
    assert gone.headers["Cache-Control"] == "private, no-store"


def test_a_refused_command_changes_nothing(signed_in: Client, person: User) -> None:
    refused = add(signed_in, "full")
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")
    assert refused.headers["Cache-Control"] == "no-store"
    problem = refused.json()
    assert problem["instance"] == f"urn:corridor:request:{refused.headers['X-Request-ID']}"
    assert {name: problem[name] for name in ("type", "title", "status", "detail", "code")} == {
        "type": "urn:corridor:problem:no_room",
        "title": "No room",
        "status": 409,
        "detail": "There is no room. Leave something out.",
        "code": "no_room",
    }
    person.refresh_from_db()
    assert person.name == ""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, {"name": ["This field is required."]}),
        ({"name": ["Ada"]}, {"name": ["Not a valid string."]}),
        ({"name": True}, {"name": ["Not a valid string."]}),
        ({"name": None}, {"name": ["This field may not be null."]}),
        ({"name": "a\0b"}, {"name": ["Null characters are not allowed."]}),
        ({"name": "Ada", "times": 4}, {"times": ["Ensure this value is less than or equal to 3."]}),
        ([], {"body": ["Invalid data. Expected a dictionary, but got list."]}),
    ],
)
def test_a_body_of_another_form_is_refused_field_by_field(body: Any, told: Any, signed_in: Client) -> None:
    refused = signed_in.post(NAME, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_body")
    assert refused.json()["errors"] == told


@pytest.mark.parametrize("body", ["", "{", "Ada", '{"name": NaN}', r'{"name": "\ud800"}', "[" * 5000, b"\xff"])
def test_what_is_no_json_is_refused(body: Any, signed_in: Client) -> None:
    refused = signed_in.post(NAME, body, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["code"] in {"parse_error", "bad_body"}


def test_what_the_shape_does_not_name_is_passed_over(signed_in: Client, person: User) -> None:
    assert add(signed_in, is_staff=True).status_code == 200
    person.refresh_from_db()
    assert not person.is_staff


def test_forms_are_taken_other_bodies_and_methods_are_not(signed_in: Client) -> None:
    assert signed_in.post(NAME, "name=Ada", content_type="application/x-www-form-urlencoded").status_code == 200
    assert signed_in.post(NAME, "<name>", content_type="text/xml").json()["code"] == "unsupported_media_type"
    refused = signed_in.put(NAME, {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert refused.headers["Allow"] == "GET, HEAD, POST, PATCH, DELETE, OPTIONS"
    assert signed_in.options(NAME).status_code == 204
    assert signed_in.put("/api/whistle/").json()["code"] == "method_not_allowed"


def test_who_has_not_signed_in_is_told_to(client: Client) -> None:
    for refused in (add(client), client.get(NAME)):
        assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="corridor"'


def test_what_is_for_staff_is_not_for_others(signed_in: Client, person: User) -> None:
    refused = signed_in.post("/api/sweep/")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    User.objects.update(is_staff=True)
    assert signed_in.post("/api/sweep/").status_code == 204


def test_a_session_needs_the_proof_that_the_page_was_ours(person: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(person)
    refused = add(careful)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    proof = "x" * 32
    careful.cookies["csrftoken"] = proof
    assert careful.post(NAME, {"name": "Ada"}, content_type="application/json", headers={"x-csrftoken": proof}).status_code == 200


def test_a_program_acts_with_a_token_that_is_for_it(person: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    headers = token(person, "read", "write")
    assert careful.post(NAME, {"name": "Ada"}, content_type="application/json", headers=headers).json() == {"name": "Ada"}
    assert careful.get(NAME, headers=headers).json() == {"name": "Ada"}


def test_a_token_for_reading_writes_nothing(client: Client, person: User) -> None:
    refused = client.post(NAME, {"name": "Ada"}, content_type="application/json", headers=token(person, "read"))
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="write"' in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("how", ["unknown", "ended", "of nobody", "of somebody switched off"])
def test_a_token_that_does_not_count_is_refused(how: str, signed_in: Client, person: User) -> None:
    """Even beside a session: who sends a token means it."""
    headers = token(None if how == "of nobody" else person, "write", minutes=-1 if how == "ended" else 5)
    if how == "unknown":
        headers = {"authorization": "Bearer guess"}
    if how == "of somebody switched off":
        User.objects.update(is_active=False)
    refused = signed_in.post(NAME, {"name": "Ada"}, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_more_commands_than_the_limit_wait(client: Client, frozen_clock: Any) -> None:
    assert [client.post("/api/whistle/").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.post("/api/whistle/")
    assert (refused.json()["code"], refused.headers["Retry-After"]) == ("too_many_requests", "60")
    with clock.fixed(frozen_clock + timedelta(seconds=60)):
        assert client.post("/api/whistle/").status_code == 200


def test_each_address_has_a_limit_of_its_own(client: Client, frozen_clock: Any, settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"trusted_proxies": 1})
    for seen in ("198.51.100.1", "198.51.100.2"):
        said = {"x-forwarded-for": f"203.0.113.9, {seen}"}
        assert [client.post("/api/whistle/", headers=said).status_code for _ in range(4)] == [200, 200, 200, 429]
