"""Whatever order the browser, the notification, a cancellation and an expiry come in, the outcome is right."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from corridor.kit import clock
from corridor.mitxonline.commerce import actions, checkout, invariants, payments, refunds, sweeps
from corridor.mitxonline.commerce.models import Order, Refund
from corridor.mitxonline.discounts.models import Redemption
from corridor.mitxonline.enrollments.actions import enroll
from corridor.mitxonline.enrollments.models import Entitlement, RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_program_of, a_sold_run
from corridor.mitxonline.gateways.errors import NoticeRefused
from corridor.mitxonline.gateways.port import Decision
from corridor.mitxonline.ledger.models import Case, GatewayNotice, Transaction
from tests.fixtures.accounts import Letters

from .cast import IP, a_code, a_learner, begin_to_pay, buy, decide, handed_over, lines_of, order_of, put_into_cart
from .gateway import PretendGateway

pytestmark = pytest.mark.django_db


def cases() -> list[str]:
    return list(Case.objects.order_by("id").values_list("kind", flat=True))


def state_of(order: Order) -> str:
    return str(Order.objects.values_list("state", flat=True).get(pk=order.pk))


def test_what_is_paid_is_given(gateway: PretendGateway, letters: Letters) -> None:
    ada, run = a_learner(country="FR"), a_sold_run()
    order = buy(ada, gateway, run)
    assert (order.state, order.total_price_paid, order.gateway_type) == ("fulfilled", Decimal("99.00"), "CyberSource")
    assert RunEnrollment.objects.get(user=ada).mode == "verified"
    assert Entitlement.objects.get(user=ada).line == lines_of(order)[0]
    assert order.receipt["payment"]["card_last4"] == "1111"
    assert order.receipt["address"]["country"] == "FR"
    assert not ada.basket.items.exists()
    assert [letter["Subject"] for letter in letters()].count(f"Your receipt {order.reference_number}") == 1
    assert invariants.broken() == []


def test_the_browser_and_the_server_tell_of_one_payment_once(gateway: PretendGateway) -> None:
    ada, run = a_learner(), a_sold_run()
    payment = begin_to_pay(ada, gateway, run)
    notice = gateway.decide(payment)
    outcomes = [payments.receive(gateway.message(notice, channel), gateway).outcome for channel in ("browser", "server", "server")]
    assert outcomes == ["applied", "known", "known"]
    assert Transaction.objects.count() == 1
    assert GatewayNotice.objects.count() == 3
    assert cases() == []


@pytest.mark.parametrize("before", [Decision.REVIEW, Decision.DECLINED, Decision.CANCELED, Decision.ERROR, Decision.EXPIRED])
def test_money_is_taken_whatever_was_said_before(gateway: PretendGateway, before: Decision) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    decide(gateway, payment, before)
    assert state_of(order_of(payment)) != "fulfilled"
    decide(gateway, payment)
    assert state_of(order_of(payment)) == "fulfilled"
    assert cases() == []
    assert invariants.broken() == []


@pytest.mark.parametrize("after", [Decision.REVIEW, Decision.DECLINED, Decision.CANCELED, Decision.ERROR, Decision.EXPIRED])
def test_nothing_that_is_said_later_takes_a_paid_order_back(gateway: PretendGateway, after: Decision) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    decide(gateway, payment)
    assert decide(gateway, payment, after).outcome == "known"
    assert state_of(order_of(payment)) == "fulfilled"


def test_a_review_holds_the_code_and_a_decline_gives_it_back(gateway: PretendGateway) -> None:
    a_code(redemption_type="one-time")
    payment = begin_to_pay(a_learner(), gateway, a_sold_run(), code="lantern")
    decide(gateway, payment, Decision.REVIEW)
    assert state_of(order_of(payment)) == "review"
    assert Redemption.objects.get().state == "reserved"
    decide(gateway, payment, Decision.DECLINED)
    assert state_of(order_of(payment)) == "declined"
    assert Redemption.objects.get().state == "released"


def test_a_payment_after_the_order_was_given_up_counts(gateway: PretendGateway, frozen_clock: datetime) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    with clock.fixed(frozen_clock + timedelta(minutes=70)):
        assert sweeps.resolve_orders(clock.now()) == 1
        assert state_of(order_of(payment)) == "canceled"
        decide(gateway, payment)
    assert state_of(order_of(payment)) == "fulfilled"
    assert invariants.broken() == []


def test_a_lost_notification_heals(gateway: PretendGateway, frozen_clock: datetime) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    gateway.decide(payment)
    sweeps.resolve_orders(frozen_clock + timedelta(minutes=14))
    assert state_of(order_of(payment)) == "pending"
    sweeps.resolve_orders(frozen_clock + timedelta(minutes=16))
    assert state_of(order_of(payment)) == "fulfilled"


def test_a_payment_of_an_order_that_was_given_up_is_found_though_nobody_tells_of_it(
    gateway: PretendGateway, frozen_clock: datetime
) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    sweeps.resolve_orders(frozen_clock + timedelta(minutes=70))
    gateway.decide(payment)
    gateway.down = True
    assert sweeps.take_unheard(frozen_clock + timedelta(minutes=90)) == 0
    gateway.down = False
    assert [sweeps.take_unheard(frozen_clock + timedelta(minutes=minutes)) for minutes in (150, 210)] == [1, 0]
    assert state_of(order_of(payment)) == "fulfilled"


def test_an_order_is_not_given_up_while_its_gateway_cannot_be_asked(gateway: PretendGateway, frozen_clock: datetime) -> None:
    a_code(redemption_type="one-time")
    payment = begin_to_pay(a_learner(), gateway, a_sold_run(), code="LANTERN")
    gateway.decide(payment)
    gateway.down = True
    sweeps.resolve_orders(frozen_clock + timedelta(hours=3))
    assert state_of(order_of(payment)) == "pending"
    assert Redemption.objects.get().state == "released"
    gateway.down = False
    sweeps.resolve_orders(frozen_clock + timedelta(hours=4))
    assert state_of(order_of(payment)) == "fulfilled"
    assert Redemption.objects.filter(state="redeemed").count() == 1


@pytest.mark.parametrize("changed", [{"amount": Decimal("1.00")}, {"currency": "EUR"}, {"amount": Decimal("99.01")}])
def test_another_amount_or_currency_fulfils_nothing_and_is_kept_apart(gateway: PretendGateway, changed: dict[str, object]) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    assert decide(gateway, payment, **changed).outcome == "case"
    assert state_of(order_of(payment)) == "pending"
    assert cases() == ["amount_differs"]
    assert not Entitlement.objects.exists()
    assert Transaction.objects.get().postings.filter(account="suspense").count() == 1
    assert invariants.broken() == []


def test_money_for_no_order_of_ours_is_kept_apart(gateway: PretendGateway) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    notice = gateway.decide(payment, reference_number="mitxonline-local-987654321")
    assert payments.receive(gateway.message(notice), gateway).outcome == "case"
    assert payments.receive(gateway.message(notice), gateway).outcome == "known"
    assert cases() == ["unknown_order"]


def test_an_attempt_of_another_order_pays_for_neither(gateway: PretendGateway) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    assert decide(gateway, payment, attempt=uuid4()).outcome == "case"
    assert state_of(order_of(payment)) == "pending"


def test_a_second_payment_goes_back_by_itself(gateway: PretendGateway, letters: Letters) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    decide(gateway, payment)
    assert decide(gateway, payment).outcome == "case"
    letters()
    assert Refund.objects.get().state == "succeeded"
    assert state_of(order_of(payment)) == "fulfilled"
    assert cases() == ["paid_twice"]
    assert gateway.returned("T2") == Decimal("99.00")
    assert invariants.broken() == []


def test_what_was_bought_before_goes_back_and_the_seat_stays(gateway: PretendGateway, letters: Letters) -> None:
    ada, run, other = a_learner(), a_sold_run(), a_sold_run("LN.02x", price="50.00")
    both = begin_to_pay(ada, gateway, run, other)
    actions.clear(ada.pk)
    buy(ada, gateway, run)
    decide(gateway, both)
    letters()
    assert state_of(order_of(both)) == "partially_refunded"
    assert gateway.returned("T2") == Decimal("99.00")
    assert set(RunEnrollment.objects.filter(user=ada, mode="verified", active=True).values_list("course_run", flat=True)) == {
        run.pk,
        other.pk,
    }
    assert cases() == ["bought_before"]
    assert invariants.broken() == []


def test_a_code_that_others_used_up_meanwhile_is_not_used_twice(gateway: PretendGateway) -> None:
    a_code(redemption_type="one-time")
    ada, bob, run = a_learner(), a_learner("bob@example.org"), a_sold_run()
    late = begin_to_pay(ada, gateway, run, code="LANTERN")
    decide(gateway, late, Decision.DECLINED)
    buy(bob, gateway, run, code="LANTERN")
    decide(gateway, late)
    assert order_of(late).total_price_paid == Decimal("79.20")
    assert state_of(order_of(late)) == "fulfilled"
    assert Redemption.objects.filter(state="redeemed").get().user == bob
    assert cases() == ["code_gone"]
    assert invariants.broken() == []


def test_what_is_not_the_gateways_word_changes_nothing_and_is_shown_to_staff(gateway: PretendGateway) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    forged = gateway.message(gateway.decide(payment), signature="forged")
    for _ in range(2):
        with pytest.raises(NoticeRefused):
            payments.receive(forged, gateway)
    assert state_of(order_of(payment)) == "pending"
    assert list(GatewayNotice.objects.values_list("outcome", flat=True)) == ["refused", "refused"]
    assert cases() == ["notice_refused"]
    assert not Transaction.objects.exists()


def test_a_refund_or_a_dispute_at_the_gateway_is_for_staff_to_look_at(gateway: PretendGateway) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    decide(gateway, payment)
    decide(gateway, payment, Decision.REFUNDED, payment_id="T1", amount=Decimal("10.00"))
    decide(gateway, payment, Decision.DISPUTED, transaction="T1")
    assert cases() == ["refund_unknown", "dispute"]
    assert state_of(order_of(payment)) == "fulfilled"
    assert invariants.broken() == []


def test_a_refund_that_the_bank_sends_back_is_for_staff_to_look_at(gateway: PretendGateway) -> None:
    payment = begin_to_pay(a_learner(), gateway, a_sold_run())
    decide(gateway, payment)
    assert decide(gateway, payment, Decision.BOUNCED, transaction="R9").outcome == "known"
    order = order_of(payment)
    refunds.refund(order.pk, lines={order.lines.get().pk: None}, actor=None, reason="asked for")
    refunds.send(Refund.objects.get().pk)
    number = Transaction.objects.get(transaction_type="refund").transaction_id
    for _ in range(2):
        decide(gateway, payment, Decision.BOUNCED, transaction=number)
    assert cases() == ["refund_bounced"]
    assert state_of(order_of(payment)) == "refunded"
    assert invariants.broken() == []


def test_nothing_to_pay_asks_no_gateway(gateway: PretendGateway, letters: Letters) -> None:
    a_code("GIFT", "100")
    ada, run = a_learner(), a_sold_run()
    gateway.down = True
    put_into_cart(ada, run, code="GIFT")
    checked = checkout.check_out(ada.pk, ip=IP)
    assert checked.no_checkout
    assert Order.objects.get().state == "fulfilled"
    assert RunEnrollment.objects.get(user=ada).mode == "verified"
    assert invariants.broken() == []


def test_a_program_upgrades_what_the_learner_takes_of_it(gateway: PretendGateway) -> None:
    ada, run = a_learner(), a_sold_run()
    program = a_program_of(run)
    enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    buy(ada, gateway, program)
    assert RunEnrollment.objects.get(user=ada).mode == "verified"
    assert Entitlement.objects.filter(user=ada, ended_on=None).count() == 2
    assert invariants.broken() == []


def test_a_form_is_signed_anew_when_it_is_old(gateway: PretendGateway, frozen_clock: datetime) -> None:
    ada = a_learner()
    payment = begin_to_pay(ada, gateway, a_sold_run())
    gateway.begun.clear()
    checkout.hand_off(ada.pk, payment.attempt, ip=IP)
    assert not gateway.begun
    with clock.fixed(frozen_clock + timedelta(minutes=11)):
        assert handed_over(ada, gateway, payment.attempt) == payment
