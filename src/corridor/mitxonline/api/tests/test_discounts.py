"""What staff do with discounts by the API."""

from collections.abc import Iterator

import pytest
from django.test import Client

from corridor.accounts.tests.cast import make_person
from corridor.kit import clock
from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.commerce import checkout
from corridor.mitxonline.commerce.tests.cast import a_code, begin_to_pay, product_of, put_into_cart
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_sold_run
from tests.fixtures.queries import CountQueries

from .staff import ROOT, a_member_of_staff, send, signed_in

pytestmark = pytest.mark.django_db
BODY = {"amount": "20", "discount_type": "percent-off", "redemption_type": "one-time", "discount_code": "SPRING", "payment_type": "sales"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def staff() -> Client:
    return signed_in(a_member_of_staff(*(f"{verb}_discount" for verb in ("view", "add", "change", "delete"))))


def test_a_discount_is_made_changed_and_withdrawn(staff: Client) -> None:
    made = send(staff, "POST", "discounts/", BODY)
    told = made.json()
    assert (made.status_code, told["amount"], told["max_redemptions"], told["is_redeemed"]) == (201, "20.00000", 0, False)
    address = f"discounts/{told['id']}/"
    changed = send(staff, "PATCH", address, {"expiration_date": "2026-04-01T00:00:00Z", "max_redemptions": None}).json()
    assert staff.get(f"{ROOT}{address}").json() == changed == told | {"expiration_date": "2026-04-01T00:00:00Z"}
    assert send(staff, "PUT", address, BODY | {"amount": "25"}).json()["amount"] == "25.00000"
    assert send(staff, "DELETE", address).status_code == 204
    assert Discount.objects.get().is_active is False
    assert AuditEntry.objects.count() == 4


def test_a_code_is_there_once(staff: Client) -> None:
    a_code("spring")
    answer = send(staff, "POST", "discounts/", BODY)
    assert (answer.status_code, answer.json()["code"]) == (409, "discount_code_taken")


@pytest.mark.parametrize("wrong", [{"amount": "-1"}, {"amount": "101"}, {"discount_type": "half"}, {"discount_code": ""}])
def test_what_makes_no_sense_is_refused(staff: Client, wrong: dict[str, str]) -> None:
    assert send(staff, "POST", "discounts/", BODY | wrong).status_code == 400
    assert Discount.objects.count() == 0


def test_a_batch_begins_alike(staff: Client) -> None:
    told = send(staff, "POST", "discounts/create_batch/", BODY | {"discount_code": "TEAM-", "count": 3}).json()
    assert len(set(told["codes"])) == 3
    assert all(code.startswith("TEAM-") and len(code) == 41 for code in told["codes"])


def test_discounts_are_found(staff: Client) -> None:
    a_code("AUTUMN", payment_type="marketing"), a_code("SPRING", payment_type="sales", redemption_type="one-time")
    found = {
        query: [each["discount_code"] for each in staff.get(f"{ROOT}discounts/?{query}").json()["results"]]
        for query in ("", "q=spr", "payment_type=marketing", "redemption_type=one-time", "is_redeemed=yes", "is_redeemed=no&limit=1")
    }
    assert list(found.values()) == [["SPRING", "AUTUMN"], ["SPRING"], ["AUTUMN"], ["SPRING"], [], ["SPRING"]]


def test_a_discount_is_for_some_products(staff: Client) -> None:
    code, first, second = a_code(), product_of(a_sold_run()), product_of(a_sold_run("LN.02x"))
    root = f"discounts/{code.pk}/products/"
    made = send(staff, "POST", root, {"product": {"id": first.pk}})
    assert (made.status_code, made.json()["product"]["id"]) == (201, first.pk)
    other = send(staff, "PUT", f"{root}{made.json()['id']}/", {"product": {"id": second.pk}}).json()
    assert [each["product"]["id"] for each in staff.get(f"{ROOT}{root}").json()["results"]] == [second.pk]
    assert send(staff, "DELETE", f"{root}{other['id']}/").status_code == 204
    assert staff.get(f"{ROOT}{root}").json()["count"] == 0
    assert send(staff, "POST", root, {"product": {"id": 987654}}).status_code == 404


def test_a_discount_is_meant_for_some_people(staff: Client) -> None:
    code, ada, grace = a_code(), a_learner(), a_learner("lady@example.org")
    root = f"discounts/{code.pk}/assignees/"
    made = send(staff, "POST", root, {"user": {"email": "ADA@example.org"}})
    assert (made.status_code, made.json()["user"]["id"]) == (201, ada.pk)
    other = send(staff, "PATCH", f"{root}{made.json()['id']}/", {"user": {"id": grace.pk}}).json()
    assert [each["user"]["email"] for each in staff.get(f"{ROOT}{root}").json()["results"]] == ["lady@example.org"]
    assert send(staff, "DELETE", f"{root}{other['id']}/").status_code == 204
    assert [send(staff, "POST", root, {"user": user}).status_code for user in ({}, {"email": "no@example.org"})] == [400, 404]


def test_uses_are_told_and_not_written_by_hand(staff: Client) -> None:
    gateway = PretendGateway()
    code, ada = a_code(redemption_type="one-time"), a_learner()
    with in_place_of_all(gateway):
        begin_to_pay(ada, gateway, a_sold_run(), code=code.discount_code)
    root = f"discounts/{code.pk}/redemptions/"
    (use,) = staff.get(f"{ROOT}{root}").json()["results"]
    assert (use["redeemed_by"]["id"], use["redeemed_order"]["state"]) == (ada.pk, "pending")
    assert staff.get(f"{ROOT}{root}{use['id']}/").json() == use
    refused = [send(staff, method, address, {}) for method, address in (("POST", root), ("PUT", f"{root}{use['id']}/"))]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "redemption_kept")] * 2
    assert send(staff, "DELETE", f"{root}{use['id']}/").status_code == 204
    assert staff.get(f"{ROOT}{root}").json()["count"] == 0


def test_a_use_that_was_paid_with_stays(staff: Client) -> None:
    code, ada = a_code("GIFT", "100"), a_learner()
    put_into_cart(ada, a_sold_run(), code="GIFT")
    checkout.check_out(ada.pk, ip="192.0.2.7")
    (use,) = staff.get(f"{ROOT}discounts/{code.pk}/redemptions/").json()["results"]
    assert send(staff, "DELETE", f"discounts/{code.pk}/redemptions/{use['id']}/").status_code == 409
    assert staff.get(f"{ROOT}discounts/?is_redeemed=yes").json()["count"] == 1


def test_queries_of_assignees_do_not_grow(staff: Client, count_queries: CountQueries) -> None:
    code = a_code(people=[a_learner()])
    with count_queries("mitxonline api: assignees"):
        staff.get(f"{ROOT}discounts/{code.pk}/assignees/")
    more = a_code("MORE", people=[make_person(f"p{number}@example.org") for number in range(4)])
    with count_queries("mitxonline api: assignees"):
        assert staff.get(f"{ROOT}discounts/{more.pk}/assignees/").json()["count"] == 4


def test_discounts_are_for_staff_who_may() -> None:
    code = a_code()
    reader = signed_in(a_member_of_staff("view_discount"))
    assert reader.get(f"{ROOT}discounts/{code.pk}/").status_code == 200
    assert [send(reader, "PATCH", f"discounts/{code.pk}/", {}).status_code, send(reader, "POST", "discounts/", BODY).status_code] == [
        403,
        403,
    ]
    learner = signed_in(a_learner())
    for path in ("discounts/", f"discounts/{code.pk}/", f"discounts/{code.pk}/assignees/"):
        assert learner.get(f"{ROOT}{path}").status_code == 403
        assert Client().get(f"{ROOT}{path}").status_code == 401
