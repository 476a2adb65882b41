"""What staff sell by the API."""

import pytest
from django.test import Client

from corridor.accounts.tests.cast import make_person
from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog.models import ProductVersion
from corridor.mitxonline.catalog.tests.cast import a_course, a_product, a_program, a_run

from .staff import ROOT, a_member_of_staff, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Client:
    return signed_in(a_member_of_staff("view_product", "add_product", "change_product", "delete_product"))


def test_staff_put_a_run_on_sale(seller: Client) -> None:
    run = a_run(a_course())
    answer = send(seller, "POST", "products/all/", {"readable_id": run.courseware_id, "price": "99.00", "description": "Lanterns"})
    assert (answer.status_code, answer.json()["price"]) == (201, "99.00")
    assert Client().get(f"{ROOT}products/{answer.json()['id']}/").json()["purchasable_object"]["id"] == run.pk
    (entry,) = AuditEntry.objects.all()
    assert (entry.code, entry.actor.email, entry.after["price"]) == ("product.created", "grace@example.org", "99.00")


def test_staff_put_a_program_on_sale_that_is_not_shown_yet(seller: Client) -> None:
    program = a_program()
    wanted = {"readable_id": program.readable_id, "price": "450.00", "description": "All", "is_active": False}
    told = send(seller, "POST", "products/all/", wanted).json()
    assert (told["is_active"], told["purchasable_object"]["readable_id"]) == (False, program.readable_id)
    assert Client().get(f"{ROOT}products/{told['id']}/").status_code == 404


def test_a_new_price_leaves_the_old_one_to_what_was_sold(seller: Client) -> None:
    product = a_product(a_run(a_course()), "99.00")
    answer = send(seller, "PATCH", f"products/all/{product.pk}/", {"price": "79.00"})
    assert (answer.status_code, answer.json()["price"]) == (200, "79.00")
    assert [str(each.price) for each in ProductVersion.objects.filter(product=product)] == ["99.00", "79.00"]
    assert AuditEntry.objects.get().before == {"price": "99.00", "description": answer.json()["description"], "is_active": True}


def test_a_withdrawn_product_stays_for_staff(seller: Client) -> None:
    product = a_product(a_run(a_course()))
    assert send(seller, "DELETE", f"products/all/{product.pk}/").status_code == 204
    assert Client().get(f"{ROOT}products/").json()["count"] == 0
    assert [each["is_active"] for each in seller.get(f"{ROOT}products/all/").json()["results"]] == [False]
    assert (
        send(seller, "PUT", f"products/all/{product.pk}/", {"price": "9.00", "description": "Again", "is_active": True}).status_code == 200
    )
    assert Client().get(f"{ROOT}products/").json()["count"] == 1


def test_one_thing_is_one_product(seller: Client) -> None:
    run = a_run(a_course())
    withdrawn, _ = a_product(run, active=False), a_product(run)
    again = send(seller, "POST", "products/all/", {"readable_id": run.courseware_id, "price": "1.00", "description": "Twice"})
    back = send(seller, "PATCH", f"products/all/{withdrawn.pk}/", {"is_active": True})
    assert [(each.status_code, each.json()["code"]) for each in (again, back)] == [(409, "sold_already")] * 2


def test_what_is_not_there_cannot_be_sold(seller: Client) -> None:
    nothing = send(seller, "POST", "products/all/", {"price": "1.00", "description": "Air"})
    assert (nothing.status_code, list(nothing.json()["errors"])) == (400, ["readable_id"])
    unknown = send(seller, "POST", "products/all/", {"readable_id": "course-v1:X+Y+Z", "price": "1.00", "description": "Air"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert send(seller, "PATCH", "products/all/1/", {"price": "1.00"}).status_code == 404


def test_selling_is_for_staff_who_may() -> None:
    product = a_product(a_run(a_course()))
    reader = signed_in(a_member_of_staff("view_product"))
    assert reader.get(f"{ROOT}products/all/{product.pk}/").status_code == 200
    assert send(reader, "PATCH", f"products/all/{product.pk}/", {"price": "1.00"}).status_code == 403
    learner = signed_in(make_person())
    assert learner.get(f"{ROOT}products/all/").status_code == 403
    assert Client().get(f"{ROOT}products/all/").status_code == 401


def test_nobody_has_a_price_of_their_own_without_financial_aid() -> None:
    product = a_product(a_run(a_course()))
    told = signed_in(make_person()).get(f"{ROOT}products/{product.pk}/user_flexible_price/").json()
    assert (told["price"], told["product_flexible_price"]) == ("99.00", None)
