"""What a cart can be bought, at which price, and why not."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from corridor.kit import clock
from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog.models import BlockedCountry, CourseRun, Product
from corridor.mitxonline.commerce import actions, checkout, queries
from corridor.mitxonline.commerce.errors import CheckoutRefused, ProductNotFound
from corridor.mitxonline.commerce.models import CheckoutAttempt, Order
from corridor.mitxonline.discounts.errors import CodeNotBetter, CodeRefused, CodeUnknown
from corridor.mitxonline.discounts.models import Discount, Redemption
from corridor.mitxonline.enrollments.tests.cast import a_program_of, a_sold_run
from corridor.mitxonline.gateways.port import Decision

from .cast import IP, a_code, a_learner, begin_to_pay, buy, decide, order_of, product_of, put_into_cart
from .gateway import PretendGateway

pytestmark = pytest.mark.django_db


def refused(buyer_id: int) -> str:
    with pytest.raises(CheckoutRefused) as refusal:
        checkout.check_out(buyer_id, ip=IP)
    return refusal.value.error


def test_the_conditions_in_their_published_words(gateway: PretendGateway) -> None:
    ada, run = a_learner(country="FR"), a_sold_run()
    assert refused(ada.pk) == "basket-empty"
    put_into_cart(ada, run)
    blocked = BlockedCountry.objects.create(course_id=run.course_id, country="FR")
    assert refused(ada.pk) == "enroll-blocked"
    assert AuditEntry.objects.filter(about=ada, code="country.refused", cause__contains=IP).count() == 1
    blocked.delete()
    CourseRun.objects.filter(pk=run.pk).update(upgrade_deadline=clock.now())
    assert refused(ada.pk) == "course-non-upgradable"
    CourseRun.objects.filter(pk=run.pk).update(upgrade_deadline=None)
    buy(ada, gateway)
    put_into_cart(ada, run)
    assert refused(ada.pk) == "enroll-duplicated"
    assert queries.priced_basket(ada.pk).lines


def test_the_deadline_of_every_line_counts(gateway: PretendGateway) -> None:
    ada = a_learner()
    put_into_cart(ada, a_sold_run(), a_sold_run("LN.02x", upgrade_deadline=clock.now()))
    assert refused(ada.pk) == "course-non-upgradable"


def test_what_a_program_gave_is_not_bought_again(gateway: PretendGateway) -> None:
    ada, run = a_learner(), a_sold_run()
    program = a_program_of(run)
    buy(ada, gateway, program)
    put_into_cart(ada, program)
    assert refused(ada.pk) == "enroll-duplicated"


def test_who_waits_for_a_review_need_not_pay_again(gateway: PretendGateway) -> None:
    ada, run = a_learner(), a_sold_run()
    decide(gateway, begin_to_pay(ada, gateway, run), Decision.REVIEW)
    assert refused(ada.pk) == "enroll-duplicated"


def test_a_discount_that_went_is_told_of_before_a_higher_price_is_asked(gateway: PretendGateway) -> None:
    ada, run = a_learner(), a_sold_run()
    code = a_code()
    put_into_cart(ada, run, code="LANTERN")
    Discount.objects.filter(pk=code.pk).update(expiration_date=clock.now())
    assert refused(ada.pk) == "discount-invalid"
    assert checkout.check_out(ada.pk, ip=IP).total == Decimal("99.00")


def test_the_same_cart_is_the_same_order_and_another_cart_another(gateway: PretendGateway) -> None:
    ada, run, other = a_learner(), a_sold_run(), a_sold_run("LN.02x")
    put_into_cart(ada, run)
    first, again = checkout.check_out(ada.pk, ip=IP), checkout.check_out(ada.pk, ip=IP)
    assert first == again
    put_into_cart(ada, other)
    assert checkout.check_out(ada.pk, ip=IP).order_id != first.order_id
    assert first.reference_number == f"mitxonline-local-{first.order_id}"


def test_an_attempt_that_is_over_is_followed_by_another(gateway: PretendGateway) -> None:
    ada = a_learner()
    put_into_cart(ada, a_sold_run())
    now = clock.now()
    first = checkout.check_out(ada.pk, ip=IP, now=now)
    second = checkout.check_out(ada.pk, ip=IP, now=now + timedelta(minutes=61))
    assert first.order_id == second.order_id
    assert list(CheckoutAttempt.objects.values_list("number", flat=True)) == [1, 2]


def test_what_was_asked_for_never_changes(gateway: PretendGateway) -> None:
    ada = a_learner()
    begin_to_pay(ada, gateway, a_sold_run())
    for rows, changed in ((Order.objects, {"total_price_paid": 1}), (CheckoutAttempt.objects, {"amount": 1})):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changed)


def test_the_code_goes_with_the_newer_order(gateway: PretendGateway) -> None:
    a_code(redemption_type="one-time")
    ada, run, other = a_learner(), a_sold_run(), a_sold_run("LN.02x")
    first = begin_to_pay(ada, gateway, run, code="LANTERN")
    put_into_cart(ada, other)
    second = checkout.check_out(ada.pk, ip=IP)
    assert Redemption.objects.get(state="reserved").order_id == second.order_id
    decide(gateway, first)  # the older form is paid all the same, and takes the code along
    assert Redemption.objects.get(state="redeemed").order == order_of(first)


def test_a_code_for_some_products_lowers_theirs_alone(gateway: PretendGateway) -> None:
    ada, run, other = a_learner(), a_sold_run(), a_sold_run("LN.02x", price="50.00")
    a_code(products=[product_of(run)])
    put_into_cart(ada, run, other, code="lantern")
    cart = queries.priced_basket(ada.pk)
    assert cart is not None
    assert [line.total for line in cart.lines] == [Decimal("79.20"), Decimal("50.00")]


def test_codes_say_why_they_do_not_apply(gateway: PretendGateway) -> None:
    ada, bob, run = a_learner(), a_learner("bob@example.org"), a_sold_run()
    a_code("BOBS", people=[bob])
    a_code("AID", payment_type="financial-assistance")
    a_code("ALWAYS", "30", automatic=True)
    a_code("LESS", "10")
    put_into_cart(ada, run)
    for code, error in (("NONE", CodeUnknown), ("AID", CodeUnknown), ("BOBS", CodeRefused), ("LESS", CodeNotBetter)):
        with pytest.raises(error):
            actions.apply_code(ada.pk, code)
    put_into_cart(bob, run)
    mine, theirs = queries.priced_basket(ada.pk), queries.priced_basket(bob.pk)
    assert mine is not None
    assert theirs is not None
    assert (mine.discount and mine.discount.code, theirs.discount and theirs.discount.code) == ("ALWAYS", "BOBS")


def test_what_is_not_sold_is_not_added() -> None:
    product = product_of(a_sold_run())
    Product.objects.filter(pk=product.pk).update(is_active=False)
    for missing in (product.pk, 2**70):
        with pytest.raises(ProductNotFound):
            actions.add_to_basket(a_learner(f"{missing}@example.org").pk, missing)


def test_a_browsers_cart_becomes_the_persons_when_they_sign_in(gateway: PretendGateway) -> None:
    ada, run, other, browser = a_learner(), a_sold_run(), a_sold_run("LN.02x"), uuid4()
    a_code()
    put_into_cart(ada, run)
    actions.add_to_basket(browser, product_of(run).pk)
    actions.add_to_basket(browser, product_of(other).pk, "LANTERN")
    claimed = actions.claim_basket(ada.pk, browser)
    assert claimed is not None
    assert {line.run for line in claimed.lines} == {run.pk, other.pk}
    assert claimed.discount is not None
    assert queries.priced_basket(browser) is None
    assert actions.claim_basket(ada.pk, browser) == claimed
