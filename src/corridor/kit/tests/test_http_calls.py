"""Calls that may change something at the other side: made once, and what the other side says to them is heard."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from corridor.kit.http import LONGEST_REFUSAL, HttpClient, Limits, StatusRefused

from .misbehaving import Request, Server, serving

QUICK = Limits(connect_seconds=1, read_seconds=0.3, total_seconds=1.5, attempts=3, first_pause=0.01)


def heard(request: Request) -> None:
    body = request.rfile.read(int(request.headers["Content-Length"])).decode()
    request.give(json.dumps({"type": request.headers["Content-Type"], "body": body}).encode(), status=201)


def tired(request: Request) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    request.give(b'{"reason": "later"}', status=503 if request.times() == 1 else 200)


def refusing(request: Request) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    request.give(b'{"reason": "DUPLICATE"}' + b" " * 2 * LONGEST_REFUSAL, status=409)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(Request, "do_PATCH", Request.do_GET, raising=False)
    monkeypatch.setattr(Request, "do_DELETE", Request.do_GET, raising=False)
    routes: dict[str, Any] = {
        "/heard": heard,
        "/tired": tired,
        "/refusing": refusing,
        "/gone": lambda request: request.give(b"", status=204),
        "/moved": lambda request: request.give(b"", status=307, location="/heard"),
    }
    with serving(routes) as running:
        yield running


@pytest.fixture
def client(server: Server) -> HttpClient:
    return HttpClient(trusted=[server.address], limits=QUICK)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_json_is_sent_and_a_created_thing_is_a_good_answer(method: str, server: Server, client: HttpClient) -> None:
    answer = client.send(method, server.at("/heard"), json={"a": "ü"})
    said = json.load(answer.body)
    assert (answer.status, said["type"], json.loads(said["body"])) == (201, "application/json", {"a": "ü"})


def test_a_body_goes_as_it_is(server: Server, client: HttpClient) -> None:
    answer = client.send("POST", server.at("/heard"), body=b"a=1&b=2", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert json.load(answer.body) == {"type": "application/x-www-form-urlencoded", "body": "a=1&b=2"}


def test_nothing_to_say_is_a_good_answer(server: Server, client: HttpClient) -> None:
    assert client.send("DELETE", server.at("/gone")).status == 204


def test_a_call_is_not_made_twice_unless_that_does_no_harm(server: Server, client: HttpClient) -> None:
    with pytest.raises(StatusRefused) as refused:
        client.send("POST", server.at("/tired"), json={})
    assert (refused.value.answered, refused.value.body, len(server.seen)) == (503, b'{"reason": "later"}', 1)
    server.seen.clear()
    assert client.send("POST", server.at("/tired"), json={}, again=True).status == 200
    assert len(server.seen) == 2


def test_what_a_refusal_says_is_read_and_bounded(server: Server, client: HttpClient) -> None:
    with pytest.raises(StatusRefused) as refused:
        client.send("POST", server.at("/refusing"), json={})
    assert json.loads(refused.value.body) == {"reason": "DUPLICATE"}
    assert len(refused.value.body) == LONGEST_REFUSAL


def test_what_was_sent_is_not_sent_on(server: Server, client: HttpClient) -> None:
    with pytest.raises(StatusRefused, match="another address"):
        client.send("POST", server.at("/moved"), json={})
    assert [path for _, path, _ in server.seen] == ["/moved"]
