"""Orders, refunds, cases, discounts and products."""

import csv
import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog.models import ProductVersion
from corridor.mitxonline.commerce import refunds
from corridor.mitxonline.commerce.models import Refund, RefundRequest
from corridor.mitxonline.commerce.tests.cast import buy, lines_of, product_of
from corridor.mitxonline.commerce.tests.gateway import PretendGateway
from corridor.mitxonline.console.base import cell
from corridor.mitxonline.console.telling import CASES, FINDINGS
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.models import Entitlement
from corridor.mitxonline.enrollments.tests.cast import a_learner
from corridor.mitxonline.ledger.models import Case
from corridor.mitxonline.ledger.vocabulary import CaseKind
from corridor.mitxonline.reconciliation.vocabulary import FindingKind
from tests.fixtures.queries import CountQueries

from .cast import World
from .test_learner_pages import do, text

pytestmark = pytest.mark.django_db


def rows(client: Client, name: str, asked: str = "") -> list[dict[str, str]]:
    answer = client.get(reverse(f"registrar:{name}") + f"?export=csv{asked}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(answer.getvalue().decode().splitlines()))


def refunding(world: World, amount: str, **more: Any) -> dict[str, Any]:
    return {f"line_{lines_of(world.order)[0].pk}": amount, "once": uuid4(), **more}


# --- orders


@pytest.mark.parametrize("asked", ["reference", "T1", "ada@example"])
def test_orders_are_found_by_what_staff_know(client: Client, world: World, gateway: PretendGateway, asked: str) -> None:
    other = buy(a_learner("bob@example.org"), gateway, world.other_run)
    page = text(client, "orders", f"?q={world.order.reference_number if asked == 'reference' else asked}")
    assert world.order.reference_number in page
    assert other.reference_number not in page


def test_orders_are_narrowed_and_taken_along(client: Client, world: World, count_queries: CountQueries) -> None:
    assert world.order.reference_number not in text(client, "orders", "?state=refunded")
    assert world.order.reference_number in text(client, "orders", "?with_case=true&gateway_type=CyberSource")
    assert [(row["order"], row["total"], row["email"]) for row in rows(client, "orders")] == [
        (world.order.reference_number, "79.20", world.ada.email)
    ]
    assert rows(client, "orders", "&state=refunded") == []
    with count_queries("registrar: orders"):
        text(client, "orders")


def test_an_order_shows_its_books(client: Client, world: World, count_queries: CountQueries) -> None:
    with count_queries("registrar: order"):
        page = text(client, "order", pk=world.order.pk)
    for told in (
        "$79.20",
        "−$79.20",
        "−$19.80",
        "Held by the gateway",
        "Sold",
        "CyberSource, server",
        "Applied",
        "LANTERN",
        "The payer disputes it.",
    ):
        assert told in page, told


def test_a_part_of_a_line_goes_back_and_the_seat_stays(client: Client, world: World) -> None:
    assert "$20.00 go back" in do(client, "refund", refunding(world, "20.00"), pk=world.order.pk)
    owed = Refund.objects.get()
    refunds.send(owed.pk)
    assert (owed.amount, owed.reason, owed.actor and owed.actor.username) == (Decimal("20.00"), "A letter of theirs", "registrar")
    page = text(client, "order", pk=world.order.pk)
    assert "$59.20" in page
    assert "partially refunded" in page.lower()
    assert Entitlement.objects.get(user=world.ada).ended_on is None


def test_a_whole_line_goes_back_with_its_seat_unless_it_is_kept(client: Client, world: World) -> None:
    do(client, "refund", refunding(world, "79.20", keeps_seats="on"), pk=world.order.pk)
    refunds.send(Refund.objects.get().pk)
    assert Entitlement.objects.get(user=world.ada).ended_on is None
    assert reverse("registrar:refund", args=[world.order.pk]) not in text(client, "order", pk=world.order.pk)


def test_a_form_that_is_sent_twice_refunds_once(client: Client, world: World) -> None:
    sent = refunding(world, "20.00")
    do(client, "refund", sent, pk=world.order.pk)
    do(client, "refund", sent, pk=world.order.pk)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("amount", ["0", "79.21", "-1", "ten", "NaN", ""])
def test_what_cannot_go_back_does_not(client: Client, world: World, amount: str) -> None:
    assert "<form" in do(client, "refund", refunding(world, amount), pk=world.order.pk)
    assert not Refund.objects.exists()


# --- requests and cases


def test_the_first_page_says_what_waits(client: Client, world: World) -> None:
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    for label in ("Open cases", "Refund requests", "Stuck pushes", "What does not agree"):
        assert re.search(rf"<dt>{label}</dt><dd><a href=[^>]*>1</a>", page), label


def test_a_request_is_approved_and_all_goes_back(client: Client, world: World) -> None:
    assert "I moved to the mountains." in text(client, "request", pk=world.request.pk)
    assert "is refunded" in do(client, "approve", pk=world.request.pk)
    assert Refund.objects.get().amount == Decimal("79.20")
    assert RefundRequest.objects.get().status == "approved"
    assert "<form" in do(client, "deny", pk=world.request.pk)


def test_a_request_is_denied_with_words_and_nothing_goes_back(client: Client, world: World) -> None:
    assert "was denied" in do(client, "deny", pk=world.request.pk)
    assert not Refund.objects.exists()
    assert AuditEntry.objects.get(code="refund.denied").cause == "A letter of theirs"
    assert rows(client, "requests")[0]["state"] == "denied"


def test_a_case_says_what_to_do_and_is_closed_with_a_note(client: Client, world: World) -> None:
    assert "Answer the dispute" in text(client, "case", pk=world.case.pk)
    assert "is closed" in do(client, "close_case", {"reason": "Won it."}, pk=world.case.pk)
    case = Case.objects.get()
    assert (case.note, case.closed_by and case.closed_by.username) == ("Won it.", "registrar")
    assert "There is no open case" in do(client, "close_case", pk=world.case.pk)
    assert "The payer disputes it." not in text(client, "cases", "?open=true")
    assert rows(client, "cases", "&open=false")[0]["note"] == "Won it."


def test_there_is_something_to_do_about_everything() -> None:
    assert set(CASES) == set(CaseKind)
    assert set(FINDINGS) == set(FindingKind)


@pytest.mark.parametrize(("value", "shown"), [("=1+1", "'=1+1"), ("@x", "'@x"), (None, ""), (Decimal("1.50"), "1.50"), ("a,b", "a,b")])
def test_a_cell_is_no_formula(value: object, shown: str) -> None:
    assert cell(value) == shown


# --- discounts


def a_form(**changed: Any) -> dict[str, Any]:
    told = {
        "discount_code": "SPRING",
        "discount_type": "percent-off",
        "amount": "10",
        "redemption_type": "one-time",
        "max_redemptions": "0",
    }
    return told | {"is_active": "on"} | changed


def test_a_discount_is_made_for_what_it_names(client: Client, world: World) -> None:
    said = do(client, "add_discount", a_form(products=world.run.courseware_id))
    assert said == "SPRING is 10 % off."
    made = Discount.objects.get(discount_code="SPRING")
    assert list(made.products.all()) == [product_of(world.run)]
    assert AuditEntry.objects.filter(object_type="discount", object_id=str(made.pk), cause="A letter of theirs").exists()
    assert world.run.courseware_id in text(client, "discount", pk=made.pk)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "101"}, "At most 100 percent"),
        ({"discount_code": "lantern"}, "already"),
        ({"products": "LN.404x"}, "Nothing is for sale under"),
    ],
)
def test_what_a_discount_cannot_be_is_told(client: Client, world: World, changed: dict[str, str], said: str) -> None:
    assert said in do(client, "add_discount", a_form(**changed))
    assert Discount.objects.count() == 1


def test_a_discount_is_changed_and_meant_for_somebody(client: Client, world: World) -> None:
    bob = a_learner("bob@example.org")
    assert 'value="20.00"' in text(client, "edit_discount", pk=world.discount.pk)
    form = a_form(discount_code="LANTERN", amount="30", redemption_type="unlimited")
    assert "was changed" in do(client, "edit_discount", form, pk=world.discount.pk)
    world.discount.refresh_from_db()
    assert (world.discount.amount, world.discount.products.count()) == (30, 0)
    assert "is meant for" in do(client, "assign_discount", {"email": "BOB@example.org"}, pk=world.discount.pk)
    assert world.discount.assignees.filter(user=bob).exists()
    assert "Nobody here has" in do(client, "assign_discount", {"email": "no@example.org"}, pk=world.discount.pk)


def test_many_codes_come_as_a_file(client: Client, world: World) -> None:
    sent = a_form(begins="TEAM-", count="3", products=world.run.courseware_id, reason="A team")
    made = list(csv.DictReader(client.post(reverse("registrar:add_batch"), sent).getvalue().decode().splitlines()))
    assert {row["code"] for row in made} == set(Discount.objects.filter(is_bulk=True).values_list("discount_code", flat=True))
    assert len(made) == 3
    assert all(discount.products.get() == product_of(world.run) for discount in Discount.objects.filter(is_bulk=True))
    assert "<form" in do(client, "add_batch", a_form(begins="TEAM-", count="5001"))


def test_a_discount_shows_who_used_it(client: Client, world: World, count_queries: CountQueries) -> None:
    with count_queries("registrar: discount"):
        page = text(client, "discount", pk=world.discount.pk)
    assert world.order.reference_number in page
    assert [(row["code"], row["used"]) for row in rows(client, "discounts")] == [("LANTERN", "1")]


# --- products


def test_a_new_price_is_a_new_version_and_says_why(client: Client, world: World) -> None:
    product = product_of(world.run)
    said = do(client, "reprice", {"price": "120.00", "description": "Lanterns"}, pk=product.pk)
    assert said == "It costs $120.00 from now on."
    assert "<form" in do(client, "reprice", {"price": "123456.00", "description": "Lanterns"}, pk=product.pk)
    assert list(ProductVersion.objects.filter(product=product).order_by("number").values_list("price", flat=True)) == [99, 120]
    assert "A letter of theirs" in text(client, "product", pk=product.pk)


def test_a_product_is_withdrawn_and_sold_again(client: Client, world: World) -> None:
    product = product_of(world.run)
    assert "not for sale" in do(client, "withdraw", pk=product.pk)
    assert "again" in do(client, "put_back", pk=product.pk)
    form = {"readable_id": world.run.courseware_id, "price": "1", "description": "x"}
    assert "<form" in do(client, "sell", form)
