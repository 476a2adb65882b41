"""Checkout, from the review to the gateway and back."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from corridor.accounts.models import LegalAddress, Profile, User
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.catalog.tests.cast import at
from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_sold_run
from corridor.mitxonline.gateways.port import Decision, Notice
from corridor.mitxonline.ledger.models import Case, GatewayNotice

from .cast import a_code, begin_to_pay, put_into_cart
from .gateway import PretendGateway
from .test_cart_pages import read, visitor

pytestmark = pytest.mark.django_db
CHECKOUT, PAY = "/mitxonline/checkout/", "/mitxonline/checkout/to_payment"
RESULT, NOTIFIED = "/mitxonline/checkout/result/", "/mitxonline/api/checkout/result/"


@pytest.fixture
def ada(gateway: PretendGateway) -> User:
    """Has told what buying asks for."""
    person = a_learner()
    LegalAddress.objects.update_or_create(user=person, defaults={"first_name": "Ada", "last_name": "Lovelace", "country": "FR"})
    Profile.objects.update_or_create(user=person, defaults={"year_of_birth": 1990})
    return person


def pay(client: Client, total: str = "99.00") -> Any:
    return client.post(PAY, {"total": total})


def back(client: Client, notice: Notice, address: str = RESULT, signature: str = "good") -> Any:
    return client.post(address, {"event": notice.event_id, "signature": signature})


def said(answer: Any) -> Any:
    return json.loads(unquote(answer.cookies["user-message"].value))["type"]


def test_checkout_asks_to_sign_in_first() -> None:
    answer = Client().get(CHECKOUT)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={CHECKOUT}")


def test_everything_is_shown_once_more(ada: User) -> None:
    put_into_cart(ada, a_sold_run())
    html = read(visitor(ada), CHECKOUT)
    for words in ("Ada Lovelace", "France", "Pay $99.00", "Within 7 days"):
        assert words in html


def test_what_buying_has_to_know_is_asked_for_right_there(ada: User) -> None:
    put_into_cart(ada, a_sold_run())
    LegalAddress.objects.filter(user=ada).delete()
    Profile.objects.filter(user=ada).update(year_of_birth=None, company="Engines")
    client = visitor(ada)
    html = read(client, CHECKOUT)
    assert "Pay $" not in html
    assert pay(client)["Location"] == CHECKOUT
    assert Order.objects.count() == 0
    told = {"first_name": "Ada", "last_name": "Lovelace", "country": "US", "state": "US-MA", "year_of_birth": "1990"}
    assert "Write the postal code as in 02139" in client.post(CHECKOUT, told).text
    assert client.post(CHECKOUT, told | {"postal_code": "02139"})["Location"] == CHECKOUT
    assert "Pay $99.00" in read(client, CHECKOUT)
    assert Profile.objects.get(user=ada).company == "Engines"


def test_the_way_to_the_gateway_is_a_form_with_a_button(ada: User, gateway: PretendGateway) -> None:
    put_into_cart(ada, a_sold_run())
    client = visitor(ada)
    answer = pay(client)
    assert 'action="https://pay.example/" data-send' in answer.text
    assert "form-action 'self' https://pay.example;" in answer["Content-Security-Policy"]
    assert "pay.example" not in client.get(CHECKOUT)["Content-Security-Policy"]
    assert pay(client).text.split("transaction_uuid")[1] == answer.text.split("transaction_uuid")[1]
    assert len(gateway.begun) == 1


def test_a_link_to_the_way_to_pay_orders_nothing(ada: User) -> None:
    put_into_cart(ada, a_sold_run())
    assert visitor(ada).get(PAY)["Location"] == CHECKOUT
    assert Order.objects.count() == 0


def test_a_price_that_changed_meanwhile_is_shown_before_it_is_paid(ada: User) -> None:
    put_into_cart(ada, a_sold_run())
    answer = pay(visitor(ada), "79.00")
    assert (answer.status_code, "The price has changed" in answer.text, Order.objects.count()) == (409, True, 0)


def test_what_can_no_longer_be_bought_says_so(ada: User) -> None:
    put_into_cart(ada, a_sold_run())
    CourseRun.objects.update(upgrade_deadline=at(1))
    answer = pay(visitor(ada))
    assert (answer.status_code, "can no longer be bought" in answer.text, said(answer)) == (409, True, "course-non-upgradable")


def test_what_costs_nothing_is_enrolled_at_once(ada: User, gateway: PretendGateway) -> None:
    a_code("GIFT", "100")
    put_into_cart(ada, a_sold_run(), code="GIFT")
    client = visitor(ada)
    assert "Enrol, nothing to pay" in read(client, CHECKOUT)
    answer = pay(client, "0.00")
    assert (answer.status_code, answer["Location"], said(answer)) == (303, "/mitxonline/dashboard/", "payment-accepted-no-value")
    assert RunEnrollment.objects.get(user=ada).mode == "verified"
    assert not gateway.begun


def test_a_gateway_that_is_away_leaves_the_cart(ada: User, gateway: PretendGateway) -> None:
    put_into_cart(ada, a_sold_run())
    gateway.down = True
    answer = pay(visitor(ada))
    assert (answer.status_code, "It is down." in answer.text) == (503, True)
    gateway.down = False
    assert pay(visitor(ada)).status_code == 200
    assert Order.objects.count() == 1


# --- back from the gateway


@pytest.mark.parametrize(
    ("decision", "type", "words"),
    [
        (Decision.REVIEW, "payment-review", "is reviewing"),
        (Decision.DECLINED, "payment-declined", "was declined"),
        (Decision.CANCELED, "payment-cancelled", "was not paid"),
        (Decision.ERROR, "payment-error", "failed at our payment service"),
    ],
)
def test_the_browser_is_led_to_its_order(ada: User, gateway: PretendGateway, decision: Decision, type: str, words: str) -> None:
    payment = begin_to_pay(ada, gateway, a_sold_run())
    answer = back(Client(), gateway.decide(payment, decision))
    assert (answer.status_code, answer["Location"], said(answer)) == (303, f"/mitxonline/orders/{payment.reference_number}/", type)
    assert words in read(visitor(ada), answer["Location"])


def test_who_has_paid_is_led_to_their_courses(ada: User, gateway: PretendGateway) -> None:
    notice = gateway.decide(begin_to_pay(ada, gateway, a_sold_run()))
    for _ in range(2):
        answer = back(Client(), notice)
        assert (answer["Location"], said(answer)) == ("/mitxonline/dashboard/", "payment-accepted")
    assert RunEnrollment.objects.get(user=ada).mode == "verified"


def test_a_browser_that_brings_a_forgery_learns_and_changes_nothing(ada: User, gateway: PretendGateway) -> None:
    payment = begin_to_pay(ada, gateway, a_sold_run())
    answer = back(Client(), gateway.decide(payment), signature="bad")
    assert (answer["Location"], said(answer)) == ("/mitxonline/orders/", "payment-error-unknown")
    assert Order.objects.get().state == "pending"
    assert Case.objects.get().kind == "notice_refused"


def test_a_way_back_from_a_gateway_that_is_not_ours_leads_to_the_orders() -> None:
    answer = Client().get(f"{RESULT}?session_id=cs_1")
    assert (answer.status_code, answer["Location"], said(answer)) == (303, "/mitxonline/orders/", "payment-error-unknown")


def test_the_order_of_another_is_nobodys_to_see(ada: User, gateway: PretendGateway) -> None:
    payment = begin_to_pay(ada, gateway, a_sold_run())
    read(visitor(a_learner("grace@example.org")), f"/mitxonline/orders/{payment.reference_number}/", 404)
    assert Client().get(f"/mitxonline/orders/{payment.reference_number}/").status_code == 302


def test_an_order_that_waits_looks_again_by_itself(ada: User, gateway: PretendGateway) -> None:
    payment = begin_to_pay(ada, gateway, a_sold_run())
    html = read(visitor(ada), f"/mitxonline/orders/{payment.reference_number}/")
    assert '<meta http-equiv="refresh" content="5">' in html
    assert "is being confirmed" in html
    back(Client(), gateway.decide(payment), NOTIFIED)
    html = read(visitor(ada), f"/mitxonline/orders/{payment.reference_number}/")
    assert "refresh" not in html
    assert "Visa ending in 1111" in html


# --- servers


def test_a_notification_is_answered_as_its_signature_deserves(ada: User, gateway: PretendGateway) -> None:
    notice = gateway.decide(begin_to_pay(ada, gateway, a_sold_run()))
    client = Client(enforce_csrf_checks=True)
    assert back(client, notice, NOTIFIED, signature="bad").status_code == 401
    assert Order.objects.get().state == "pending"
    assert [back(client, notice, NOTIFIED).status_code for _ in range(2)] == [200, 200]
    assert Order.objects.get().state == "fulfilled"
    unknown = gateway.decide(next(iter(gateway.begun.values())), reference_number="mitxonline-local-999999", attempt=None)
    assert back(client, unknown, NOTIFIED).status_code == 404
    assert set(Case.objects.values_list("kind", flat=True)) == {"notice_refused", "unknown_order"}


def test_a_notification_has_its_limits(ada: User) -> None:
    assert Client().get(NOTIFIED).status_code == 405
    answer = Client().post(NOTIFIED, "x" * 65_537, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"], GatewayNotice.objects.count()) == (413, "body_too_large", 0)


def test_events_of_stripe_have_their_own_address(ada: User, gateway: PretendGateway) -> None:
    notice = gateway.decide(begin_to_pay(ada, gateway, a_sold_run()))
    assert back(Client(), notice, "/mitxonline/webhook/stripe/").status_code == 200
    assert Order.objects.get().state == "fulfilled"
