"""Staff make and change discounts; who changed what is kept, and no limit falls below what was used."""

from decimal import Decimal

import pytest

from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.commerce.tests.cast import a_code, a_learner, buy
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.discounts import editing
from corridor.mitxonline.discounts.errors import CodeTaken, DiscountRefused, LimitRefused
from corridor.mitxonline.discounts.models import Discount
from corridor.mitxonline.enrollments.tests.cast import a_sold_run

pytestmark = pytest.mark.django_db

FIELDS = {"discount_code": "SPRING", "amount": Decimal(20), "discount_type": "percent-off", "redemption_type": "unlimited"}


def test_every_change_has_its_actor() -> None:
    staff = a_learner("staff@example.org").pk
    made = editing.create_discount(actor=staff, fields=FIELDS)
    editing.edit_discount(made.pk, actor=staff, fields={"amount": Decimal(30)})
    editing.withdraw_discount(made.pk, actor=staff)
    entries = AuditEntry.objects.filter(object_type="discount", actor=staff).values_list("code", "before", "after")
    assert [code for code, _, _ in entries] == ["discount.created", "discount.edited", "discount.edited"]
    assert entries[1][1:] == ({"amount": "20.00000"}, {"amount": "30"})


@pytest.mark.parametrize(
    "wrong", [{"amount": Decimal(101)}, {"amount": None}, {"discount_type": "half"}, {"discount_code": " "}, {"is_bulk": True}]
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DiscountRefused):
        editing.create_discount(actor=a_learner().pk, fields=FIELDS | wrong)


def test_codes_differ_by_more_than_case() -> None:
    a_code("spring")
    with pytest.raises(CodeTaken):
        editing.create_discount(actor=a_learner().pk, fields=FIELDS)


def test_a_batch_begins_alike() -> None:
    made = editing.create_batch(
        actor=a_learner().pk, prefix="MITX-", count=3, fields={name: FIELDS[name] for name in FIELDS if name != "discount_code"}
    )
    assert len({each.discount_code for each in made}) == 3
    assert all(each.discount_code.startswith("MITX-") and each.is_bulk for each in Discount.objects.all())


def test_a_limit_never_falls_below_what_was_used(frozen_clock: object) -> None:
    gateway, staff, run = PretendGateway(), a_learner("staff@example.org").pk, a_sold_run()
    limited, free = a_code("THREE", max_redemptions=3), a_code("FREE")
    with in_place_of_all(gateway):
        for name in ("ada", "bob"):
            buy(a_learner(f"{name}@example.org"), gateway, run, code="THREE")
        buy(a_learner("eve@example.org"), gateway, run, code="FREE")
    for discount, fields in (
        (limited, {"max_redemptions": 1}), (limited, {"max_redemptions": 0}), (limited, {"redemption_type": "one-time"}),
        (free, {"max_redemptions": 5}),
    ):  # fmt: skip
        with pytest.raises(LimitRefused):
            editing.edit_discount(discount.pk, actor=staff, fields=fields)
    assert editing.edit_discount(limited.pk, actor=staff, fields={"max_redemptions": 2}).max_redemptions == 2
