"""A command that is sent twice with one key is carried out once, whatever happens in between."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.kit.api.models import IdempotentRequest
from corridor.kit.api.tasks import forget_old_keys

from .commands import BeCalled

pytestmark = [pytest.mark.django_db, pytest.mark.urls("corridor.kit.api.tests.commands")]
NAME = "/api/name/"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("ada", "ada@example.org")


@pytest.fixture
def signed_in(person: User, client: Client) -> Client:
    client.force_login(person)
    return client


def add(client: Client, key: str, name: str = "Ada", **more: Any) -> Any:
    return client.post(NAME, {"name": name, **more}, content_type="application/json", headers={"idempotency-key": key})


def test_a_repeated_command_is_answered_again_and_not_carried_out(signed_in: Client, person: User) -> None:
    first, again = add(signed_in, "one", times=3), add(signed_in, "one", times=3)
    assert (again.status_code, again.content) == (201, first.content)
    assert [again.headers[name] for name in ("Content-Type", "Cache-Control")] == ["application/json", "private, no-store"]
    assert (first.has_header("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (False, "true")
    person.refresh_from_db()
    assert person.name == "Ada"


def test_a_browser_that_proves_where_it_comes_from_may_use_keys(person: User) -> None:
    careful, proof = Client(enforce_csrf_checks=True), "x" * 32
    careful.force_login(person)
    careful.cookies["csrftoken"] = proof
    headers = {"idempotency-key": "one", "x-csrftoken": proof}
    assert careful.post(NAME, {"name": "Ada"}, content_type="application/json", headers=headers).status_code == 200
    assert careful.post(NAME, {"name": "Ada"}, content_type="application/json", headers={"idempotency-key": "two"}).status_code == 403


def test_an_answer_without_a_body_is_given_again(signed_in: Client) -> None:
    answers = [signed_in.delete(NAME, headers={"idempotency-key": "one"}) for _ in range(2)]
    assert [(each.status_code, each.content) for each in answers] == [(204, b"")] * 2


def test_a_key_belongs_to_one_request(signed_in: Client, person: User) -> None:
    add(signed_in, "one")
    refused = add(signed_in, "one", "Eve")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert signed_in.delete(NAME, headers={"idempotency-key": "one"}).status_code == 422
    person.refresh_from_db()
    assert person.name == "Ada"


def test_a_key_is_one_persons(signed_in: Client) -> None:
    add(signed_in, "one")
    other = Client()
    other.force_login(User.objects.create_user("eve", "eve@example.org", name="Eve and "))
    assert add(other, "one").json() == {"name": "Eve and Ada"}


def test_who_has_not_signed_in_has_keys_of_their_session(client: Client) -> None:
    first = client.post("/api/whistle/", headers={"idempotency-key": "one"})
    assert first.status_code == 200
    assert client.post("/api/whistle/", headers={"idempotency-key": "one"}).headers["Idempotent-Replayed"] == "true"
    assert not Client().post("/api/whistle/", headers={"idempotency-key": "one"}).has_header("Idempotent-Replayed")


def test_a_refused_command_may_be_sent_again(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert add(signed_in, "one", "full").status_code == 409
    monkeypatch.setattr(BeCalled, "do", lambda self, request, given: {"name": "room now"})
    assert add(signed_in, "one", "full").json() == {"name": "room now"}


def test_a_command_that_breaks_keeps_neither_its_change_nor_its_key(
    signed_in: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = BeCalled.do

    def breaks(self: BeCalled, request: Any, given: Any) -> Any:
        usual(self, request, given)
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(BeCalled, "do", breaks)
        with pytest.raises(RuntimeError):
            add(signed_in, "one")
    assert add(signed_in, "one").json() == {"name": "Ada"}


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "naïve", "a\tb"])
def test_a_key_is_visible_text_of_up_to_200_characters(key: str, signed_in: Client) -> None:
    assert add(signed_in, key).json()["code"] == "bad_idempotency_key"
    assert add(signed_in, "~" * 200).status_code == 200


def test_nobody_can_tell_from_the_table_what_was_sent(signed_in: Client) -> None:
    add(signed_in, "one", "hunter2")
    kept = IdempotentRequest.objects.values_list("caller", "key", "digest").get()
    assert "hunter2" not in str(kept)


def test_keys_are_forgotten_after_a_day(signed_in: Client) -> None:
    add(signed_in, "one")
    add(signed_in, "two")
    IdempotentRequest.objects.filter(key="one").update(created_at=clock.now() - timedelta(hours=24, minutes=1))
    assert forget_old_keys() == 1
    assert IdempotentRequest.objects.get().key == "two"


def send(person: User, key: str) -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = add(client, key)
    connection.close()
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_steps", [False, True])
def test_while_a_command_is_under_way_its_key_waits(in_steps: bool, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, usual = threading.Event(), threading.Event(), BeCalled.do

    def slowly(self: BeCalled, request: Any, given: Any) -> Any:
        begun.set()
        assert go_on.wait(20)
        with transaction.atomic():
            return usual(self, request, given)

    monkeypatch.setattr(BeCalled, "do", slowly)
    monkeypatch.setattr(BeCalled, "in_steps", in_steps)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send, person, "one")
        assert begun.wait(20)
        assert send(person, "one") == (409, "request_under_way")
        go_on.set()
        assert first.result() == (200, "")
    assert send(person, "one") == (200, "")
    person.refresh_from_db()
    assert person.name == "Ada"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_one_moment_one_is_carried_out(person: User) -> None:
    gate = threading.Barrier(8)

    def at_once(_: int) -> tuple[int, str]:
        gate.wait(20)
        return send(person, "one")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(at_once, range(8)))
    assert set(answers) <= {(200, ""), (409, "request_under_way")}
    assert (200, "") in answers
    person.refresh_from_db()
    assert person.name == "Ada"
    assert IdempotentRequest.objects.count() == 1
