"""What Stripe's objects say of money: sessions, intents, charges, refunds, disputes. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from corridor.mitxonline.gateways.errors import NoticeUnneeded
from corridor.mitxonline.gateways.port import Decision, Notice

from .session import from_cents

NAME = "Stripe"
Object = Mapping[str, Any]
# of an intent; every other status waits for the payer
INTENTS = {"succeeded": Decision.ACCEPTED, "canceled": Decision.CANCELED}
BRANDS = {"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay"}
KEPT = (
    "amount", "amount_refunded", "amount_total", "charge", "client_reference_id", "created", "currency", "expires_at", "id", "latest_charge",
    "livemode", "metadata", "object", "payment_intent", "payment_status", "reason", "status",
)  # fmt: skip


def notice_of(event: Mapping[str, Any]) -> Notice:
    """What an event says. Raises NoticeUnneeded for what is of no concern to orders."""
    read = READ.get(event["type"])
    if read is None:
        raise NoticeUnneeded(f"{event['type']} is no event that orders wait for.")
    found = read(event["data"]["object"])
    payload = {"event": event["type"], **found.payload}
    return replace(found, event_id=event["id"], occurred_at=_moment(event["created"]), payload=payload)


def of_session(session: Object) -> Notice:
    intent = _object(session.get("payment_intent"))
    found = replace(of_intent(intent), payload=_kept(session)) if intent else _notice(session, _unpaid(session))
    payer = session.get("customer_details") or {}
    return replace(
        found,
        decision=_decision_of_session(session, intent),
        event_id=f"{session['id']}:{_decision_of_session(session, intent)}",
        attempt=found.attempt or _attempt(session),
        reference_number=session.get("client_reference_id") or found.reference_number,
        amount=_amount(session.get("amount_total")),
        transaction_id=_id(session.get("payment_intent")),
        payment_id=_id(session.get("payment_intent")),
        payer_name=payer.get("name") or found.payer_name,
        payer_email=payer.get("email") or found.payer_email,
    )


def _decision_of_session(session: Object, intent: Object) -> Decision:
    """Money first: what an intent got is paid whatever the session says."""
    if intent.get("status") in INTENTS:
        return INTENTS[intent["status"]]
    return _unpaid(session) if session.get("payment_status") == "unpaid" else Decision.ACCEPTED


def _unpaid(session: Object) -> Decision:
    return Decision.EXPIRED if session.get("status") == "expired" else Decision.PENDING


def of_intent(intent: Object) -> Notice:
    charge = _object(intent.get("latest_charge"))
    failure = intent.get("last_payment_error") or {}
    found = _notice(intent, INTENTS.get(str(intent.get("status")), Decision.PENDING), reason=failure.get("message") or "")
    found = replace(found, transaction_id=intent["id"], payment_id=intent["id"])
    return replace(found, **_payer(charge)) if charge else found


def of_charge(charge: Object) -> Notice:
    """A charge that succeeded, which is how an intent is paid."""
    intent = _id(charge.get("payment_intent"))
    found = _notice(charge, Decision.ACCEPTED if charge.get("status") == "succeeded" else Decision.PENDING)
    return replace(found, transaction_id=intent, payment_id=intent, **_payer(charge))


def of_refund(refund: Object) -> Notice:
    """Its metadata are ours when we made it; the order is the charge's where Stripe gave it with it."""
    charge = _object(refund.get("charge"))
    failed = refund.get("status") in ("failed", "canceled")
    pending = refund.get("status") in ("pending", "requires_action")
    decision = Decision.BOUNCED if failed else Decision.PENDING if pending else Decision.REFUNDED
    payment = _id(refund.get("payment_intent"))
    known = _notice(refund, decision, reason=refund.get("failure_reason") or refund.get("reason") or "")
    of_order: dict[str, Any] = {"attempt": _attempt(charge), "reference_number": _reference(charge), **_payer(charge)} if charge else {}
    return replace(known, transaction_id=refund["id"], payment_id=payment, **of_order)


def of_refunded_charge(charge: Object) -> Notice:
    """The newest refund of a charge, which is what the event is about."""
    newest = max((charge.get("refunds") or {}).get("data") or (), key=lambda refund: refund["created"], default=None)
    if newest is None:
        raise NoticeUnneeded("The event names no refund; refund.created does.")
    return of_refund({"payment_intent": charge.get("payment_intent"), **newest, "charge": charge})


def of_dispute(dispute: Object) -> Notice:
    payment = _id(dispute.get("payment_intent"))
    found = _notice(dispute, Decision.DISPUTED, reason=dispute.get("reason") or "")
    return replace(found, transaction_id=payment, payment_id=payment)


def _failed_later(session: Object) -> Notice:
    return replace(of_session(session), decision=Decision.DECLINED)


READ: Mapping[str, Callable[[Object], Notice]] = {
    "checkout.session.completed": of_session,
    "checkout.session.expired": of_session,
    "checkout.session.async_payment_succeeded": of_session,
    "checkout.session.async_payment_failed": _failed_later,
    "payment_intent.succeeded": of_intent,
    "payment_intent.processing": of_intent,
    "payment_intent.payment_failed": of_intent,
    "payment_intent.canceled": of_intent,
    "charge.refunded": of_refunded_charge,
    "refund.created": of_refund,
    "refund.updated": of_refund,
    "refund.failed": of_refund,
    "charge.dispute.created": of_dispute,
}


def _notice(about: Object, decision: Decision, reason: str = "") -> Notice:
    return Notice(
        gateway=NAME,
        attempt=_attempt(about),
        reference_number=_reference(about),
        transaction_id="",
        event_id=f"{about['id']}:{decision}",
        decision=decision,
        amount=_amount(about.get("amount")),
        currency=str(about.get("currency") or "").upper(),
        occurred_at=_moment(about["created"]),
        reason=reason,
        payload=_kept(about),
    )


def _payer(charge: Object) -> dict[str, Any]:
    details = charge.get("payment_method_details") or {}
    card = details.get("card") or {}
    billed = charge.get("billing_details") or {}
    brand = card.get("brand") or ""
    return {
        "method": details.get("type") or "",
        "card_brand": BRANDS.get(brand, brand.capitalize()),
        "card_last4": card.get("last4") or "",
        "payer_name": billed.get("name") or "",
        "payer_email": billed.get("email") or "",
    }


def _kept(about: Object) -> dict[str, Any]:
    """Of an object what tells about the money, and ids in place of what Stripe gave with it."""
    return {
        name: _id(about[name]) if isinstance(about[name], Mapping) and "id" in about[name] else about[name]
        for name in KEPT
        if name in about
    }


def _attempt(about: Object) -> UUID | None:
    try:
        return UUID((about.get("metadata") or {})["attempt"])
    except (KeyError, ValueError):
        return None


def _reference(about: Object) -> str:
    return str((about.get("metadata") or {}).get("reference_number") or "")


def _amount(counted: int | None) -> Decimal | None:
    return None if counted is None else from_cents(counted)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _object(given: Any) -> Object:
    """What Stripe gave with the object; empty where it gave an id alone."""
    return given if isinstance(given, Mapping) else {}


def _id(given: Any) -> str:
    return str(given.get("id", "") if isinstance(given, Mapping) else given or "")
