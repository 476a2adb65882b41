"""CyberSource's REST interface: how calls are signed, and what is made of refunds and searches."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from corridor.mitxonline.gateways.cybersource.gateway import CyberSource
from corridor.mitxonline.gateways.cybersource.rest import signed_headers
from corridor.mitxonline.gateways.cybersource.searches import decision_of, notice_of
from corridor.mitxonline.gateways.errors import GatewayUnavailable
from corridor.mitxonline.gateways.port import Decision, Notice, RefundOrder
from corridor.mitxonline.gateways.tests.shop import Payer, Shop, open_shop
from tests.fixtures.payments import PlayedPayments

from .replies import ATTEMPT, NOW, PROFILE


def test_a_call_is_signed_over_its_address_and_body() -> None:
    secret = b"0123456789abcdef"
    merchant = {"merchant_id": "corridor", "merchant_key_id": "key-1", "merchant_secret": base64.b64encode(secret).decode()}
    headers = signed_headers(replace(PROFILE, **merchant), "/tss/v2/searches", b"{}", NOW)
    digest = "SHA-256=" + base64.b64encode(hashlib.sha256(b"{}").digest()).decode()
    text = (
        "host: api.example\ndate: Sat, 01 Mar 2031 12:00:00 GMT\n(request-target): post /tss/v2/searches\n"
        f"digest: {digest}\nv-c-merchant-id: corridor"
    )
    proof = base64.b64encode(hmac.new(secret, text.encode(), "sha256").digest()).decode()
    assert headers["Signature"] == (
        f'keyid="key-1", algorithm="HmacSHA256", headers="host date (request-target) digest v-c-merchant-id", signature="{proof}"'
    )
    assert (headers["Host"], headers["Digest"]) == ("api.example", digest)


def steps(*steps: tuple[str, str, str]) -> dict[str, object]:
    return {"applicationInformation": {"applications": [dict(zip(("name", "rCode", "reasonCode"), step, strict=True)) for step in steps]}}


@pytest.mark.parametrize(
    ("summary", "decision"),
    [
        (steps(("ics_auth", "1", "100"), ("ics_bill", "1", "100")), Decision.ACCEPTED),
        (steps(("ics_auth", "1", "100")), Decision.PENDING),
        (steps(("ics_auth", "1", "100"), ("ics_decision", "0", "480")), Decision.REVIEW),
        (steps(("ics_auth", "0", "203")), Decision.DECLINED),
        (steps(("ics_auth", "1", "100"), ("ics_bill", "-1", "150")), Decision.ERROR),
        (steps(("ics_credit", "1", "100")), Decision.REFUNDED),
        (steps(("ics_credit", "0", "203")), Decision.BOUNCED),
        ({"applicationInformation": {"applications": None}}, Decision.PENDING),
    ],
)
def test_what_the_steps_of_a_transaction_come_to(summary: dict[str, object], decision: Decision) -> None:
    assert decision_of(summary) is decision


def test_a_summary_with_little_in_it_is_read() -> None:
    found = notice_of(
        {"id": "6", "submitTimeUtc": "2031-03-01T12:00:00Z", "merchantDefinedInformation": [{"key": "1", "value": str(ATTEMPT)}]}
    )
    assert (found.attempt, found.amount, found.occurred_at) == (ATTEMPT, None, NOW)
    assert (
        notice_of({"id": "6", "submitTimeUtc": "2031-03-01T12:00:00Z", "merchantDefinedInformation": [{"key": "1", "value": "17"}]}).attempt
        is None
    )


# --- against the stand-in


@pytest.fixture
def gateway(played_payments: PlayedPayments) -> CyberSource:
    made = CyberSource.of(played_payments.config)
    assert made is not None
    return made


@pytest.fixture
def payer(played_payments: PlayedPayments) -> Payer:
    return Payer(played_payments.address)


@pytest.fixture
def shop(payer: Payer) -> Iterator[Shop]:
    with open_shop() as opened:
        payer.pages("settings/", cybersource_address=opened.notified_at)
        yield opened
        payer.pages("settings/")


def told(gateway: CyberSource, shop: Shop, payer: Payer, choice: str = "accepted") -> Notice:
    payer.pays(gateway.begin(shop.payment()), choice=choice)
    return gateway.read(shop.heard[-1])


def refund_of(notice: Notice) -> RefundOrder:
    return RefundOrder(uuid4(), notice.reference_number, notice.transaction_id, Decimal("10"), "USD", method=notice.method)


def test_paypal_is_refunded_in_paypal(gateway: CyberSource, shop: Shop, payer: Payer) -> None:
    paid = told(gateway, shop, payer, "paypal")
    outcome = gateway.refund(refund_of(paid))
    assert (paid.decision, paid.method, outcome.state) == (Decision.ACCEPTED, "paypal", "refused")
    assert "PayPal" in outcome.message


def test_a_refund_that_the_search_does_not_list_yet_is_not_made_twice(gateway: CyberSource, shop: Shop, payer: Payer) -> None:
    order = refund_of(told(gateway, shop, payer))
    payer.pages("settings/", finds_nothing="on")
    made = gateway.refund(order)
    with pytest.raises(GatewayUnavailable, match="does not list it yet"):
        gateway.refund(order)
    payer.pages("settings/")
    assert gateway.refund(order).transaction_id == made.transaction_id


def test_what_was_approved_in_part_is_told_and_found_as_a_part(gateway: CyberSource, shop: Shop, payer: Payer) -> None:
    notice = told(gateway, shop, payer, "partly")
    (found,) = gateway.look_up(notice.reference_number, notice.occurred_at.replace(hour=0))
    assert notice.amount == found.amount == Decimal("75.00")


def test_the_same_attempt_is_not_paid_twice(gateway: CyberSource, shop: Shop, payer: Payer) -> None:
    payment = shop.payment()
    handoff = gateway.begin(payment)
    payer.pays(handoff)
    payer.pays(handoff)
    first, second = map(gateway.read, shop.heard)
    assert (first.decision, second.decision) == (Decision.ACCEPTED, Decision.ERROR)
    assert second.reason.startswith("104")
    assert len([each for each in gateway.settled(payment.started_at, payment.expires_at) if each.attempt == payment.attempt]) == 1


@pytest.mark.parametrize("field", ["amount", "transaction_uuid", "signature"])
def test_a_form_that_was_changed_on_the_way_is_not_taken(gateway: CyberSource, shop: Shop, payer: Payer, field: str) -> None:
    handoff = gateway.begin(shop.payment())
    changed = {**handoff.fields, field: handoff.fields[field] + "1"}
    answer = payer.session.post(handoff.url, data=changed, timeout=10)
    assert (answer.status_code, "not taken" in answer.text) == (403, True)


def test_merchants_keys_that_are_not_known_are_a_sentence(gateway: CyberSource, shop: Shop) -> None:
    stranger = CyberSource(replace(gateway.profile, merchant_secret=base64.b64encode(b"wrong").decode()))
    with pytest.raises(GatewayUnavailable, match="401"):
        stranger.look_up("mitxonline-test-1", NOW)
