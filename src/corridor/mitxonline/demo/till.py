"""Buying in the demo: the cart and the checkout are real, and what a gateway would say of the payment is said here."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.mitxonline.catalog import products
from corridor.mitxonline.commerce import actions, checkout, payments, refunds
from corridor.mitxonline.commerce.models import CURRENCY, Order, OrderLine, Refund
from corridor.mitxonline.gateways.port import Decision, Notice, RefundOutcome

IP = "192.0.2.10"  # of the addresses that are kept for examples


@dataclass(frozen=True)
class Begun:
    """An order that somebody is about to pay."""

    order: Order
    notice: Notice  # as the gateway says it when all goes well


def begin(buyer: User, *names: str, code: str | None = None) -> Begun:
    """Put these into the cart and go to the checkout; the cart is left empty."""
    actions.clear(buyer.pk)
    for name in names:
        actions.add_to_basket(buyer.pk, product(name))
    if code:
        actions.apply_code(buyer.pk, code)
    order = Order.objects.get(pk=checkout.check_out(buyer.pk, ip=IP, gateway=settings.CONFIG.default_gateway).order_id)
    actions.clear(buyer.pk)
    return Begun(order, _notice(order, buyer, clock.now()))


def product(name: str) -> int:
    """Of a run, by its key, or of a program."""
    column = "program__readable_id" if name.startswith("program-") else "course_run__courseware_id"
    return products.active().get(**{column: name}).pk


def _notice(order: Order, buyer: User, at: datetime) -> Notice:
    attempt = order.attempts.get()
    number = f"NM{order.pk:08}"
    return Notice(
        gateway=attempt.gateway,
        attempt=attempt.pk,
        reference_number=order.reference_number,
        transaction_id=number,
        event_id=number,
        decision=Decision.ACCEPTED,
        amount=attempt.amount,
        currency=CURRENCY,
        occurred_at=at,
        method="card",
        card_brand="Visa",
        card_last4="1111",
        payer_name=buyer.name,
        payer_email=buyer.email,
    )


def decide(begun: Begun, decision: Decision = Decision.ACCEPTED, **otherwise: Any) -> Order:
    """The gateway's server tells what became of it."""
    payments.take(replace(begun.notice, decision=decision, **otherwise), "server")
    begun.order.refresh_from_db()
    return begun.order


def buy(buyer: User, *names: str, code: str | None = None) -> Order:
    return decide(begin(buyer, *names, code=code))


def give_back(order: Order, *courses: str, actor: User, reason: str) -> None:
    """Refund the lines of these runs, as the gateway makes it."""
    lines: dict[int, Decimal | None] = dict.fromkeys(
        OrderLine.objects.filter(order=order, course_run__courseware_id__in=courses).values_list("pk", flat=True)
    )
    make(refunds.refund(order.pk, lines=lines, actor=actor.pk, reason=reason))


def make(refund: Refund) -> None:
    """The gateway has made it; when the relay asks for it, it is done."""
    refunds.book(refund.pk, RefundOutcome("succeeded", f"{refund.payment.transaction_id}R"))
