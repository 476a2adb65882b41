"""Orders, receipts and asking for the money back, without scripts."""

from datetime import datetime, timedelta

import pypdfium2
import pytest
from django.test import Client

from corridor.accounts.models import LegalAddress, User
from corridor.kit import clock
from corridor.mitxonline.commerce import refunds
from corridor.mitxonline.commerce.models import RefundRequest
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_sold_run
from corridor.mitxonline.gateways.port import Decision
from tests.fixtures.queries import CountQueries

from .cast import a_code, begin_to_pay, buy, decide, lines_of
from .gateway import PretendGateway
from .test_cart_pages import read, visitor

pytestmark = pytest.mark.django_db
ORDERS = "/mitxonline/orders/"


@pytest.fixture
def ada() -> User:
    person = a_learner()
    address = {"first_name": "Ада", "last_name": "Λάβλεϊς", "country": "JP", "city": "東京", "street_address_1": "शहर 7"}
    LegalAddress.objects.create(user=person, **address)
    return person


def test_who_has_bought_nothing_is_led_to_the_courses(ada: User) -> None:
    assert "You have not bought anything." in read(visitor(ada), ORDERS)
    assert Client().get(ORDERS).status_code == 302


def test_the_history_leads_to_orders_and_receipts(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    html = read(visitor(ada), ORDERS)
    for words in (order.reference_number, "Lanterns LN.01x", "Paid", "$99.00", f'href="/mitxonline/orders/receipt/{order.pk}/"'):
        assert words in html


def test_what_is_in_review_is_in_the_history(ada: User, gateway: PretendGateway) -> None:
    payment = begin_to_pay(ada, gateway, a_sold_run())
    assert payment.reference_number not in read(visitor(ada), ORDERS)
    decide(gateway, payment, Decision.REVIEW)
    html = read(visitor(ada), ORDERS)
    assert (payment.reference_number in html, "In review" in html, "Receipt" in html) == (True, True, False)


def test_what_was_declined_can_be_paid_again(ada: User, gateway: PretendGateway) -> None:
    payment = begin_to_pay(ada, gateway, a_sold_run())
    decide(gateway, payment, Decision.DECLINED)
    client = visitor(ada)
    html = read(client, f"{ORDERS}{payment.reference_number}/")
    assert "Try another card" in html
    assert 'href="/mitxonline/cart/">Back to the cart' in html
    assert "Lanterns LN.01x" in read(client)


def test_a_receipt_keeps_what_was_so_when_it_was_paid(ada: User, gateway: PretendGateway) -> None:
    a_code("SPRING", "20")
    order = buy(ada, gateway, a_sold_run(), code="SPRING")
    LegalAddress.objects.filter(user=ada).update(first_name="Other", country="FR")
    html = read(visitor(ada), f"{ORDERS}receipt/{order.pk}/")
    for words in ("Ада Λάβλεϊς", "Japan", "Visa ending in 1111", "$19.80", "$79.20", order.reference_number):
        assert words in html
    assert "Other" not in html


def test_a_receipt_can_be_printed_in_any_script(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    answer = visitor(ada).get(f"{ORDERS}receipt/{order.pk}.pdf")
    assert (answer["Content-Type"], order.reference_number in answer["Content-Disposition"]) == ("application/pdf", True)
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    for words in ("Ада", "Λάβλεϊς", "東京", "Lanterns LN.01x", "$99.00", "Visa ending in 1111"):
        assert words in text


def test_a_receipt_tells_what_went_back(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    owed = refunds.refund(order.pk, lines={lines_of(order)[0].pk: None}, actor=None, reason="Asked.")
    refunds.send(owed.pk)
    html = read(visitor(ada), f"{ORDERS}receipt/{order.pk}/")
    for words in ("Refunded on March 2, 2026", "−$99.00", "Paid in the end", "$0.00"):
        assert words in html
    assert "has gone back to you" in read(visitor(ada), f"{ORDERS}{order.reference_number}/")


def test_receipts_are_of_their_purchaser(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    other = visitor(a_learner("grace@example.org"))
    for path in (f"receipt/{order.pk}/", f"receipt/{order.pk}.pdf", f"{order.reference_number}/", f"{order.reference_number}/refund/"):
        read(other, f"{ORDERS}{path}", 404)


def test_the_money_is_asked_back_by_a_form(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    client, place = visitor(ada), f"{ORDERS}{order.reference_number}/"
    assert "Ask for the money back" in read(client, place)
    assert "Tick this" in client.post(f"{place}refund/", {"reason": "other"}).text
    sent = client.post(f"{place}refund/", {"reason": "financial_reasons", "text": "Rent.", "consent": "on"})
    assert (sent.status_code, sent["Location"]) == (303, place)
    assert RefundRequest.objects.get().refund_reason_text == "Rent."
    html = read(client, place)
    assert "You have asked for your money back." in html
    assert "refund/" not in html


def test_it_is_too_late_to_ask_after_a_week(ada: User, gateway: PretendGateway, frozen_clock: datetime) -> None:
    order = buy(ada, gateway, a_sold_run())
    place = f"{ORDERS}{order.reference_number}/"
    with clock.fixed(frozen_clock + timedelta(days=8)):
        client = visitor(ada)
        assert "refund/" not in read(client, place)
        assert client.get(f"{place}refund/")["Location"] == place


def test_queries_of_the_history_do_not_grow(ada: User, gateway: PretendGateway, count_queries: CountQueries) -> None:
    buy(ada, gateway, a_sold_run())
    client = visitor(ada)
    with count_queries("mitxonline: orders"):
        read(client, ORDERS)
    for number in range(3):
        buy(ada, gateway, a_sold_run(f"LN.1{number}x"))
    with count_queries("mitxonline: orders"):
        read(client, ORDERS)
