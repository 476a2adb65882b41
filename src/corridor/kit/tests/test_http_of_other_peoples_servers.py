import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from corridor.kit import http
from corridor.kit.http import HttpClient, Limits

from .misbehaving import Server, cut_off, dripping, endless, gzip_bomb, serving, silent

QUICK = Limits(connect_seconds=1, read_seconds=0.3, total_seconds=1.5, largest_bytes=2**20, attempts=3, first_pause=0.01)


def once(bad: Any) -> Any:
    return lambda request: bad(request) if request.times() == 1 else request.give(b'{"good": true}')


def status(code: int, **headers: Any) -> Any:
    return lambda request: request.give(b"{}", status=code, **headers)


def send_on(where: str) -> Any:
    return lambda request: request.give(b"", status=302, location=where)


@pytest.fixture
def server() -> Iterator[Server]:
    routes: dict[str, Any] = {
        "/good": lambda request: request.give(b'{"good": true}'),
        "/flaky": once(status(500)),
        "/busy": once(status(429, retry_after="0")),
        "/cut": once(cut_off),
        "/hangs-once": once(silent),
        "/broken": status(503),
        "/absent": status(404),
        "/cut-always": cut_off,
        "/dripping": dripping,
        "/silent": silent,
        "/endless": endless,
        "/bomb": gzip_bomb,
        "/patience": status(429, retry_after="86400"),
        "/round": send_on("/round"),
        "/moved": send_on("/good"),
        "/to-file": send_on("file:///etc/passwd"),
        "/to-ftp": send_on("ftp://127.0.0.1/x"),
        "/conditional": lambda r: r.give(b"", status=304) if r.headers["If-None-Match"] == '"v1"' else r.give(b"{}", etag='"v1"'),
        "/form": lambda r: r.give(r.rfile.read(int(r.headers["Content-Length"]))),
        "/form-moved": send_on("/form"),
        "/told": lambda r: r.give(r.rfile.read(int(r.headers["Content-Length"])), status=201),
        "/emptied": lambda r: r.give(b"", status=204),
        "/refused": lambda r: r.give(b'{"error_code": "duplicate-username"}', status=409),
        "/refused-at-length": lambda r: r.give(b"x" * 2**20, status=400),
    }
    with serving(routes) as running:
        yield running


def client(server: Server, **limits: Any) -> HttpClient:
    return HttpClient(trusted=[server.address], limits=QUICK)


@pytest.mark.parametrize("path", ["/good", "/flaky", "/busy", "/cut", "/hangs-once", "/moved"])
def test_what_passes_is_waited_for(server: Server, path: str) -> None:
    answer = client(server).get(server.at(path))
    assert json.load(answer.body) == {"good": True}


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("/broken", http.StatusRefused, "answers with status 503"),
        ("/absent", http.StatusRefused, "404 (not found)"),
        ("/cut-always", http.ServerUnreachable, "the connection broke"),
        ("/silent", http.AnswerLate, "no answer in time"),
        ("/dripping", http.AnswerLate, "took longer than"),
        ("/endless", http.AnswerTooLarge, "more than the 1 MB"),
        ("/bomb", http.AnswerTooLarge, "more than the 1 MB"),
        ("/patience", http.AnswerLate, "no good answer"),
        ("/round", http.TooManyRedirects, "more than 5 times"),
        ("/to-file", http.AddressRefused, "no http or https address"),
        ("/to-ftp", http.AddressRefused, "no http or https address"),
    ],
)
def test_what_does_not_pass_ends_soon_and_says_why(server: Server, path: str, error: type[Exception], says: str) -> None:
    started = time.monotonic()
    with pytest.raises(error) as caught:
        client(server).get(server.at(path))
    assert says in str(caught.value)
    assert time.monotonic() - started < 10


def test_an_error_status_is_asked_for_once_only(server: Server) -> None:
    with pytest.raises(http.StatusRefused):
        client(server).get(server.at("/absent"))
    assert len(server.seen) == 1


def test_nobody_listening_is_said_plainly() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(http.ServerUnreachable, match="nothing listens there"):
        HttpClient(trusted=[address], limits=QUICK).get(address)


def test_a_host_inside_the_network_is_not_asked_unless_it_is_our_own(server: Server) -> None:
    with pytest.raises(http.AddressRefused, match="not a public one"):
        HttpClient(limits=QUICK).get(server.at("/good"))
    assert server.seen == []


def test_our_own_server_cannot_send_us_to_another_one_inside(server: Server) -> None:
    with serving({"/secret": lambda request: request.give(b"secret")}) as inner:
        server.routes["/to-inner"] = send_on(inner.at("/secret"))
        with pytest.raises(http.AddressRefused, match="not a public one"):
            client(server).get(server.at("/to-inner"))
        assert inner.seen == []


def test_a_key_is_not_sent_on_to_another_server(server: Server) -> None:
    with serving({"/there": lambda request: request.give(b"{}")}) as other:
        server.routes["/away"] = send_on(other.at("/there"))
        both = HttpClient(trusted=[server.address, other.address], limits=QUICK)
        both.get(server.at("/away"), headers={"Authorization": "Bearer key"})
        assert "authorization" in server.seen[0][2]
        assert "authorization" not in other.seen[0][2]


def test_unchanged_content_is_not_sent_again(server: Server) -> None:
    first = client(server).get(server.at("/conditional"))
    again = client(server).get(server.at("/conditional"), headers={"If-None-Match": first.headers["etag"]})
    assert (first.status, again.status, again.body.read()) == (200, 304, b"")


def test_a_form_arrives_and_is_not_sent_on(server: Server) -> None:
    assert client(server).post(server.at("/form"), {"a": "b c"}).body.read() == b"a=b+c"
    with pytest.raises(http.StatusRefused, match="send a form on"):
        client(server).post(server.at("/form-moved"), {"a": "b"})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_what_is_sent_arrives_as_json(server: Server, method: str) -> None:
    answer = client(server).send(method, server.at("/told"), json={"mode": "verified"}, headers={"Authorization": "JWT key"})
    assert (answer.status, json.load(answer.body)) == (201, {"mode": "verified"})
    (sent,) = server.seen
    assert (sent[0], sent[2]["content-type"], sent[2]["authorization"]) == (method, "application/json", "JWT key")


def test_a_bare_command_may_have_an_empty_answer(server: Server) -> None:
    answer = client(server).send("DELETE", server.at("/emptied"))
    assert (answer.status, answer.body.read()) == (204, b"")


@pytest.mark.parametrize("path", ["/flaky", "/busy", "/cut", "/hangs-once"])
def test_what_is_sent_is_sent_once_unless_twice_does_no_harm(server: Server, path: str) -> None:
    with pytest.raises(http.HttpFailed):
        client(server).send("POST", server.at(path), json={})
    assert len(server.seen) == 1
    server.seen.clear()
    assert json.load(client(server).send("POST", server.at(path), json={}, again=True).body) == {"good": True}
    assert len(server.seen) == 2


def test_what_is_sent_is_not_sent_on(server: Server) -> None:
    with pytest.raises(http.StatusRefused, match="on to another address"):
        client(server).send("POST", server.at("/form-moved"), json={})


def test_a_refusal_tells_why_and_not_more_than_a_little(server: Server) -> None:
    with pytest.raises(http.StatusRefused) as caught:
        client(server).send("POST", server.at("/refused"), json={})
    assert (caught.value.answered, json.loads(caught.value.body)) == (409, {"error_code": "duplicate-username"})
    with pytest.raises(http.StatusRefused) as caught:
        client(server).get(server.at("/refused-at-length"))
    assert caught.value.body == b"x" * 2**16


def test_messages_hold_no_passwords_and_no_keys(server: Server) -> None:
    address = server.at("/absent?key=hush").replace("http://", "http://user:hush@")
    with pytest.raises(http.StatusRefused) as caught:
        client(server).get(address)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("8.8.8.8", False), ("2001:4860:4860::8888", False), ("127.0.0.1", True), ("10.1.2.3", True), ("192.168.1.1", True),
        ("169.254.169.254", True), ("100.64.0.1", True), ("0.0.0.0", True), ("224.0.0.1", True), ("::1", True), ("fe80::1%eth0", True),
        ("fd00::1", True), ("::ffff:127.0.0.1", True), ("64:ff9b::7f00:1", True), ("2002:7f00:1::", True),
    ],
)  # fmt: skip
def test_inside_addresses_are_known_in_every_disguise(address: str, inside: bool) -> None:
    assert http.is_inside(address) is inside


@pytest.mark.parametrize(
    "address", ["", "nonsense", "file:///etc/passwd", "http://", "http://host:port/", "https:///path", "gopher://x", "http://\x00/"]
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(http.AddressRefused):
        HttpClient(limits=QUICK).get(address)
