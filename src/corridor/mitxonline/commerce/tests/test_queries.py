"""Loading takes as many queries for much as for little, and nobody loads what is somebody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.mitxonline.commerce import queries, refunds
from corridor.mitxonline.commerce.errors import AttemptNotFound, OrderNotFound
from corridor.mitxonline.enrollments.tests.cast import a_sold_run

from .cast import a_code, a_learner, begin_to_pay, buy, lines_of, put_into_cart
from .gateway import PretendGateway

pytestmark = pytest.mark.django_db


def test_a_cart_takes_three_queries_whatever_is_in_it(gateway: PretendGateway) -> None:
    ada = a_learner()
    a_code("ALWAYS", automatic=True)
    for number in range(3):
        put_into_cart(ada, a_sold_run(f"LN.0{number}x"))
        with CaptureQueriesContext(connection) as counted:
            queries.priced_basket(ada.pk)
        assert len(counted) == 3


def test_a_history_takes_as_many_queries_for_two_orders_as_for_one(gateway: PretendGateway) -> None:
    ada, counts = a_learner(), []
    a_code()
    for number in range(2):
        runs = [a_sold_run(f"LN.0{number}{part}x") for part in range(number + 1)]
        order = buy(ada, gateway, *runs, code="LANTERN")
        refunds.refund(order.pk, lines={lines_of(order)[0].pk: None}, actor=None, reason="x")
        with CaptureQueriesContext(connection) as counted:
            for each in queries.orders_of(ada.pk):
                assert [str(line.course_run) for line in each.lines.all()]
                assert [line.amount for refund in each.refunds.all() for line in refund.lines.all()]
                assert [use.discount.discount_code for use in each.redemptions.all()] == ["LANTERN"]
        counts.append(len(counted))
    assert counts[0] == counts[1] == 8


def test_what_is_somebody_elses_is_not_there(gateway: PretendGateway) -> None:
    ada, bob, run = a_learner(), a_learner("bob@example.org"), a_sold_run()
    payment = begin_to_pay(ada, gateway, run)
    order = buy(ada, gateway, run)
    for key in (order.pk, order.reference_number, "0", 2**70, "²", "x"):
        with pytest.raises(OrderNotFound):
            queries.order_of(bob.pk, key)
    with pytest.raises(AttemptNotFound):
        queries.attempt_of(bob.pk, payment.attempt)
    assert queries.receipt_of(ada.pk, order.reference_number) == order
    assert len(queries.statement(order.pk).transactions) == 1
