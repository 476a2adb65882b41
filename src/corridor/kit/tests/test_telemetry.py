"""OpenTelemetry and Sentry report when their variables are set, and are not even imported when they are not."""

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.fixtures.site import database_url

pytestmark = pytest.mark.django_db(transaction=True)

REQUEST = """
import django, logging, sys
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "localhost"})
client.get("/health/liveness/")
client.get("/cms/login/")
"""
LOADED = "print([name for name in ('opentelemetry.sdk.trace', 'opentelemetry.instrumentation', 'sentry_sdk') if name in sys.modules])"
FLUSH_TRACES = "from opentelemetry import trace; trace.get_tracer_provider().shutdown()"
FAIL = (
    "import sentry_sdk\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.getLogger('x').exception('it failed')\nsentry_sdk.flush()"
)


class Collector(ThreadingHTTPServer):
    """Takes what is reported and keeps it."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        super().__init__(("127.0.0.1", 0), Receiving)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Receiving(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert isinstance(self.server, Collector)
        self.server.got.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def run(program: str, **variables: str) -> str:
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "corridor.settings", **variables}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_neither_is_imported_unless_asked_for() -> None:
    assert run(REQUEST + LOADED).strip() == "[]"


@pytest.mark.parametrize(("variable", "path"), [("OTEL_EXPORTER_OTLP_ENDPOINT", ""), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces")])
def test_traces_go_to_the_collector_with_their_queries_and_without_probes(collector: Collector, variable: str, path: str) -> None:
    run(REQUEST + FLUSH_TRACES, **{variable: f"http://{collector.address}{path}"})
    paths = {path for path, _ in collector.got}
    body = b"".join(body for _, body in collector.got)
    assert paths == {"/v1/traces"}
    assert b"corridor" in body
    assert b"cms/login" in body
    assert b"SELECT" in body
    assert b"health" not in body


def test_the_usual_switch_turns_traces_off(collector: Collector) -> None:
    told = run(REQUEST + LOADED, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{collector.address}", OTEL_SDK_DISABLED="true")
    assert told.strip() == "[]"
    assert collector.got == []


def test_errors_go_to_sentry_with_the_release(collector: Collector) -> None:
    run(REQUEST + FAIL, SENTRY_DSN=f"http://public@{collector.address}/42")
    sent = b"".join(body for path, body in collector.got if path == "/api/42/envelope/")
    assert b"ZeroDivisionError" in sent
    assert b"corridor@" in sent
