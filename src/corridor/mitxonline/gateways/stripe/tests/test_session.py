"""How a Checkout Session is opened, and what Stripe's interface is asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from corridor.kit import clock
from corridor.mitxonline.gateways.errors import GatewayUnavailable, NoticeRefused
from corridor.mitxonline.gateways.port import Decision, Item, Message, RefundOrder
from corridor.mitxonline.gateways.stripe.gateway import Stripe
from corridor.mitxonline.gateways.stripe.session import cents, session_form
from corridor.mitxonline.gateways.tests.shop import Payer, Shop, open_shop
from tests.fixtures.payments import PlayedPayments

SHOP = Shop("https://shop.example")


def test_a_session_names_the_order_the_attempt_and_what_is_sold() -> None:
    payment = SHOP.payment()
    form = session_form(payment)
    assert form["client_reference_id"] == payment.reference_number
    assert form["metadata[attempt]"] == form["payment_intent_data[metadata][attempt]"] == str(payment.attempt)
    assert form["success_url"] == "https://shop.example/back?session_id={CHECKOUT_SESSION_ID}"
    assert form["line_items[0][price_data][unit_amount]"] == "15000"
    assert form["line_items[0][price_data][currency]"] == "usd"
    assert form == session_form(payment)


def test_the_session_comes_to_the_amount_of_the_order_whatever_the_items_say() -> None:
    items = [Item("a", "Ropes", "1-1", 1, Decimal("99.99")), Item("b", "Knots", "1-2", 1, Decimal("50.02"))]
    form = session_form(replace(SHOP.payment(amount="150.00"), items=items))
    assert form["line_items[0][price_data][unit_amount]"] == "15000"
    assert "line_items[1][quantity]" not in form


@pytest.mark.parametrize(("lasts", "minutes"), [(timedelta(minutes=5), 31), (timedelta(hours=2), 120), (timedelta(days=3), 24 * 60 - 1)])
def test_a_session_lasts_as_long_as_stripe_allows(lasts: timedelta, minutes: int) -> None:
    payment = SHOP.payment()
    form = session_form(replace(payment, expires_at=payment.started_at + lasts))
    assert int(form["expires_at"]) == int((payment.started_at + timedelta(minutes=minutes)).timestamp())


def test_parts_of_a_cent_are_not_charged() -> None:
    assert cents(Decimal("0.10000")) == 10
    with pytest.raises(ValueError, match="cents"):
        cents(Decimal("0.105"))


# --- against the stand-in


@pytest.fixture
def gateway(played_payments: PlayedPayments) -> Stripe:
    made = Stripe.of(played_payments.config)
    assert made is not None
    return made


@pytest.fixture
def payer(played_payments: PlayedPayments) -> Payer:
    return Payer(played_payments.address)


@pytest.fixture
def shop(payer: Payer) -> Iterator[Shop]:
    with open_shop() as opened:
        payer.pages("settings/", stripe_address=opened.notified_at)
        yield opened
        payer.pages("settings/")


def test_an_attempt_that_is_begun_again_is_the_same_session(gateway: Stripe, shop: Shop) -> None:
    payment = shop.payment()
    assert gateway.begin(payment) == gateway.begin(payment)
    with pytest.raises(GatewayUnavailable, match="same parameters"):
        gateway.begin(replace(payment, reference_number="mitxonline-test-another"))


def test_a_refund_and_a_dispute_are_told_of(gateway: Stripe, shop: Shop, payer: Payer) -> None:
    payment = shop.payment()
    payer.pays(gateway.begin(payment))
    paid = gateway.read(shop.heard[0])
    outcome = gateway.refund(RefundOrder(uuid4(), payment.reference_number, paid.transaction_id, Decimal("40"), "USD"))
    payer.pages(f"staff/{payer.key_of(payment.reference_number)}/settle/", what="dispute")
    refunded, disputed = map(gateway.read, shop.heard[1:])
    assert (refunded.decision, refunded.transaction_id, refunded.amount) == (Decision.REFUNDED, outcome.transaction_id, Decimal("40"))
    assert (disputed.decision, disputed.payment_id) == (Decision.DISPUTED, paid.transaction_id)


def test_every_page_of_a_list_is_read(gateway: Stripe, shop: Shop, payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridor.mitxonline.gateways.stripe.gateway.PAGE", 1)
    payments = [shop.payment() for _ in range(3)]
    for payment in payments:
        payer.pays(gateway.begin(payment), notify="never")
    moved = gateway.settled(payments[0].started_at - timedelta(seconds=1), clock.now() + timedelta(hours=1))
    assert {each.attempt for each in moved} >= {payment.attempt for payment in payments}
    (found,) = gateway.look_up(payments[0].reference_number, payments[0].started_at - timedelta(seconds=1))
    assert found.attempt == payments[0].attempt


@pytest.mark.parametrize(
    ("session", "code"), [("", "layout_unknown"), ("cs_../refunds", "layout_unknown"), ("cs_test_none", "session_unknown")]
)
def test_a_browser_that_brings_no_session_is_not_believed(gateway: Stripe, session: str, code: str) -> None:
    with pytest.raises(NoticeRefused) as refused:
        gateway.read(Message("browser", {}, b"", {"session_id": session}, clock.now()))
    assert refused.value.code == code


def test_a_key_that_stripe_does_not_know_is_a_sentence(gateway: Stripe, shop: Shop) -> None:
    with pytest.raises(GatewayUnavailable, match="401"):
        Stripe("sk_test_wrong", "whsec", gateway.calls.address).begin(shop.payment())
