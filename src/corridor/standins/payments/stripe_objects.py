"""Stripe's objects and events, in its published shapes as far as Corridor reads them."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from .choices import CHOICES
from .models import Delivery, Forgery, Payment, Refund, Service, Stage

VERSION = "2024-06-20"
WRONG_SECRET = "whsec_of_somebody_else"  # noqa: S105 - what forgeries are signed with
INTENTS = {
    Stage.ACCEPTED: "succeeded",
    Stage.PENDING: "processing",
    Stage.DECLINED: "requires_payment_method",
    Stage.OPEN: "requires_payment_method",
}
Object = dict[str, Any]


def session(payment: Payment, *, whole: bool = False) -> Object:
    """A Checkout Session; `whole` with its intent, and that with its charge, in place of ids."""
    ended = payment.stage not in (Stage.OPEN, Stage.EXPIRED)
    return {
        "id": payment.key,
        "object": "checkout.session",
        "amount_subtotal": cents(payment.amount),
        "amount_total": cents(payment.amount),
        "cancel_url": payment.asked["cancel_url"],
        "client_reference_id": payment.reference,
        "created": seconds(payment.begun),
        "currency": payment.currency.lower(),
        "customer_details": {"email": payment.email, "name": payment.name} if payment.name else None,
        "expires_at": int(payment.asked["expires_at"]),
        "livemode": False,
        "metadata": payment.asked["metadata"],
        "mode": "payment",
        "payment_intent": (intent(payment) if whole else payment.number) if payment.number else None,
        "payment_status": "paid" if payment.is_paid else "unpaid",
        "status": "complete" if ended else str(payment.stage),
        "success_url": payment.asked["success_url"],
        "url": None if ended or payment.stage == Stage.EXPIRED else f"{payment.asked['here']}/payments/pay/{payment.key}/",
    }


def intent(payment: Payment) -> Object:
    failed = payment.stage == Stage.DECLINED
    return {
        "id": payment.number,
        "object": "payment_intent",
        "amount": cents(payment.amount),
        "amount_received": cents(payment.amount) if payment.is_paid else 0,
        "created": seconds(payment.decided or payment.begun),
        "currency": payment.currency.lower(),
        "last_payment_error": {"code": "payment_intent_payment_attempt_failed", "message": "The bank refused."} if failed else None,
        "latest_charge": charge(payment) if payment.is_paid else None,
        "livemode": False,
        "metadata": payment.asked["intent_metadata"],
        "status": INTENTS.get(Stage(payment.stage), "canceled"),
    }


def charge(payment: Payment) -> Object:
    chosen = CHOICES[Service.STRIPE][payment.choice]
    details = {"brand": chosen.brand, "last4": chosen.last4} if chosen.method == "card" else {"last4": chosen.last4}
    return {
        "id": charge_id(payment),
        "object": "charge",
        "amount": cents(payment.amount),
        "amount_refunded": cents(payment.given_back),
        "billing_details": {"email": payment.email, "name": payment.name},
        "created": seconds(payment.decided or payment.begun),
        "currency": payment.currency.lower(),
        "livemode": False,
        "metadata": payment.asked["intent_metadata"],
        "paid": True,
        "payment_intent": payment.number,
        "payment_method_details": {"type": chosen.method, chosen.method: details},
        "refunded": payment.given_back == payment.amount,
        "status": "succeeded",
    }


def charge_id(payment: Payment) -> str:
    return payment.number.replace("pi_", "ch_")


def refund(made: Refund, *, whole: bool = False) -> Object:
    return {
        "id": made.number,
        "object": "refund",
        "amount": cents(made.amount),
        "charge": charge(made.payment) if whole else charge_id(made.payment),
        "created": seconds(made.at),
        "currency": made.payment.currency.lower(),
        "metadata": made.told,
        "payment_intent": made.payment.number,
        "reason": None,
        "status": "succeeded",
    }


# --- events


def told(payment: Payment) -> tuple[str, dict[str, object]] | None:
    """The event that a payment's stage makes; a card that was declined makes none, for the page stays open."""
    waited = payment.choice == "bank"
    what = {
        Stage.ACCEPTED: "checkout.session.async_payment_succeeded" if waited else "checkout.session.completed",
        Stage.PENDING: "checkout.session.completed",
        Stage.DECLINED: "checkout.session.async_payment_failed",
        Stage.EXPIRED: "checkout.session.expired",
    }.get(Stage(payment.stage))
    return (what, event(what, session(payment), payment.key)) if what else None


def told_of_refund(made: Refund) -> tuple[str, Object]:
    about = charge(made.payment) | {"refunds": {"object": "list", "data": [refund(made)], "has_more": False}}
    return "charge.refunded", event("charge.refunded", about, made.number)


def told_of_dispute(payment: Payment) -> tuple[str, Object]:
    about = {
        "id": payment.number.replace("pi_", "dp_"),
        "object": "dispute",
        "amount": cents(payment.amount),
        "charge": charge_id(payment),
        "created": seconds(timezone.now()),
        "currency": payment.currency.lower(),
        "metadata": {},
        "payment_intent": payment.number,
        "reason": "fraudulent",
        "status": "needs_response",
    }
    return "charge.dispute.created", event("charge.dispute.created", about, payment.number)


def event(what: str, about: Object, of: str) -> Object:
    """The same id whenever the same thing is told."""
    return {
        "id": f"evt_{hashlib.sha256(f'{what} {of}'.encode()).hexdigest()[:24]}",
        "object": "event",
        "api_version": VERSION,
        "created": int(time.time()),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": what,
    }


def sealed(delivery: Delivery) -> tuple[bytes, dict[str, str]]:
    """The body and its signature of this moment; a forged one as somebody without the secret would send it."""
    key = settings.CONFIG.stripe_webhook_secret
    secret = WRONG_SECRET if delivery.forged == Forgery.SIGNATURE or key is None else key.get_secret_value()
    body, now = delivery.body.encode(), str(int(time.time()))
    proof = hmac.new(secret.encode(), now.encode() + b"." + body, hashlib.sha256).hexdigest()
    if delivery.forged == Forgery.AMOUNT:
        body = _cheapened(body)
    return body, {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": f"t={now},v1={proof}"}


def _cheapened(body: bytes) -> bytes:
    changed = json.loads(body)
    changed["data"]["object"]["amount_total"] = 1
    return json.dumps(changed).encode()


def listed(data: list[Object], *, more: bool = False) -> Mapping[str, Any]:
    return {"object": "list", "data": data, "has_more": more}


def cents(amount: Decimal) -> int:
    return int(amount * 100)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())
