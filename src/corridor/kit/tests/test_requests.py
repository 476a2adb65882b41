"""Each request has a name that its log entry, its answer and its failures carry; secrets are in none of them."""

import json
import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.request import Request

from corridor.accounts.models import User
from corridor.kit import logs, request_ids
from corridor.kit.errors import Problem
from corridor.urls import handler400, handler403, handler404, handler500

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class SeatTaken(Problem):
    code = "seat_taken"
    status = 409


def page(request: HttpRequest, token: str = "") -> HttpResponse:
    User.objects.count()
    return HttpResponse("x" * int(request.GET.get("length", "5")))


def taken(request: HttpRequest) -> HttpResponse:
    raise SeatTaken("The last seat was taken a moment ago. Choose another run.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("postgresql://corridor:hunter2@db/corridor")


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(len(request.POST))


@api_view()
def api_taken(request: Request) -> None:
    raise SeatTaken("The last seat was taken a moment ago. Choose another run.")


urlpatterns = [
    path("page/", page),
    path("unsubscribe/<str:token>/", page),
    path("taken/", taken),
    path("broken/", broken),
    path("form/", form),
    path("api/v1/taken/", api_taken),
]
__all__ = ["handler400", "handler403", "handler404", "handler500"]


class Lines(logging.Handler):
    """Log entries as they are written in production."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def events(self, name: str) -> list[dict[str, object]]:
        return [event for line in self.lines if (event := json.loads(line))["event"] == name]


@pytest.fixture
def written() -> Iterator[Lines]:
    handler = Lines()
    structured = logs.configuration("INFO", "json")["formatters"]["structured"]
    make = structured.pop("()")
    handler.setFormatter(make(**structured))
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def visitor() -> Client:
    """A client to which failures come as answers."""
    return Client(raise_request_exception=False)


def test_a_request_is_told_in_one_line(client: Client, written: Lines) -> None:
    answer = client.get("/page/?q=private+matters", headers={"x-request-id": "from-the-gateway-1"})
    (entry,) = written.events("request")
    assert {name: entry[name] for name in ("method", "route", "path", "status", "queries", "request_id", "level")} == {
        "method": "GET",
        "route": "page/",
        "path": "/page/",
        "status": 200,
        "queries": 1,
        "request_id": "from-the-gateway-1",
        "level": "info",
    }
    assert isinstance(entry["ms"], float)
    assert answer.headers["X-Request-ID"] == "from-the-gateway-1"
    assert "private" not in "".join(written.lines)


@pytest.mark.parametrize("given", [None, "", "short", "x" * 129, "new\nline-injected", "<script>alert(1)</script>", "../../etc/passwd"])
def test_a_request_id_that_is_missing_or_harmful_is_replaced(client: Client, given: str | None) -> None:
    headers = {} if given is None else {"x-request-id": given}
    named = client.get("/page/", headers=headers).headers["X-Request-ID"]
    assert named != given
    assert request_ids.ACCEPTED.fullmatch(named)


def test_probes_are_not_told(client: Client, written: Lines) -> None:
    client.get("/health/liveness/")
    assert written.events("request") == []


def test_secrets_in_a_path_are_hidden(client: Client, written: Lines) -> None:
    client.get("/unsubscribe/s3cr3t-t0k3n/")
    (entry,) = written.events("request")
    assert entry["path"] == "/unsubscribe/[hidden]/"


def test_a_failure_is_told_with_its_trace_and_without_passwords(visitor: Client, written: Lines) -> None:
    answer = visitor.get("/broken/")
    assert answer.status_code == 500
    text = "".join(written.lines)
    assert "RuntimeError" in text
    assert "hunter2" not in text
    assert answer.headers["X-Request-ID"] in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"password": "p"}, {"password": "[hidden]"}),
        (
            {"headers": {"Authorization": "Bearer x", "Accept": "text/html"}},
            {"headers": {"Authorization": "[hidden]", "Accept": "text/html"}},
        ),
        ({"urls": ["redis://:p@h/0", "https://example.org/a"]}, {"urls": ["redis://[hidden]@h/0", "https://example.org/a"]}),
        ({"count": 3, "title": "Keys and tokens"}, {"count": 3, "title": "Keys and tokens"}),
    ],
)
def test_log_entries_hide_what_is_secret(given: dict[str, object], kept: dict[str, object]) -> None:
    assert logs.hide_secrets(None, "info", dict(given)) == kept


def test_a_problem_is_a_sentence_for_people_and_json_for_programs(visitor: Client) -> None:
    seen = visitor.get("/taken/")
    assert seen.status_code == 409
    assert "<h1>The last seat was taken a moment ago. Choose another run.</h1>" in seen.content.decode()
    for address in ("/taken/", "/api/v1/taken/"):
        got = visitor.get(address, headers={"accept": "application/json"})
        assert got.status_code == 409
        assert got.headers["Content-Type"] == "application/problem+json"
        assert got.json() == {
            "type": "urn:corridor:problem:seat_taken",
            "title": "Seat taken",
            "status": 409,
            "detail": "The last seat was taken a moment ago. Choose another run.",
            "code": "seat_taken",
            "instance": f"urn:corridor:request:{got.headers['X-Request-ID']}",
        }


@pytest.mark.parametrize(
    ("address", "status", "code"), [("/nowhere/", 404, "not_found"), ("/api/v1/nowhere/", 404, "not_found"), ("/broken/", 500, "failure")]
)
def test_every_failure_has_a_page_and_a_json_form(visitor: Client, address: str, status: int, code: str) -> None:
    got = visitor.get(address, headers={"accept": "application/json"})
    assert (got.status_code, got.json()["code"]) == (status, code)
    seen = visitor.get(address, headers={"accept": "text/html,*/*"})
    assert seen.headers["Content-Type"].startswith("application/problem+json" if address.startswith("/api/") else "text/html")


def test_an_address_with_a_nul_is_of_nothing(client: Client) -> None:
    assert client.get("/unsubscribe/a%00b/").status_code == 404
    assert client.get("/unsubscribe/ab/").status_code == 200


def test_bad_hosts_forged_forms_and_too_many_fields_are_refused_in_words(visitor: Client) -> None:
    assert visitor.get("/page/", headers={"host": "evil.example.org"}).status_code == 400
    forged = Client(enforce_csrf_checks=True).post("/form/", {"a": "1"}, headers={"accept": "application/json"})
    assert (forged.status_code, forged.json()["code"]) == (403, "csrf_failed")
    many = visitor.post("/form/", {f"f{i}": "1" for i in range(2001)}, headers={"accept": "application/json"})
    assert (many.status_code, many.json()["code"]) == (400, "bad_request")
    long = visitor.post("/form/", {"a": "x" * 3 * 2**20}, headers={"accept": "application/json"})
    assert (long.status_code, long.json()["code"]) == (413, "body_too_large")


@override_settings(ALLOWED_HOSTS=["*"])
def test_text_is_sent_compressed_to_those_who_take_it(client: Client) -> None:
    long = client.get("/page/?length=20000", headers={"accept-encoding": "gzip, br"})
    assert long.headers["Content-Encoding"] == "gzip"
    assert int(long.headers["Content-Length"]) == len(long.content) < 1000
    assert "Accept-Encoding" in long.headers["Vary"]
    plain = client.get("/page/?length=20000")
    assert not plain.has_header("Content-Encoding")
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert not client.get("/page/?length=100", headers={"accept-encoding": "gzip"}).has_header("Content-Encoding")


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = client.get("/page/?length=20000", headers={"accept-encoding": "gzip"})
    assert first.headers["ETag"].startswith("W/")
    again = client.get("/page/?length=20000", headers={"accept-encoding": "gzip", "if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_on_a_console_an_entry_is_a_line_and_its_trace_follows() -> None:
    event = {
        "event": "request",
        "level": "info",
        "timestamp": "2026-03-02T12:00:00.123Z",
        "status": 200,
        "route": None,
        "exception": "Traceback …",
    }
    assert logs.as_line(None, "info", event) == "2026-03-02T12:00:00 info    request  status=200\nTraceback …"
