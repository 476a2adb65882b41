"""Orders by the API, as their purchasers see them."""

from collections.abc import Iterator

import pytest
from django.test import Client

from corridor.accounts.models import LegalAddress, User
from corridor.mitxonline.commerce.tests.cast import a_code, begin_to_pay, buy
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_sold_run
from tests.fixtures.queries import CountQueries

from .staff import ROOT, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(frozen_clock: object) -> Iterator[PretendGateway]:
    made = PretendGateway()
    with in_place_of_all(made):
        yield made


@pytest.fixture
def ada() -> User:
    person = a_learner()
    address = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "country": "US",
        "state": "US-MA",
        "street_address_1": "1 Main St",
        "city": "Cambridge",
    }
    LegalAddress.objects.create(user=person, postal_code="02139", **address)
    return person


def test_the_history_tells_what_was_bought(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    client = signed_in(ada)
    (told,) = client.get(f"{ROOT}orders/history/").json()["results"]
    assert (told["reference_number"], told["state"], told["total_price_paid"]) == (order.reference_number, "fulfilled", "99.00")
    assert (told["titles"], told["refund_eligible"], told["purchaser"]["id"]) == (["Lanterns LN.01x"], True, ada.pk)
    assert client.get(f"{ROOT}orders/history/{order.pk}/").json() == told


def test_the_receipt_tells_who_paid_and_how(ada: User, gateway: PretendGateway) -> None:
    a_code("SPRING", "20")
    order = buy(ada, gateway, a_sold_run(), code="SPRING")
    LegalAddress.objects.filter(user=ada).update(city="Boston")
    told = signed_in(ada).get(f"{ROOT}orders/receipt/{order.pk}/").json()
    assert told["purchaser"]["first_name"] == "Ada"
    assert told["street_address"] == {
        "line": ["1 Main St"], "postal_code": "02139", "state": "US-MA", "city": "Cambridge", "country": "US",
    }  # fmt: skip
    assert (told["transactions"]["card_number"], told["transactions"]["card_type"]) == ("xxxxxxxxxxxx1111", "Visa")
    (line,) = told["lines"]
    assert (line["price"], line["discount"], line["total_paid"], line["content_type"]) == ("99.00", "19.80", "79.20", "courserun")
    assert told["discounts"][0]["redeemed_discount"]["discount_code"] == "SPRING"


def test_a_state_is_asked_by_number_or_reference(ada: User, gateway: PretendGateway) -> None:
    reference = begin_to_pay(ada, gateway, a_sold_run()).reference_number
    client = signed_in(ada)
    told = client.get(f"{ROOT}orders/status/{reference}/").json()
    assert (told["state"], told["reference_number"]) == ("pending", reference)
    assert client.get(f"{ROOT}orders/status/{told['id']}/").json() == told
    assert client.get(f"{ROOT}orders/receipt/{told['id']}/").status_code == 404


def test_orders_of_others_are_not_there(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    other = signed_in(a_learner("grace@example.org"))
    for path in (f"history/{order.pk}/", f"receipt/{order.pk}/", f"status/{order.pk}/", f"status/{order.reference_number}/"):
        assert other.get(f"{ROOT}orders/{path}").status_code == 404
        assert Client().get(f"{ROOT}orders/{path}").status_code == 401
    assert send(other, "POST", "orders/refund-requests/", {"order": order.pk, "consent_given": True}).status_code == 404
    assert other.get(f"{ROOT}orders/history/").json()["count"] == 0


def test_the_money_can_be_asked_back_once(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    client = signed_in(ada)
    body = {"order": order.pk, "refund_reason": "financial_reasons", "refund_reason_text": "Rent.", "consent_given": True}
    answer = send(client, "POST", "orders/refund-requests/", body)
    assert (answer.status_code, answer.json()) == (201, body)
    again = send(client, "POST", "orders/refund-requests/", body)
    assert (again.status_code, again.json()["code"]) == (409, "refund_request_open")
    assert client.get(f"{ROOT}orders/history/{order.pk}/").json()["refund_eligible"] is False


def test_money_goes_back_with_consent_alone(ada: User, gateway: PretendGateway) -> None:
    order = buy(ada, gateway, a_sold_run())
    assert send(signed_in(ada), "POST", "orders/refund-requests/", {"order": order.pk}).status_code in (400, 409)


def test_queries_of_the_history_do_not_grow(ada: User, gateway: PretendGateway, count_queries: CountQueries) -> None:
    buy(ada, gateway, a_sold_run())
    client = signed_in(ada)
    with count_queries("mitxonline api: order history"):
        client.get(f"{ROOT}orders/history/")
    for number in range(3):
        buy(ada, gateway, a_sold_run(f"LN.1{number}x"))
    with count_queries("mitxonline api: order history"):
        assert client.get(f"{ROOT}orders/history/").json()["count"] == 4
