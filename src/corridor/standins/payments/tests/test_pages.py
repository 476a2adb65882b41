"""The payment services as people see them, in a browser: the page to pay, the way back, what staff set."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from corridor.mitxonline.gateways.cybersource.gateway import CyberSource
from corridor.mitxonline.gateways.port import Decision, Gateway
from corridor.mitxonline.gateways.stripe.gateway import Stripe
from corridor.mitxonline.gateways.tests.shop import Shop, server_message
from tests.fixtures.payments import PlayedPayments

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WIDTHS = (1440, 360)
Axe = Callable[["Page"], list[dict[str, Any]]]


@dataclass
class VisitedShop(Shop):
    """A shop whose pages a browser can open; `visits` are the forms and queries that it came back with, with the time's order of all that came."""

    came: list[str] = field(default_factory=list)
    visits: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def open_shop(forms: dict[str, str]) -> Iterator[VisitedShop]:
    """`forms` are its pages, by path."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path in ("/back", "/left"):
                self.note("browser", dict(parse_qsl(parts.query)))
            self.say(forms.get(parts.path, "Welcome back"))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/notified":
                shop.heard.append(server_message(dict(self.headers.items()), body))
                shop.came.append("server")
            else:
                self.note("browser", dict(parse_qsl(body.decode(), keep_blank_values=True)))
            self.say("Welcome back")

        def note(self, who: str, fields: dict[str, str]) -> None:
            shop.came.append(who)
            shop.visits.append(fields)

        def say(self, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Shop</title><main>{text}</main>".encode())

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        shop = VisitedShop(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield shop
        server.shutdown()


@pytest.fixture(params=[CyberSource, Stripe])
def gateway(request: pytest.FixtureRequest, played_payments: PlayedPayments) -> Gateway:
    made = request.param.of(played_payments.config)
    assert made is not None
    return made


@pytest.fixture
def forms() -> dict[str, str]:
    return {}


@pytest.fixture
def shop(forms: dict[str, str], played_payments: PlayedPayments, page: "Page") -> Iterator[VisitedShop]:
    with open_shop(forms) as opened:
        page.goto(f"{played_payments.address}/payments/")
        page.get_by_label("CyberSource notifies").fill(opened.notified_at)
        page.get_by_label("Stripe notifies").fill(opened.notified_at)
        page.get_by_role("button", name="Set").click()
        yield opened


def go_to_pay(page: "Page", gateway: Gateway, shop: VisitedShop, forms: dict[str, str]) -> str:
    """Be on the page to pay. Gives the order's reference."""
    payment = shop.payment()
    handoff = gateway.begin(payment)
    fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in handoff.fields.items())
    button = f'<form method="{handoff.method}" action="{handoff.url}">{fields}<button>On to pay</button></form>'
    forms["/"] = button if handoff.method == "POST" else f'<a href="{handoff.url}">On to pay</a>'
    page.goto(shop.address)
    page.get_by_text("On to pay").click()
    return payment.reference_number


def test_somebody_pays_and_is_back_in_the_shop(gateway: Gateway, page: "Page", shop: VisitedShop, forms: dict[str, str]) -> None:
    reference = go_to_pay(page, gateway, shop, forms)
    assert "No money moves" in page.locator("header").inner_text()
    assert reference in page.locator("main").inner_text()
    page.get_by_label("Name on the card").fill("Zoë Ångström")
    page.get_by_role("button", name="Pay 150.00 USD").click()
    page.wait_for_url(re.compile(re.escape(shop.address)))
    assert shop.came == ["server", "browser"]
    assert gateway.read(shop.heard[0]).payer_name == "Zoë Ångström"


def test_the_browser_comes_first_when_the_notification_is_late(
    gateway: Gateway, page: "Page", shop: VisitedShop, forms: dict[str, str]
) -> None:
    go_to_pay(page, gateway, shop, forms)
    page.get_by_label("It is notified later").check()
    page.get_by_label("Seconds until then").fill("1")
    page.get_by_role("button", name="Pay 150.00 USD").click()
    page.wait_for_url(re.compile(re.escape(shop.address)))
    assert shop.came == ["browser"]
    page.wait_for_timeout(1800)
    assert shop.came == ["browser", "server"]
    assert gateway.read(shop.heard[0]).decision == Decision.ACCEPTED


def test_somebody_leaves_without_paying(gateway: Gateway, page: "Page", shop: VisitedShop, forms: dict[str, str]) -> None:
    go_to_pay(page, gateway, shop, forms)
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(f"{shop.address}/left**")
    assert shop.came == ["browser"]


def test_a_declined_card_can_be_changed_for_another_at_stripe(
    played_payments: PlayedPayments, page: "Page", shop: VisitedShop, forms: dict[str, str]
) -> None:
    gateway = Stripe.of(played_payments.config)
    assert gateway is not None
    go_to_pay(page, gateway, shop, forms)
    page.get_by_label("declined").check()
    page.get_by_role("button", name="Pay 150.00 USD").click()
    assert "Choose another one" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="Pay 150.00 USD").click()
    page.wait_for_url(re.compile(re.escape(shop.address)))
    assert [gateway.read(each).decision for each in shop.heard] == [Decision.ACCEPTED]


def test_the_way_back_has_a_button_where_scripts_do_not_run(
    played_payments: PlayedPayments, page: "Page", shop: VisitedShop, forms: dict[str, str]
) -> None:
    gateway = CyberSource.of(played_payments.config)
    assert gateway is not None
    browser = page.context.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        go_to_pay(plain, gateway, shop, forms)
        plain.get_by_role("button", name="Pay 150.00 USD").click()
        plain.get_by_role("button", name="Go back").click()
        assert plain.get_by_text("Welcome back").is_visible()
    assert shop.visits[0]["decision"] == "ACCEPT"


def test_nothing_is_in_the_way_of_anybody(gateway: Gateway, page: "Page", shop: VisitedShop, forms: dict[str, str], axe: Axe) -> None:
    go_to_pay(page, gateway, shop, forms)
    address = f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}"
    assert wrong_with(page, axe) == []
    page.get_by_label("The browser does not return").check()
    page.get_by_role("button", name="Pay 150.00 USD").click()
    assert wrong_with(page, axe) == []
    page.goto(f"{address}/payments/")
    assert wrong_with(page, axe) == []


def wrong_with(page: "Page", axe: Axe) -> list[Any]:
    """By day and by night, on a phone and on a wide screen."""
    found: list[Any] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"sticks out at {width}")
    found += axe(page)
    page.emulate_media(color_scheme="dark")
    found += axe(page)
    page.emulate_media(color_scheme="light")
    return found
