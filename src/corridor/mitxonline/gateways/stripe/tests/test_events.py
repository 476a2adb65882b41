"""What Stripe's events say, from recordings in its published shape, and which are believed."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.mitxonline.gateways.errors import NoticeRefused, NoticeUnneeded
from corridor.mitxonline.gateways.port import Decision, Message
from corridor.mitxonline.gateways.stripe.events import event_of
from corridor.mitxonline.gateways.stripe.gateway import Stripe
from corridor.mitxonline.gateways.stripe.notices import of_intent, of_session

RECORDINGS = Path(__file__).parent / "recordings"
SECRET, OLD_SECRET = "whsec_new", "whsec_old"
NOW = datetime(2031, 3, 1, 12, 0, tzinfo=UTC)
ATTEMPT = UUID("6b8e1d86-2f8d-4f40-9ad8-0f4f8fb2a9c1")
PAYMENT, REFUND = "pi_3RopeKnot", "re_3RopeKnot"


def recording(name: str) -> bytes:
    return (RECORDINGS / f"{name}.json").read_bytes()


def signature(body: bytes, at: int, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()


def message(body: bytes, header: str | None = None, after: timedelta = timedelta()) -> Message:
    at = int(NOW.timestamp())
    return Message("server", {"Stripe-Signature": header or f"t={at},v1={signature(body, at)}"}, body, {}, NOW + after)


@pytest.fixture
def gateway() -> Stripe:
    """Nobody listens at its address: what a receipt shows is left out, and nothing else."""
    return Stripe("sk_test_none", SECRET, "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("name", "decision", "transaction", "amount"),
    [
        ("checkout.session.completed", Decision.ACCEPTED, PAYMENT, "150.00"),
        ("checkout.session.completed-unpaid", Decision.PENDING, PAYMENT, "150.00"),
        ("checkout.session.async_payment_succeeded", Decision.ACCEPTED, PAYMENT, "150.00"),
        ("checkout.session.async_payment_failed", Decision.DECLINED, PAYMENT, "150.00"),
        ("checkout.session.expired", Decision.EXPIRED, "", "150.00"),
        ("payment_intent.succeeded", Decision.ACCEPTED, PAYMENT, "150.00"),
        ("payment_intent.processing", Decision.PENDING, PAYMENT, "150.00"),
        ("payment_intent.payment_failed", Decision.PENDING, PAYMENT, "150.00"),
        ("payment_intent.canceled", Decision.CANCELED, PAYMENT, "150.00"),
        ("charge.refunded", Decision.REFUNDED, REFUND, "40.00"),
        ("refund.created", Decision.PENDING, REFUND, "40.00"),
        ("refund.updated", Decision.REFUNDED, REFUND, "40.00"),
        ("refund.failed", Decision.BOUNCED, REFUND, "40.00"),
        ("charge.dispute.created", Decision.DISPUTED, PAYMENT, "150.00"),
    ],
)
def test_what_events_say(gateway: Stripe, name: str, decision: Decision, transaction: str, amount: str) -> None:
    notice = gateway.read(message(recording(name)))
    assert (notice.decision, notice.transaction_id, notice.amount) == (decision, transaction, Decimal(amount))
    assert (notice.gateway, notice.currency) == ("Stripe", "USD")
    assert notice.event_id == json.loads(recording(name))["id"]
    if decision is not Decision.EXPIRED:
        assert notice.payment_id == PAYMENT
    if not name.startswith(("refund.", "charge.dispute")):
        assert (notice.attempt, notice.reference_number) == (ATTEMPT, "mitxonline-test-17")


def test_an_event_of_a_refund_is_about_the_newest_one_and_names_ours(gateway: Stripe) -> None:
    notice = gateway.read(message(recording("charge.refunded")))
    assert notice.payload["metadata"]["refund"] == "0d9a40a2-79e1-4d4c-8f1c-f7a0b8c6f5d3"
    assert (notice.card_brand, notice.card_last4) == ("American Express", "0005")


def test_why_a_card_was_declined_is_kept(gateway: Stripe) -> None:
    assert gateway.read(message(recording("payment_intent.payment_failed"))).reason == "Your card has insufficient funds."


@pytest.mark.parametrize("name", ["customer.created", "charge.refunded-without-refunds"])
def test_events_that_orders_do_not_wait_for(gateway: Stripe, name: str) -> None:
    with pytest.raises(NoticeUnneeded):
        gateway.read(message(recording(name)))


def test_no_secret_of_the_payer_is_kept(gateway: Stripe) -> None:
    for file in RECORDINGS.glob("payment_intent.*.json"):
        assert "client_secret" not in gateway.read(message(file.read_bytes())).payload


@pytest.mark.parametrize(
    ("session", "intent", "decision"),
    [
        ({"status": "open", "payment_status": "unpaid"}, None, Decision.PENDING),
        ({"status": "complete", "payment_status": "unpaid"}, None, Decision.PENDING),
        ({"status": "complete", "payment_status": "paid"}, None, Decision.ACCEPTED),
        ({"status": "complete", "payment_status": "no_payment_required"}, None, Decision.ACCEPTED),
        ({"status": "expired", "payment_status": "unpaid"}, None, Decision.EXPIRED),
        ({"status": "complete", "payment_status": "unpaid"}, "succeeded", Decision.ACCEPTED),
        ({"status": "expired", "payment_status": "unpaid"}, "succeeded", Decision.ACCEPTED),
        ({"status": "complete", "payment_status": "unpaid"}, "processing", Decision.PENDING),
        ({"status": "open", "payment_status": "unpaid"}, "requires_action", Decision.PENDING),
        ({"status": "open", "payment_status": "unpaid"}, "canceled", Decision.CANCELED),
    ],
)
def test_a_session_and_its_intent(session: dict[str, str], intent: str | None, decision: Decision) -> None:
    whole = json.loads(recording("checkout.session.completed"))["data"]["object"] | session
    made = json.loads(recording("payment_intent.succeeded"))["data"]["object"]
    assert of_session(whole | {"payment_intent": made | {"status": intent} if intent else None}).decision is decision


def test_an_intent_without_our_words_belongs_to_no_attempt() -> None:
    made = json.loads(recording("payment_intent.succeeded"))["data"]["object"]
    assert of_intent(made | {"metadata": {}}).attempt is None
    assert of_intent(made | {"metadata": {"attempt": "17"}}).attempt is None


# --- the signature


def test_one_of_several_signatures_suffices_while_the_secret_is_exchanged() -> None:
    body, at = recording("refund.updated"), int(NOW.timestamp())
    both = f"t={at},v1={signature(body, at, OLD_SECRET)},v1={signature(body, at)},v0=other"
    assert event_of(message(body, both), SECRET)["type"] == "refund.updated"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "signature_wrong"),
        ("t=1929960000", "signature_wrong"),
        ("v1=,t=", "signature_wrong"),
        ("t=1929960000,v1=ü", "signature_wrong"),
        ("t=1929960000,v0={proof}", "signature_wrong"),
        ("t=1929960001,v1={proof}", "signature_wrong"),
    ],
)
def test_signatures_that_do_not_fit(header: str, code: str) -> None:
    body = recording("refund.updated")
    given_header = header.replace("{proof}", signature(body, 1929960000)) or "none"
    with pytest.raises(NoticeRefused) as refused:
        event_of(message(body, given_header), SECRET)
    assert refused.value.code == code


@pytest.mark.parametrize(("seconds", "believed"), [(299, True), (301, False), (-299, True), (-301, False)])
def test_an_event_is_believed_for_five_minutes(seconds: int, believed: bool) -> None:
    late = message(recording("refund.updated"), after=timedelta(seconds=seconds))
    if believed:
        assert event_of(late, SECRET)
        return
    with pytest.raises(NoticeRefused) as refused:
        event_of(late, SECRET)
    assert refused.value.code == "stale"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"object": "event"}', b'{"object": "event", "id": "e", "type": "t", "data": {"object": 1}}']
)
def test_what_is_signed_and_yet_no_event(body: bytes) -> None:
    with pytest.raises(NoticeRefused) as refused:
        event_of(message(body), SECRET)
    assert refused.value.code == "layout_unknown"


@given(st.binary(max_size=60), st.integers(0, 59), st.integers(1, 255))
def test_a_changed_byte_does_not_fit(tail: bytes, where: int, change: int) -> None:
    body = b'{"object": "event"}' + tail
    signed = message(body)
    at = where % len(body)
    other = body[:at] + bytes([body[at] ^ change]) + body[at + 1 :]
    with pytest.raises(NoticeRefused) as refused:
        event_of(Message("server", signed.headers, other, {}, NOW), SECRET)
    assert refused.value.code == "signature_wrong"
