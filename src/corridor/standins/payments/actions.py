"""What happens to a payment: it is decided, given back, told of."""

import json
import secrets
import time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import deliveries, secure_acceptance, stripe_objects
from .choices import CHOICES
from .models import Delivery, Payment, Refund, Service, Stage


class RefundRefused(Exception):
    """`again` is the refund that the merchant has had under this code."""

    def __init__(self, message: str, again: Refund | None = None) -> None:
        super().__init__(message)
        self.again = again


@transaction.atomic
def pay(payment: Payment, *, choice: str, name: str, email: str) -> Payment:
    """What the payer chose; a page that was decided stays so."""
    payment = Payment.objects.get(pk=payment.pk)
    if payment.stage != Stage.OPEN:
        return payment
    payment.choice, payment.name, payment.email = choice, name, email
    repeated = payment.service == Service.CYBERSOURCE and secure_acceptance.is_repeated(payment)
    payment.stage = Stage.ERROR if repeated else CHOICES[payment.service][choice].stage
    if payment.service == Service.CYBERSOURCE:
        payment.number = number()
    elif payment.stage != Stage.OPEN:
        payment.number = payment.key.replace("cs_test_", "pi_")
    return _decided(payment)


@transaction.atomic
def leave(payment: Payment) -> Payment:
    """Back to the merchant, unpaid. A session of Stripe stays open, which its expiry ends."""
    payment = Payment.objects.get(pk=payment.pk)
    if payment.stage == Stage.OPEN and payment.service == Service.CYBERSOURCE:
        payment.stage = Stage.CANCELED
        payment = _decided(payment)
    return payment


@transaction.atomic
def rule(payment: Payment, *, accepted: bool) -> Payment:
    """What staff, or a bank, say of a payment that waits."""
    payment = Payment.objects.get(pk=payment.pk)
    if payment.is_waiting:
        payment.stage = Stage.ACCEPTED if accepted else Stage.DECLINED
        payment = _decided(payment)
    return payment


@transaction.atomic
def expire(payment: Payment) -> Payment:
    payment = Payment.objects.get(pk=payment.pk)
    if payment.stage == Stage.OPEN:
        payment.stage = Stage.EXPIRED
        payment = _decided(payment)
    return payment


def _decided(payment: Payment) -> Payment:
    payment.decided = timezone.now()
    payment.save()
    return payment


@transaction.atomic
def give_back(*, number_of_payment: str, code: str, amount: Decimal, number_of_refund: str, told: dict[str, Any]) -> Refund:
    """One refund for each code, and never more than was paid. Raises RefundRefused."""
    if again := Refund.objects.filter(code=code).first():
        raise RefundRefused("A refund with this reference was made before.", again)
    payment = Payment.objects.filter(number=number_of_payment, stage=Stage.ACCEPTED).first()
    if payment is None:
        raise RefundRefused("There is no such payment.")
    if amount <= 0 or payment.given_back + amount > payment.amount:
        raise RefundRefused("More than was paid.")
    return Refund.objects.create(payment=payment, number=number_of_refund, code=code, amount=amount, told=told)


def tell(payment: Payment, *, when: str = "once", seconds: float = 0, forged: str = "") -> None:
    """Notify the merchant's server: `once`, `twice`, `later` or `never`."""
    told = deliveries.MODULES[payment.service].told(payment)
    if when == "never" or told is None:
        return
    what, body = told
    delivery = Delivery.objects.create(payment=payment, what=what, body=json.dumps(body), forged=forged)
    if when == "later":
        deliveries.send_later(delivery, seconds)
        return
    for _ in range(2 if when == "twice" else 1):
        deliveries.send(delivery)


def tell_of_refund(refund: Refund) -> None:
    """Stripe tells of refunds; CyberSource does not."""
    if refund.payment.service == Service.STRIPE:
        what, body = stripe_objects.told_of_refund(refund)
        deliveries.send(Delivery.objects.create(payment=refund.payment, what=what, body=json.dumps(body)))


def dispute(payment: Payment) -> None:
    """The payer asks the bank for the money back, of which Stripe tells."""
    if payment.service == Service.STRIPE and payment.is_paid:
        what, body = stripe_objects.told_of_dispute(payment)
        deliveries.send(Delivery.objects.create(payment=payment, what=what, body=json.dumps(body)))


def number() -> str:
    """A number as CyberSource gives to what it is asked."""
    return f"{time.time_ns():019d}{secrets.randbelow(1000):03d}"
