"""A shop and its payer: a server that hears what gateways tell, and a browser that pays on their pages."""

import html
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import requests

from corridor.kit import clock
from corridor.mitxonline.gateways.port import Handoff, Item, Message, Payment

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Shop:
    """Where the gateways' servers and the payer's browser come to. `heard` is what servers told, in order."""

    address: str
    heard: list[Message] = field(default_factory=list)

    @property
    def notified_at(self) -> str:
        return f"{self.address}/notified"

    def payment(
        self, *, amount: str = "150.00", attempt: UUID | None = None, reference: str = "", name: str = "Rope, Knots and You"
    ) -> Payment:
        attempt, now = attempt or uuid4(), clock.now()
        return Payment(
            attempt=attempt,
            reference_number=reference or f"mitxonline-test-{attempt.int % 10**12}",
            amount=Decimal(amount),
            currency="USD",
            items=[Item("course-v1:Ropes+1", name, "12-7", 1, Decimal(amount))],
            consumer_id="pat",
            customer_ip="127.0.0.1",
            return_url=f"{self.address}/back",
            cancel_url=f"{self.address}/left",
            started_at=now,
            expires_at=now + timedelta(hours=1),
        )


@contextmanager
def open_shop() -> Iterator[Shop]:
    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            shop.heard.append(server_message(dict(self.headers.items()), body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        shop = Shop(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield shop
        server.shutdown()


def server_message(headers: Mapping[str, str], body: bytes) -> Message:
    form = dict(parse_qsl(body.decode(), keep_blank_values=True)) if b"=" in body[:80] else {}
    return Message("server", headers, body, form, clock.now())


class Payer:
    """A browser without JavaScript."""

    def __init__(self, standins: str) -> None:
        self.standins = standins
        self.session = requests.Session()

    def pays(self, handoff: Handoff, **chosen: str) -> Message | None:
        """Pay on the gateway's page. Gives what the browser brings back to the shop; None when it stays."""
        shown = self.session.request(handoff.method, handoff.url, data=dict(handoff.fields) or None, timeout=10)
        assert shown.ok, shown.text
        form = {"name": "Pat Example", "email": "pat@example.com", "choice": "accepted", "notify": "once", **chosen}
        decided = self.session.post(shown.url, data=form | self._token(), allow_redirects=False, timeout=20)
        return self._brought(decided)

    def pages(self, path: str, **form: str) -> None:
        """Press a button on the staff's page."""
        self.session.get(f"{self.standins}/payments/", timeout=10)
        answer = self.session.post(f"{self.standins}/payments/{path}", data=form | self._token(), timeout=20)
        assert answer.ok, answer.text

    def key_of(self, reference: str) -> str:
        """The name that the staff's page has for an order's last payment."""
        page = self.session.get(f"{self.standins}/payments/", timeout=10).text
        found = re.search(re.escape(reference) + r'.*?/payments/staff/([^/"]+)/', page, re.DOTALL)
        assert found, f"{reference} is not on the page"
        return found[1]

    def _token(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": self.session.cookies["standin_csrf"]}

    def _brought(self, answer: requests.Response) -> Message | None:
        if answer.is_redirect:
            query = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
            return Message("browser", {}, b"", query, clock.now())
        fields = {name: html.unescape(value) for name, value in HIDDEN.findall(answer.text)}
        return Message("browser", {}, b"", fields, clock.now()) if "signature" in fields else None
