"""The cart's pages, without scripts."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client

from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import a_product, a_program, at
from corridor.mitxonline.commerce.models import Basket, BasketItem
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_sold_run
from tests.fixtures.queries import CountQueries

from .cast import a_code, product_of, put_into_cart

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
HTML = {"Accept": "text/html"}
CART = "/mitxonline/cart/"


def read(client: Client, address: str = CART, status: int = 200) -> str:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status, answer.content
    return answer.text


def visitor(person: object = None) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def test_an_empty_cart_leads_to_the_courses() -> None:
    html = read(Client())
    assert "Nothing is in it." in html
    assert 'class="button" href="/mitxonline/"' in html


def test_a_course_is_put_in_and_taken_out_by_forms() -> None:
    client, run = Client(), a_sold_run()
    answer = client.post("/mitxonline/cart/add", {"product_id": product_of(run).pk})
    assert (answer.status_code, answer["Location"]) == (303, CART)
    html = read(client)
    for words in (run.title, "Verified track of a course", "$99.00", "Sign in and check out", 'Cart <span class="count">1</span>'):
        assert words in html
    client.post("/mitxonline/cart/remove", {"item": BasketItem.objects.get().pk})
    assert "Nothing is in it." in read(client)
    assert 'Cart <span class="count">' not in read(client)


@pytest.mark.parametrize("name", ["product_id", "course_run_id", "course_id", "program_id"])
def test_a_link_to_the_cart_asks_before_it_adds(name: str) -> None:
    run, program = a_sold_run(), a_program()
    sold = {"product_id": product_of(run).pk, "course_run_id": run.courseware_id, "course_id": run.course.readable_id}
    a_product(program, "450.00")
    key = sold.get(name, program.readable_id)
    html = read(Client(), f"/mitxonline/cart/add?{name}={str(key).replace('+', '%2B')}")
    assert "Put it into the cart" in html
    assert BasketItem.objects.count() == 0


@pytest.mark.parametrize(
    "asked", ["", "?product_id=0", "?product_id=x", "?product_id=99999999999999999999", "?course_id=%00", "?program_id=none"]
)
def test_a_link_to_nothing_says_so(asked: str) -> None:
    assert "is sold here" in read(Client(), f"/mitxonline/cart/add{asked}", 404)


def test_a_code_lowers_the_line_that_it_is_for() -> None:
    ada, run, other = a_learner(), a_sold_run(), a_sold_run("LN.02x")
    a_code("SPRING", "20", products=[product_of(run)])
    put_into_cart(ada, run, other)
    client = visitor(ada)
    assert client.post("/mitxonline/cart/code", {"code": " spring "})["Location"] == CART
    html = read(client)
    for words in ("The code is counted.", "$19.80 less", "<del>", "Discount SPRING", "$178.20"):
        assert words in html
    assert html.count("<del>") == 1


def test_a_wrong_code_is_said_at_its_field() -> None:
    ada, run = a_learner(), a_sold_run()
    a_code("OLD", expiration_date=at(1))
    put_into_cart(ada, run)
    client = visitor(ada)
    for code, words in (("OLD", "has expired"), ("NONE", "There is no code NONE")):
        answer = client.post("/mitxonline/cart/code", {"code": code})
        assert (answer.status_code, words in answer.text, f'value="{code}" aria-invalid="true"' in answer.text) == (422, True, True)
        assert json.loads(unquote(answer.cookies["user-message"].value)) == {"type": "discount-invalid"}
        assert answer.cookies["user-message"]["max-age"] == 20


def test_what_was_collected_before_signing_in_is_the_persons() -> None:
    ada, first, second = a_learner(), a_sold_run(), a_sold_run("LN.02x")
    put_into_cart(ada, first)
    client = Client()
    client.post("/mitxonline/cart/add", {"product_id": product_of(second).pk})
    client.force_login(ada)
    html = read(client)
    assert first.title in html
    assert second.title in html
    assert Basket.objects.get().user == ada


def test_the_header_asks_nothing_for_those_without_a_cart(count_queries: CountQueries) -> None:
    with count_queries("mitxonline: catalogue, nobody"):
        read(Client(), "/mitxonline/")
    client = Client()
    client.post("/mitxonline/cart/add", {"product_id": product_of(a_sold_run()).pk})
    with count_queries("mitxonline: catalogue, with a cart"):
        assert 'Cart <span class="count">1</span>' in read(client, "/mitxonline/")


def test_queries_of_the_cart_do_not_grow(count_queries: CountQueries) -> None:
    ada = a_learner()
    put_into_cart(ada, a_sold_run())
    client = visitor(ada)
    read(client)
    with count_queries("mitxonline: cart"):
        read(client)
    put_into_cart(ada, *(a_sold_run(f"LN.1{number}x") for number in range(4)))
    with count_queries("mitxonline: cart"):
        read(client)


def test_what_is_sold_no_longer_is_told_in_the_cart() -> None:
    ada, run = a_learner(), a_sold_run()
    put_into_cart(ada, run)
    run.products.update(is_active=False)
    assert "It is not sold any more" in read(visitor(ada))


def test_what_can_be_bought_no_longer_is_told_in_the_cart() -> None:
    ada, run = a_learner(), a_sold_run(upgrade_deadline=clock.now() + timedelta(days=1))
    put_into_cart(ada, run)
    assert "It is not sold any more" not in read(visitor(ada))
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert "It is not sold any more" in read(visitor(ada))
