"""From a course's page to the verified track, at a payment service that is played: paying, being refused, being reviewed, paying nothing."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from corridor.accounts.models import LegalAddress, Profile, User
from corridor.accounts.tests.cast import PASSWORD, make_person
from corridor.kit import clock
from corridor.mitxonline.catalog import documents
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_sold_run
from corridor.mitxonline.ledger.models import Transaction
from tests.fixtures.payments import PlayedPayments
from tests.fixtures.site import database_url, free_port, served

from .test_accessibility import WIDTHS, wrong_with

pytestmark = pytest.mark.browser
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
PAID = re.compile("/mitxonline/dashboard/")
AN_ORDER = re.compile("/mitxonline/orders/mitxonline-")


@pytest.fixture(scope="module")
def shop_address(django_db_setup: None, played_payments: PlayedPayments) -> Iterator[str]:
    """The site on the tests' database, whose payments are played and told to it."""
    environment = {**os.environ, **played_payments.variables, "DATABASE_URL": database_url()}
    with served(environment, free_port()) as address:
        staff, browser = f"{played_payments.address}/payments/", requests.Session()
        token = TOKEN.search(browser.get(staff, timeout=20).text)
        assert token
        told = {"cybersource_address": f"{address}/mitxonline/api/checkout/result/", "csrfmiddlewaretoken": token[1]}
        assert browser.post(f"{staff}settings/", told, timeout=20).ok
        yield address


@pytest.fixture
def shop(shop_address: str, transactional_db: None, fresh_limits: None) -> str:
    return shop_address


@pytest.fixture
def ada(shop: str) -> User:
    """Has told what buying asks for."""
    person = make_person()
    LegalAddress.objects.create(user=person, first_name="Ada", last_name="Lovelace", country="FR")
    Profile.objects.create(user=person, year_of_birth=1990)
    return person


@pytest.fixture
def run(shop: str) -> CourseRun:
    """Under way, and on the shelf."""
    now = clock.now()
    dates: dict[str, Any] = {
        "start_date": now - timedelta(days=7),
        "end_date": now + timedelta(days=60),
        "enrollment_start": now - timedelta(days=30),
    }
    with transaction.atomic():
        made = a_sold_run(**dates)
        documents.publish(courses=[made.course_id])
    return made


def sign_in(page: Page, shop: str) -> None:
    page.goto(f"{shop}/accounts/login/?next=/mitxonline/")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{shop}/mitxonline/")


def to_the_gateway(page: Page, shop: str) -> None:
    page.goto(f"{shop}/mitxonline/checkout/")
    page.get_by_role("button", name=re.compile(r"^Pay \$")).click()
    expect(page.get_by_role("heading", name=re.compile(r"^Pay .* USD$"))).to_be_visible()


def pay(page: Page, choice: str = "accepted", notify: str = "once") -> None:
    page.locator(f'input[name="choice"][value="{choice}"]').check()
    page.locator(f'input[name="notify"][value="{notify}"]').check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()


def put_in(page: Page, shop: str, run: CourseRun) -> None:
    page.goto(f"{shop}/mitxonline/cart/add?course_id={run.course.readable_id.replace('+', '%2B')}")
    page.get_by_role("button", name="Put it into the cart").click()


def test_from_the_course_to_the_dashboard(shop: str, ada: User, run: CourseRun, page: Page) -> None:
    """The cart is filled before signing in."""
    Discount.objects.create(discount_code="SPRING", amount=Decimal(20), discount_type="percent-off", redemption_type="unlimited")
    page.goto(f"{shop}/mitxonline/courses/{run.course.readable_id}/")
    page.get_by_role("link", name=re.compile("Get the verified track")).first.click()
    page.get_by_role("button", name="Put it into the cart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    page.get_by_label("Discount code").fill("nothing")
    page.get_by_role("button", name="Apply the code").click()
    expect(page.get_by_text("There is no code nothing.")).to_be_visible()
    page.get_by_label("Discount code").fill("spring")
    page.get_by_role("button", name="Apply the code").click()
    expect(page.get_by_label("Total")).to_contain_text("$79.20")
    page.get_by_role("link", name="Sign in and check out").click()
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Pay $79.20").click()
    pay(page, notify="twice")
    page.wait_for_url(PAID)
    expect(page.get_by_text("Your payment has arrived")).to_be_visible()
    expect(page.get_by_text("Verified track").first).to_be_visible()
    assert RunEnrollment.objects.get(user=ada).mode == "verified"
    assert Transaction.objects.count() == 1
    page.goto(f"{shop}/mitxonline/orders/")
    page.get_by_role("link", name=re.compile("^Receipt")).click()
    expect(page.get_by_text("Visa ending in 1111")).to_be_visible()


def test_who_is_declined_is_told_what_to_do_and_pays_again(shop: str, ada: User, run: CourseRun, page: Page) -> None:
    sign_in(page, shop)
    put_in(page, shop, run)
    to_the_gateway(page, shop)
    pay(page, "declined")
    page.wait_for_url(AN_ORDER)
    expect(page.get_by_text("Try another card")).to_be_visible()
    page.get_by_role("link", name="Back to the cart").click()
    page.get_by_role("link", name="Check out").click()
    page.get_by_role("button", name="Pay $99.00").click()
    pay(page)
    page.wait_for_url(PAID)
    assert sorted(Order.objects.values_list("state", flat=True)) in (["declined", "fulfilled"], ["fulfilled"])


def test_what_is_reviewed_is_approved_later(shop: str, ada: User, run: CourseRun, page: Page, played_payments: PlayedPayments) -> None:
    sign_in(page, shop)
    put_in(page, shop, run)
    to_the_gateway(page, shop)
    pay(page, "review")
    page.wait_for_url(AN_ORDER)
    expect(page.get_by_role("heading", level=1)).to_have_text("In review")
    order = page.url
    page.goto(f"{played_payments.address}/payments/")
    page.get_by_role("button", name="Approve").first.click()
    page.goto(order)
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid")


def test_a_notification_that_is_late_is_waited_for(shop: str, ada: User, run: CourseRun, page: Page) -> None:
    """The browser is closed at the payment service, and opened later at the order."""
    sign_in(page, shop)
    put_in(page, shop, run)
    to_the_gateway(page, shop)
    page.get_by_label("Seconds until then").fill("3")
    page.locator('input[name="stay"]').check()
    pay(page, notify="later")
    page.goto(f"{shop}/mitxonline/orders/{Order.objects.get().reference_number}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid", timeout=30_000)


def test_what_costs_nothing_skips_the_gateway(shop: str, ada: User, run: CourseRun, browser: Browser) -> None:
    """Without scripts."""
    Discount.objects.create(discount_code="GIFT", amount=Decimal(100), discount_type="percent-off", redemption_type="one-time")
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, shop)
        put_in(page, shop, run)
        page.get_by_label("Discount code").fill("GIFT")
        page.get_by_role("button", name="Apply the code").click()
        page.get_by_role("link", name="Check out").click()
        page.get_by_role("button", name="Enrol, nothing to pay").click()
        page.wait_for_url(PAID)
        expect(page.get_by_text("You are enrolled. There was nothing to pay")).to_be_visible()
    assert Order.objects.get().gateway_type == ""


def test_paying_needs_no_scripts_on_our_side(shop: str, ada: User, run: CourseRun, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, shop)
        put_in(page, shop, run)
        page.goto(f"{shop}/mitxonline/checkout/")
        page.get_by_role("button", name="Pay $99.00").click()
        page.get_by_role("button", name="Go and pay").click()
        pay(page)
        page.get_by_role("button", name="Go back").click()
        page.wait_for_url(PAID)
    assert Order.objects.get().state == "fulfilled"


def test_nothing_is_in_the_way_of_buying(shop: str, ada: User, run: CourseRun, page: Page) -> None:
    """Every page of it, by day and by night, on a phone and on a wide screen."""
    Discount.objects.create(discount_code="GIFT", amount=Decimal(100), discount_type="percent-off", redemption_type="unlimited")
    page.emulate_media(reduced_motion="reduce")
    page.route("**/payments/**", lambda route: route.fulfill(status=204))  # the browser stays where it is
    sign_in(page, shop)
    put_in(page, shop, run)
    wrong = seen_wrong(page, [f"{shop}/mitxonline/cart/", f"{shop}/mitxonline/checkout/"])
    page.get_by_role("button", name="Pay $99.00").click()
    expect(page.get_by_role("button", name="Go and pay")).to_be_visible()
    wrong += seen_wrong(page, [page.url])
    order = f"{shop}/mitxonline/orders/{Order.objects.get().reference_number}/"
    page.goto(f"{shop}/mitxonline/cart/")
    page.get_by_label("Discount code").fill("GIFT")
    page.get_by_role("button", name="Apply the code").click()
    page.goto(f"{shop}/mitxonline/checkout/")
    page.get_by_role("button", name="Enrol, nothing to pay").click()
    page.wait_for_url(PAID)
    paid = Order.objects.latest("id")
    places = [
        order,
        f"{shop}/mitxonline/orders/",
        f"{shop}/mitxonline/orders/{paid.reference_number}/",
        f"{shop}/mitxonline/orders/receipt/{paid.pk}/",
    ]
    assert wrong + seen_wrong(page, places) == []


def seen_wrong(page: Page, addresses: list[str]) -> list[Any]:
    wrong = []
    for address in addresses:
        if address != page.url:
            page.goto(address)
        wrong += [(address, width, found) for width in WIDTHS for found in wrong_with(page, width)]
    return wrong
