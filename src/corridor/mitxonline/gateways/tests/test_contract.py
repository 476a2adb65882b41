"""Every payment gateway keeps the promises of the port, over HTTP against the stand-in that speaks its formats."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from corridor.kit import clock
from corridor.mitxonline.gateways.cybersource.gateway import CyberSource
from corridor.mitxonline.gateways.errors import GatewayUnavailable, NoticeRefused, NoticeUnneeded
from corridor.mitxonline.gateways.port import Decision, Gateway, Notice, RefundOrder
from corridor.mitxonline.gateways.stripe.gateway import Stripe
from tests.fixtures.payments import PlayedPayments

from .shop import Payer, Shop, open_shop

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(payer: Payer) -> Iterator[Shop]:
    with open_shop() as opened:
        payer.pages("settings/", cybersource_address=opened.notified_at, stripe_address=opened.notified_at)
        yield opened
        payer.pages("settings/")


@pytest.fixture
def payer(played_payments: PlayedPayments) -> Payer:
    return Payer(played_payments.address)


@pytest.fixture(params=[CyberSource, Stripe])
def gateway(request: pytest.FixtureRequest, played_payments: PlayedPayments) -> Gateway:
    made = request.param.of(played_payments.config)
    assert made is not None
    return made


@pytest.fixture
def paid(gateway: Gateway, shop: Shop, payer: Payer) -> Notice:
    """A payment of 150 that was accepted."""
    payer.pays(gateway.begin(shop.payment()))
    return gateway.read(shop.heard[0])


def order_of(notice: Notice, amount: str = "150.00") -> RefundOrder:
    return RefundOrder(uuid4(), notice.reference_number, notice.transaction_id, Decimal(amount), "USD", "changed mind", notice.method)


def test_who_pays_is_believed_by_server_and_browser_alike(gateway: Gateway, shop: Shop, payer: Payer) -> None:
    payment = shop.payment()
    brought = payer.pays(gateway.begin(payment))
    assert brought is not None
    told, returned = gateway.read(shop.heard[0]), gateway.read(brought)
    assert (told.gateway, told.decision, told.amount, told.currency) == (gateway.name, Decision.ACCEPTED, payment.amount, "USD")
    assert (told.attempt, told.reference_number) == (payment.attempt, payment.reference_number)
    assert (told.method, told.card_brand, len(told.card_last4)) == ("card", "Visa", 4)
    assert (told.payer_name, told.payer_email) == ("Pat Example", "pat@example.com")
    assert (returned.transaction_id, returned.decision, returned.amount) == (told.transaction_id, told.decision, told.amount)
    assert told.transaction_id == told.payment_id != ""


def test_no_card_number_is_kept(paid: Notice) -> None:
    assert "411111" not in str(paid.payload)
    assert not any("card_number" in name or "expiry" in name for name in paid.payload)


def test_what_is_told_twice_is_the_same_event(gateway: Gateway, shop: Shop, payer: Payer) -> None:
    payer.pays(gateway.begin(shop.payment()), notify="twice")
    first, second = map(gateway.read, shop.heard)
    assert (first.event_id, first.transaction_id) == (second.event_id, second.transaction_id)


def test_a_declined_card_pays_nothing(gateway: Gateway, shop: Shop, payer: Payer) -> None:
    payment = shop.payment()
    brought = payer.pays(gateway.begin(payment), choice="declined")
    if gateway.name == "Stripe":
        # The payer is still on Stripe's page, where another card can be tried.
        assert shop.heard == []
        found = gateway.look_up(payment.reference_number, payment.started_at - HOUR)
        assert [each.decision for each in found] == [Decision.PENDING]
    else:
        assert brought is not None
        assert {gateway.read(brought).decision, gateway.read(shop.heard[0]).decision} == {Decision.DECLINED}


def test_who_leaves_the_page_has_not_paid(gateway: Gateway, shop: Shop, payer: Payer) -> None:
    payment = shop.payment()
    brought = payer.pays(gateway.begin(payment), cancel="1")
    assert brought is not None
    assert shop.heard == []
    if gateway.name == "CyberSource":
        assert gateway.read(brought).decision == Decision.CANCELED
    else:
        with pytest.raises(NoticeUnneeded):
            gateway.read(brought)
    payer.pages(f"staff/{payer.key_of(payment.reference_number)}/settle/", what="expire")
    found = gateway.look_up(payment.reference_number, payment.started_at - HOUR)
    assert Decision.ACCEPTED not in [each.decision for each in found]


def test_a_session_that_expires_is_told_of(played_payments: PlayedPayments, shop: Shop, payer: Payer) -> None:
    gateway = Stripe.of(played_payments.config)
    assert gateway is not None
    payment = shop.payment()
    gateway.begin(payment)
    payer.pages(f"staff/{payer.key_of(payment.reference_number)}/settle/", what="expire")
    told = gateway.read(shop.heard[0])
    assert (told.decision, told.attempt) == (Decision.EXPIRED, payment.attempt)


@pytest.mark.parametrize(("ruling", "decision"), [("approve", Decision.ACCEPTED), ("reject", Decision.DECLINED)])
def test_what_waits_is_decided_later(gateway: Gateway, shop: Shop, payer: Payer, ruling: str, decision: Decision) -> None:
    waits, choice = (Decision.PENDING, "bank") if gateway.name == "Stripe" else (Decision.REVIEW, "review")
    payment = shop.payment()
    payer.pays(gateway.begin(payment), choice=choice)
    payer.pages(f"staff/{payer.key_of(payment.reference_number)}/settle/", what=ruling)
    first, then = map(gateway.read, shop.heard)
    assert (first.decision, then.decision) == (waits, decision)
    assert (first.attempt, first.transaction_id) == (then.attempt, then.transaction_id)
    assert first.event_id != then.event_id


def test_a_lost_notification_is_found_by_looking_it_up(gateway: Gateway, shop: Shop, payer: Payer) -> None:
    payment = shop.payment()
    payer.pays(gateway.begin(payment), notify="never", stay="on")
    assert shop.heard == []
    (found,) = gateway.look_up(payment.reference_number, payment.started_at - HOUR)
    assert (found.decision, found.attempt, found.amount, found.currency) == (Decision.ACCEPTED, payment.attempt, payment.amount, "USD")
    assert (found.card_brand, found.payer_name) == ("Visa", "Pat Example")
    payer.pages(f"staff/{payer.key_of(payment.reference_number)}/tell/")
    assert gateway.read(shop.heard[0]).transaction_id == found.transaction_id


def test_a_notification_that_comes_late_is_believed(gateway: Gateway, shop: Shop, payer: Payer) -> None:
    payer.pays(gateway.begin(shop.payment()))
    (message,) = shop.heard
    if gateway.name == "CyberSource":  # Stripe signs anew when it sends again
        assert gateway.read(replace(message, received_at=message.received_at + 47 * HOUR)).decision == Decision.ACCEPTED
    with pytest.raises(NoticeRefused) as refused:
        gateway.read(replace(message, received_at=message.received_at + 49 * HOUR))
    assert refused.value.code == "stale"


@pytest.mark.parametrize("forged", ["amount", "signature"])
def test_forgeries_are_refused(gateway: Gateway, shop: Shop, payer: Payer, forged: str) -> None:
    payment = shop.payment()
    payer.pays(gateway.begin(payment), notify="never")
    payer.pages(f"staff/{payer.key_of(payment.reference_number)}/tell/", forged=forged)
    with pytest.raises(NoticeRefused) as refused:
        gateway.read(shop.heard[0])
    assert refused.value.code == "signature_wrong"


def test_a_refund_gives_back_its_amount_once(gateway: Gateway, paid: Notice) -> None:
    order = order_of(paid, "40.00")
    first, again = gateway.refund(order), gateway.refund(order)
    assert (first.state, again.state) == ("succeeded", "succeeded")
    assert first.transaction_id == again.transaction_id != ""
    assert gateway.refund(order_of(paid, "110.00")).state == "succeeded"
    assert gateway.refund(order_of(paid, "0.01")).state == "refused"


def test_what_was_never_paid_is_not_given_back(gateway: Gateway, paid: Notice) -> None:
    refused = gateway.refund(replace(order_of(paid), transaction_id="pi_of_nobody"))
    assert (refused.state, refused.transaction_id) == ("refused", "")
    assert gateway.name in refused.message


def test_the_money_of_a_period_is_listed(gateway: Gateway, paid: Notice) -> None:
    given_back = gateway.refund(order_of(paid, "40.00"))
    moved = {each.transaction_id: each for each in gateway.settled(clock.now() - HOUR, clock.now() + HOUR)}
    payment, refund = moved[paid.transaction_id], moved[given_back.transaction_id]
    assert (payment.decision, payment.amount, payment.reference_number) == (Decision.ACCEPTED, paid.amount, paid.reference_number)
    assert (refund.decision, refund.amount) == (Decision.REFUNDED, Decimal("40.00"))
    assert gateway.settled(clock.now() - 3 * HOUR, clock.now() - 2 * HOUR) == []


def test_a_gateway_that_is_down_is_asked_again_later(gateway: Gateway, shop: Shop, payer: Payer, paid: Notice) -> None:
    payer.pages("settings/", down="on")
    for asked in (
        lambda: gateway.refund(order_of(paid)),
        lambda: gateway.look_up(paid.reference_number, clock.now() - HOUR),
        lambda: gateway.settled(clock.now() - HOUR, clock.now()),
    ):
        with pytest.raises(GatewayUnavailable, match="503"):
            asked()
    payer.pages("settings/")
    assert gateway.refund(order_of(paid)).state == "succeeded"
