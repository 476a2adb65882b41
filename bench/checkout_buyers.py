"""Those who buy over HTTP: at our site by its API and by its pages, and at a shop of django-oscar. What each step asks for is said with it."""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from corridor.mitxonline.gateways.cybersource.form import TIME
from corridor.mitxonline.gateways.cybersource.signing import signed

API, PAGES = "/mitxonline/api/", "/mitxonline/"
TOKEN = "t" * 32  # a browser that has seen a form holds one; both sites compare it with what comes back
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ACCESS_KEY = PROFILE = "bench"
SECURITY_KEY = "a key for measurements"
MOST_FAILURES = 50  # of one buyer
PRICE, LOWERED = "99.00", "89.10"


class Refused(Exception):
    """The site did not do what was asked of it."""


@dataclass
class Browser:
    """One connection that stays open, and the cookies of somebody who is signed in."""

    address: str
    cookies: Mapping[str, str]
    failures: int = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=120)

    def ask(self, method: str, path: str, body: str = "", kind: str = "", **headers: str) -> tuple[int, str, str]:
        """Status, where it leads, and what came."""
        known = "; ".join(f"{name}={value}" for name, value in {**self.cookies, "csrftoken": TOKEN}.items())
        told = {"Cookie": known, "X-CSRFToken": TOKEN, "Referer": self.address, **({"Content-Type": kind} if kind else {}), **headers}
        self.connection.request(method, path, body.encode() if body else None, told)
        answer = self.connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")

    def get(self, path: str) -> str:
        return self.wanted(200, "GET", path)

    def form(self, path: str, status: int, **fields: str) -> str:
        return self.wanted(status, "POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}), "application/x-www-form-urlencoded")

    def command(self, path: str, body: Any = None, status: int = 200, method: str = "POST") -> Any:
        told = self.wanted(status, method, path, json.dumps(body if body is not None else {}), "application/json")
        return json.loads(told) if told else None

    def wanted(self, status: int, method: str, path: str, body: str = "", kind: str = "") -> str:
        """The answer; a failure of the server is counted, and the request sent again as people do."""
        came, where, text = self.ask(method, path, body, kind)
        while came >= 500 and self.failures < MOST_FAILURES:
            self.failures += 1
            came, where, text = self.ask(method, path, body, kind)
        if came != status and not (came in (200, 201) and status in (200, 201)):
            raise Refused(f"{method} {path} answered {came} {where} {text[:300]}")
        return text


class Buyer(Protocol):
    """What somebody does to buy one thing; each step is one that is measured."""

    browser: Browser

    def add(self, product: Any) -> None: ...

    def apply(self, code: str) -> None: ...

    def start(self) -> bool:
        """On to where one pays. False where the discount is gone, which the site says before anybody pays."""
        ...

    def pay(self) -> None: ...


class Ours:
    """Whoever pays: the gateway's server tells us by a form that it signs."""

    way: Mapping[str, str]

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def pay(self) -> None:
        """POST of the notification, to our callback: the order is paid, its seat given, the receipt owed."""
        asked = self.way
        reply = {
            "decision": "ACCEPT",
            "reason_code": "100",
            "message": "Accepted.",
            "transaction_id": f"7{asked['transaction_uuid'].replace('-', '')[:21]}",
            "req_access_key": asked["access_key"],
            "req_profile_id": asked["profile_id"],
            "req_amount": asked["amount"],
            "req_currency": asked["currency"],
            "req_reference_number": asked["reference_number"],
            "req_transaction_uuid": asked["transaction_uuid"],
            "req_card_number": "xxxxxxxxxxxx1111",
            "req_card_type": "001",
            "req_payment_method": "card",
            "signed_date_time": datetime.now(UTC).strftime(TIME),
        }
        form = urlencode(signed(reply, SECURITY_KEY))
        self.browser.wanted(200, "POST", f"{API}checkout/result/", form, "application/x-www-form-urlencoded")


class ByApi(Ours):
    def add(self, product: Any) -> None:
        """POST baskets/create_from_product; the answer is the priced basket."""
        self.browser.command(f"{API}v0/baskets/create_from_product/{product}/")

    def apply(self, code: str) -> None:
        """POST baskets/add_discount; the answer is the priced basket."""
        self.browser.command(f"{API}v0/baskets/add_discount/?discount_code={quote(code)}")

    def start(self) -> bool:
        """POST baskets/checkout: the order, the code held for it, and the signed form for the gateway."""
        told = self.browser.command(f"{API}v0/baskets/checkout/")
        self.way = told["payload"]
        return told["error"] is None

    def enroll(self, run: int) -> None:
        """POST v3/enrollments."""
        self.browser.command(f"{API}v3/enrollments/", {"run_id": run}, 201)


class ByPages(Ours):
    def add(self, product: Any) -> None:
        """POST of the form on a course's page."""
        self.browser.form(f"{PAGES}cart/add", 303, product_id=str(product))

    def apply(self, code: str) -> None:
        """POST of the cart's form for codes."""
        self.browser.form(f"{PAGES}cart/code", 303, code=code)

    def start(self) -> bool:
        """GET of the review, POST of its button: the page that leads to the gateway."""
        self.browser.get(f"{PAGES}checkout/")
        page = self.browser.form(f"{PAGES}checkout/to_payment", 200, total=LOWERED)
        self.way = {name: unescape(value) for name, value in FIELD.findall(page)}
        return True


class AtOscar:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def add(self, product: Any) -> None:
        """POST of the form on a product's page."""
        self.browser.form(f"/basket/add/{product}/", 302, quantity="1")

    def apply(self, code: str) -> None:
        """POST of the basket's form for vouchers."""
        self.browser.form("/basket/vouchers/add/", 302, code=code)

    def start(self) -> bool:
        """GET of the checkout with the redirects past what nothing is shipped for, to the payment details; then the preview."""
        status, where, text = self.browser.ask("GET", "/checkout/")
        while status == 302:
            status, where, text = self.browser.ask("GET", where)
        if status != 200 or "/checkout/preview/" not in text:
            raise Refused(f"the checkout answered {status} {where}")
        page = self.browser.get("/checkout/preview/")
        return LOWERED in page

    def pay(self) -> None:
        """POST of the preview's button: the payment method says yes, the order is placed, the page of thanks follows."""
        self.browser.form("/checkout/preview/", 302, action="place_order")
