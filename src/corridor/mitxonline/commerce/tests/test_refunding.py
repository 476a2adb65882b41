"""A refund gives back its line and takes that line's seat, nothing else, however often it is sent."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from corridor.kit import clock
from corridor.kit.outbox.relay import drain
from corridor.mitxonline.commerce import invariants, refunds, sweeps
from corridor.mitxonline.commerce.errors import RefundNotEligible, RefundRefused, RequestOpen
from corridor.mitxonline.commerce.models import Order, Refund, RefundLine
from corridor.mitxonline.enrollments.actions import enroll
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_program_of, a_sold_run
from corridor.mitxonline.ledger.models import Case

from .cast import a_learner, buy, lines_of
from .gateway import PretendGateway

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_goes_nowhere(letters: object) -> None:
    """Letters are owed to the outbox, as outside of tests."""


def modes(order: Order) -> list[str]:
    rows = RunEnrollment.objects.filter(user=order.purchaser_id).order_by("course_run")
    return list(rows.values_list("mode", flat=True))


def state_of(order: Order) -> str:
    return str(Order.objects.values_list("state", flat=True).get(pk=order.pk))


def test_one_line_goes_back_and_the_other_stays(gateway: PretendGateway) -> None:
    order = buy(a_learner(), gateway, a_sold_run(), a_sold_run("LN.02x", price="50.00"))
    first, second = lines_of(order)
    refunds.refund(order.pk, lines={second.pk: None}, actor=None, reason="not as expected")
    assert modes(order) == ["verified", "verified"]
    drain()
    assert modes(order) == ["verified", "audit"]
    assert state_of(order) == "partially_refunded"
    assert gateway.returned("T1") == Decimal("50.00")
    refunds.refund(order.pk, lines={first.pk: None}, actor=None, reason="neither")
    drain()
    assert state_of(order) == "refunded"
    assert invariants.broken() == []


def test_a_part_of_a_line_or_goodwill_leaves_the_seat(gateway: PretendGateway) -> None:
    order = buy(a_learner(), gateway, a_sold_run())
    (line,) = lines_of(order)
    refunds.refund(order.pk, lines={line.pk: Decimal("9.00")}, actor=None, reason="late start")
    refunds.refund(order.pk, lines={line.pk: None}, actor=None, reason="sorry", keeps_seats=True)
    drain()
    assert modes(order) == ["verified"]
    assert (state_of(order), gateway.returned("T1")) == ("refunded", Decimal("99.00"))
    assert invariants.broken() == []


def test_a_program_that_goes_back_takes_what_was_drawn_from_it(gateway: PretendGateway) -> None:
    ada, run = a_learner(), a_sold_run()
    program = a_program_of(run)
    enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    order = buy(ada, gateway, program)
    assert modes(order) == ["verified"]
    refunds.refund(order.pk, lines={line.pk: None for line in lines_of(order)}, actor=None, reason="changed my mind")
    drain()
    assert modes(order) == ["audit"]
    assert invariants.broken() == []


@pytest.mark.parametrize("amounts", [{}, {0: None}, {1: Decimal("99.01")}, {1: Decimal("0")}, {1: Decimal("1.005")}])
def test_what_cannot_go_back_says_why(gateway: PretendGateway, amounts: dict[int, Decimal | None]) -> None:
    order = buy(a_learner(), gateway, a_sold_run())
    (line,) = lines_of(order)
    with pytest.raises(RefundRefused):
        refunds.refund(order.pk, lines={line.pk if key else 0: amount for key, amount in amounts.items()}, actor=None, reason="x")


def test_the_database_refuses_more_than_was_paid(gateway: PretendGateway) -> None:
    order = buy(a_learner(), gateway, a_sold_run())
    (line,) = lines_of(order)
    payment = order.transactions.get()
    with pytest.raises(IntegrityError, match="left to refund"), transaction.atomic():
        Refund.objects.create(order=order, payment=payment, amount=Decimal("99.01"), reason="x")
    owed = Refund.objects.create(order=order, payment=payment, amount=Decimal("99.00"), reason="x")
    with pytest.raises(IntegrityError, match="left to refund"), transaction.atomic():
        RefundLine.objects.create(refund=owed, line=line, amount=Decimal("99.01"))


def test_the_same_command_and_the_same_message_give_back_once(gateway: PretendGateway) -> None:
    order = buy(a_learner(), gateway, a_sold_run(price="10.00"))
    id, lines = uuid4(), {line.pk: Decimal("4.00") for line in lines_of(order)}
    for _ in range(2):
        assert refunds.refund(order.pk, lines=lines, actor=None, reason="x", id=id).pk == id
    for _ in range(2):
        assert refunds.send(id) == "succeeded"
    assert gateway.returned("T1") == Decimal("4.00")
    assert order.transactions.filter(transaction_type="refund").count() == 1


def test_a_refund_waits_for_a_gateway_that_is_down_or_slow(gateway: PretendGateway, frozen_clock: datetime) -> None:
    order = buy(a_learner(), gateway, a_sold_run())
    gateway.down, gateway.refund_state = True, "pending"
    owed = refunds.refund(order.pk, lines={line.pk: None for line in lines_of(order)}, actor=None, reason="x")
    drain()
    assert Refund.objects.get().state == "owed"
    gateway.down = False
    refunds.send(owed.pk)
    assert (Refund.objects.get().state, state_of(order)) == ("pending", "fulfilled")
    gateway.refund_state = "succeeded"
    assert sweeps.ask_again_for_refunds(frozen_clock + timedelta(hours=2)) == 1
    refunds.send(owed.pk)
    assert (Refund.objects.get().state, state_of(order)) == ("succeeded", "refunded")
    assert invariants.broken() == []


def test_a_refused_refund_is_for_staff_and_can_be_tried_anew(gateway: PretendGateway) -> None:
    order = buy(a_learner(), gateway, a_sold_run())
    lines = {line.pk: None for line in lines_of(order)}
    gateway.refund_state = "refused"
    refunds.refund(order.pk, lines=lines, actor=None, reason="x")
    drain()
    assert Case.objects.get().kind == "refund_refused"
    assert (state_of(order), modes(order)) == ("fulfilled", ["verified"])
    gateway.refund_state = "succeeded"
    refunds.refund(order.pk, lines=lines, actor=None, reason="x")
    drain()
    assert state_of(order) == "refunded"


def test_a_learner_asks_and_staff_decide(gateway: PretendGateway, frozen_clock: datetime) -> None:
    ada, staff = a_learner(), a_learner("staff@example.org")
    order = buy(ada, gateway, a_sold_run())
    asked = {"reason": "other", "text": "It is not for me.", "consent": True}
    denied = refunds.request_refund(ada.pk, order.pk, **asked)
    with pytest.raises(RequestOpen):
        refunds.request_refund(ada.pk, order.pk, **asked)
    refunds.decide_request(denied.pk, actor=staff.pk, approve=False, note="You have finished it.")
    again = refunds.request_refund(ada.pk, order.pk, **asked)
    assert refunds.decide_request(again.pk, actor=staff.pk, approve=True).status == "approved"
    drain()
    assert state_of(order) == "refunded"
    late = buy(ada, gateway, a_sold_run("LN.02x"))
    with clock.fixed(frozen_clock + timedelta(days=7)), pytest.raises(RefundNotEligible):
        refunds.request_refund(ada.pk, late.pk, **asked)
