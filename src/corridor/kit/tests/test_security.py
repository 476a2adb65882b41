"""What browsers are told to refuse, who may call from elsewhere, and how much anybody may send."""

import socket
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client, override_settings

from corridor.config import load

OURS = "https://app.example.org"
allowing_ours = override_settings(CONFIG=load({"CORS_ALLOWED_ORIGINS": OURS}))
PAGE = "/nowhere/"

pytestmark = pytest.mark.django_db


def test_browsers_are_told_to_load_nothing_from_elsewhere_and_run_nothing_inline(client: Client) -> None:
    headers = client.get("/nowhere/").headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'self'"
    assert "script-src" not in rules
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@allowing_ours
def test_a_configured_origin_may_call_with_the_visitors_session(client: Client) -> None:
    answer = client.get(PAGE, headers={"origin": OURS})
    assert answer.headers["Access-Control-Allow-Origin"] == OURS
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in answer.headers["Vary"]


@allowing_ours
def test_its_browser_may_ask_first_whether_it_may_send_a_csrf_token(client: Client) -> None:
    headers = {"origin": OURS, "access-control-request-method": "GET", "access-control-request-headers": "x-csrftoken"}
    answer = client.options("/api/v1/topics/", headers=headers)
    assert answer.status_code == 204
    assert {"x-csrftoken", "idempotency-key"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert answer.headers["Access-Control-Allow-Origin"] == OURS


@allowing_ours
@pytest.mark.parametrize("origin", ["https://evil.example.org", "https://app.example.org.evil.example", "null", "http://app.example.org"])
def test_other_origins_may_not(client: Client, origin: str) -> None:
    answer = client.get(PAGE, headers={"origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
    asked = client.options(PAGE, headers={"origin": origin, "access-control-request-method": "GET"})
    assert "Access-Control-Allow-Origin" not in asked.headers
    assert "Origin" in answer.headers["Vary"], "a cache keeps the answers apart"


def test_without_configured_origins_nobody_may(client: Client) -> None:
    assert not [name for name in client.get(PAGE, headers={"origin": OURS}).headers if name.startswith("Access-Control")]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_megabytes_are_refused_before_they_are_sent(site: str) -> None:
    address = urlsplit(site)
    head = f"POST /api/v1/x HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {100 * 2**20}\r\nContent-Type: application/json\r\n\r\n"
    with socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=20) as line:
        line.sendall(head.encode())
        answer = b""
        while b"body_too_large" not in answer and (piece := line.recv(4096)):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"body_too_large" in answer


@pytest.mark.django_db(transaction=True)
def test_a_body_of_unknown_length_is_not_read_into_memory(site: str) -> None:
    """It ends in an answer, and the server goes on."""
    sent = 0

    def pieces() -> object:
        nonlocal sent
        for _ in range(400):
            sent += 2**18
            yield b"x" * 2**18

    try:
        assert requests.post(f"{site}/api/v1/x", data=pieces(), timeout=20).status_code in (403, 404, 413)
    except requests.ConnectionError:
        assert sent < 100 * 2**20
    assert requests.get(f"{site}/health/liveness/", timeout=10).ok
