"""Filling a basket by the API, and leaving with it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from corridor.accounts.models import User
from corridor.accounts.tests.cast import make_person
from corridor.kit import clock
from corridor.mitxonline.catalog.models import CourseRun, Product
from corridor.mitxonline.catalog.tests.cast import NOW, a_course, a_product, a_program, a_run, at
from corridor.mitxonline.commerce.models import Basket, BasketItem
from corridor.mitxonline.discounts.models import Discount
from tests.fixtures.queries import CountQueries

from .staff import ROOT, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def ada() -> User:
    return make_person()


def lanterns(number: str = "LN.01x", price: str = "99.00") -> Product:
    return a_product(a_run(a_course(number), upgrade_deadline=at(20)), price)


def a_code(code: str = "SPRING", amount: str = "20", kind: str = "percent-off", **fields: object) -> Discount:
    told = {"redemption_type": "unlimited", "payment_type": "marketing"} | fields
    return Discount.objects.create(discount_code=code, amount=Decimal(amount), discount_type=kind, **told)


def test_a_product_makes_a_basket(ada: User) -> None:
    product, client = lanterns(), signed_in(ada)
    answer = send(client, "POST", f"baskets/create_from_product/{product.pk}/", {})
    told = answer.json()
    assert (answer.status_code, told["user"], told["total_price"], told["discounts"]) == (201, ada.pk, 99.0, [])
    assert [each["product"]["id"] for each in told["basket_items"]] == [product.pk]
    assert send(client, "POST", f"baskets/create_from_product/{product.pk}/", {}).status_code == 200
    assert client.get(f"{ROOT}baskets/").json() == [client.get(f"{ROOT}baskets/{told['id']}/").json()] == [told]


def test_a_browser_fills_a_basket_before_anybody_signs_in(ada: User) -> None:
    client, product = Client(), lanterns()
    told = send(client, "POST", f"baskets/create_from_product/{product.pk}/", {}).json()
    assert (told["user"], told["anonymous_id"] is not None) == (None, True)
    send(client, "POST", f"baskets/create_from_product/{lanterns('LN.02x').pk}/", {})
    assert Basket.objects.count() == 1
    client.force_login(ada)
    (basket,) = client.get(f"{ROOT}baskets/").json()
    assert (basket["user"], len(basket["basket_items"])) == (ada.pk, 2)
    assert Basket.objects.count() == 1


def test_baskets_are_of_people_who_are_signed_in() -> None:
    for path in ("baskets/", "baskets/1/", "baskets/checkout/", "baskets/1/items/"):
        assert Client().get(f"{ROOT}{path}").status_code == 401
    assert send(Client(), "POST", "baskets/create_with_products/", {"product_ids": [{"product_id": 1}]}).status_code == 401


def test_nobody_reaches_into_the_basket_of_another(ada: User) -> None:
    send(signed_in(ada), "POST", f"baskets/create_from_product/{lanterns().pk}/", {})
    basket, item = Basket.objects.get(), BasketItem.objects.get()
    other = signed_in(make_person("grace@example.org"))
    assert other.get(f"{ROOT}baskets/{basket.pk}/").status_code == 404
    assert other.get(f"{ROOT}baskets/{basket.pk}/items/{item.pk}/").status_code == 404
    assert send(other, "DELETE", f"baskets/{basket.pk}/items/{item.pk}/").status_code == 404
    assert BasketItem.objects.count() == 1


def test_items_come_and_go(ada: User) -> None:
    client, first, second = signed_in(ada), lanterns(), lanterns("LN.02x")
    basket = send(client, "POST", f"baskets/create_from_product/{first.pk}/", {}).json()["id"]
    made = send(client, "POST", f"baskets/{basket}/items/", {"product": second.pk})
    assert (made.status_code, made.json()["product"]) == (201, second.pk)
    listed = client.get(f"{ROOT}baskets/{basket}/items/").json()
    assert [each["product"] for each in listed] == [first.pk, second.pk]
    address = f"baskets/{basket}/items/{made.json()['id']}/"
    assert send(client, "PATCH", address, {"quantity": 1}).json() == client.get(f"{ROOT}{address}").json() == made.json()
    assert send(client, "DELETE", address).status_code == 204
    assert client.get(f"{ROOT}{address}").status_code == 404


def test_several_are_put_in_together_or_not_at_all(ada: User) -> None:
    client = signed_in(ada)
    wanted = [{"product_id": lanterns().pk, "quantity": 1}, {"product_id": a_product(a_program(), "450.00").pk, "quantity": 1}]
    refused = send(client, "POST", "baskets/create_with_products/", {"product_ids": [*wanted, {"product_id": 987654}]})
    assert (refused.status_code, BasketItem.objects.count()) == (404, 0)
    a_code()
    body = {"system_slug": "mitxonline", "product_ids": wanted, "checkout": False, "discount_code": "spring"}
    told = send(client, "POST", "baskets/create_with_products/", body).json()
    assert (told["total_price"], told["discounted_price"]) == (549.0, 439.2)
    assert told["discounts"][0]["redeemed_discount"]["discount_code"] == "SPRING"


def test_checkout_can_be_asked_for_at_once(ada: User) -> None:
    answer = send(signed_in(ada), "POST", f"baskets/create_from_product/{lanterns().pk}/", {"checkout": True})
    assert (answer.status_code, answer["Location"]) == (302, "/mitxonline/checkout/")


def test_a_code_that_does_not_apply_says_why(ada: User) -> None:
    client, product = signed_in(ada), lanterns()
    send(client, "POST", f"baskets/create_from_product/{product.pk}/", {})
    a_code("OLD", expiration_date=at(1))
    refused = send(client, "POST", "baskets/add_discount/?discount_code=OLD")
    assert (refused.status_code, refused.json()["reason"], "expired" in refused.json()["detail"]) == (400, "over", True)
    assert send(client, "POST", "baskets/add_discount/?discount_code=NONE").status_code == 404
    assert send(client, "POST", f"baskets/create_from_product/{lanterns('LN.02x').pk}/OLD/", {}).status_code == 400
    assert BasketItem.objects.count() == 1


def test_clearing_empties_the_basket_of_whoever_asks(ada: User) -> None:
    product = lanterns()
    for client in (signed_in(ada), Client()):
        send(client, "POST", f"baskets/create_from_product/{product.pk}/", {})
        assert send(client, "DELETE", "baskets/clear/").status_code == 204
    assert BasketItem.objects.count() == 0


def test_what_cannot_be_bought_is_told_by_its_published_word(ada: User) -> None:
    client = signed_in(ada)
    assert client.get(f"{ROOT}baskets/checkout/").json()["error"] == "basket-empty"
    product = lanterns()
    send(client, "POST", f"baskets/create_from_product/{product.pk}/", {})
    CourseRun.objects.update(upgrade_deadline=at(1))
    told = client.get(f"{ROOT}baskets/checkout/").json()
    assert (told["error"], told["order_id"], told["payload"]) == ("course-non-upgradable", 0, {})
    assert "can no longer be bought" in told["detail"]


def test_what_costs_nothing_needs_no_gateway(ada: User) -> None:
    client = signed_in(ada)
    a_code("GIFT", "100")
    send(client, "POST", f"baskets/create_from_product/{lanterns().pk}/GIFT/", {})
    told = send(client, "POST", "baskets/checkout/").json()
    assert (told["no_checkout"], told["url"], told["error"]) == (True, "", None)
    assert client.get(f"{ROOT}orders/status/{told['order_id']}/").json()["state"] == "fulfilled"
    assert client.get(f"{ROOT}baskets/").json()[0]["basket_items"] == []


def test_queries_of_baskets_do_not_grow(ada: User, count_queries: CountQueries) -> None:
    client = signed_in(ada)
    a_code()
    send(client, "POST", f"baskets/create_from_product/{lanterns().pk}/SPRING/", {})
    with count_queries("mitxonline api: baskets"):
        client.get(f"{ROOT}baskets/")
    for number in range(5):
        send(client, "POST", f"baskets/create_from_product/{lanterns(f'LN.1{number}x').pk}/", {})
    with count_queries("mitxonline api: baskets"):
        assert len(client.get(f"{ROOT}baskets/").json()[0]["basket_items"]) == 6
    with count_queries("mitxonline api: add to basket"):
        send(client, "POST", f"baskets/create_from_product/{lanterns('LN.20x').pk}/", {})


@pytest.mark.django_db(transaction=True)
def test_two_who_add_at_once_fill_one_basket(ada: User) -> None:
    products, together = [lanterns(), lanterns("LN.02x")], Barrier(2)

    def add(product: Product) -> int:
        client = signed_in(ada)
        together.wait(5)
        try:
            return int(send(client, "POST", f"baskets/create_from_product/{product.pk}/", {}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        statuses = sorted(threads.map(add, products))
    assert set(statuses) <= {200, 201}
    assert Basket.objects.get().items.count() == 2
