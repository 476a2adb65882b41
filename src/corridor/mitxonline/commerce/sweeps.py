"""What commerce does by itself: asks gateways for what they did not tell, gives up what nobody paid, forgets carts that nobody came back to."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from corridor.kit.outbox import publish
from corridor.mitxonline.discounts import actions as uses
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.gateways.errors import GatewayUnavailable, GatewayUnknown
from corridor.mitxonline.gateways.port import Decision
from corridor.mitxonline.ledger.models import Transaction

from . import locks, refunds, states
from .models import Basket, Order, Refund
from .payments import take
from .vocabulary import OrderState, RefundState

log = structlog.get_logger(__name__)

UNTOLD_FOR = timedelta(minutes=15)
# After its last attempt has expired an order is asked about once more, for what was paid in its last minute.
CLOSING_TAKES = timedelta(minutes=5)
LOOKED_BACK = timedelta(days=3)
REFUND_PENDING_FOR = timedelta(hours=1)
A_RUN = 200  # orders that one run asks about


def resolve_orders(now: datetime) -> int:
    """Ask the gateways about orders whose payment nobody told of; then give up those that nobody can pay any more. How many were asked about."""
    waiting = Order.objects.filter(fulfilled_on=None, closed_on=None, attempts__created_on__lt=now - UNTOLD_FOR)
    rows = waiting.annotate(ends=Max("attempts__expires_at")).order_by("updated_on", "id")[:A_RUN]
    for order in rows:
        is_over = order.ends + CLOSING_TAKES <= now
        if order.ends <= now:
            _release(order.pk)
        if _asked_about(order) and is_over:
            close(order.pk, now)
    return len(rows)


def _asked_about(order: Order) -> bool:
    """Take what the gateways know of an order. False where one could not be asked."""
    for name in order.attempts.values_list("gateway", flat=True).order_by().distinct():
        try:
            notices = registry.gateway(name).look_up(order.reference_number, order.created_on)
        except (GatewayUnavailable, GatewayUnknown) as error:
            log.warning("orders.not_asked_about", order=order.reference_number, gateway=name, error=error.message)
            return False
        for notice in notices:
            take(notice, "look-up")
    return True


def take_unheard(now: datetime) -> int:
    """Take in what gateways were paid and nobody heard of, for whichever order, given up or not. How much it was."""
    unheard = 0
    for gateway in registry.configured().values():
        try:
            paid = [each for each in gateway.settled(now - LOOKED_BACK, now - UNTOLD_FOR) if each.decision is Decision.ACCEPTED]
        except GatewayUnavailable as error:
            log.warning("payments.not_asked_for", gateway=gateway.name, error=error.message)
            continue
        known = set(
            Transaction.objects.filter(gateway=gateway.name)
            .filter(transaction_id__in=[each.transaction_id for each in paid])
            .values_list("transaction_id", flat=True)
        )
        for notice in (each for each in paid if each.transaction_id not in known):
            take(notice, "look-up")
            unheard += 1
    return unheard


@transaction.atomic
def _release(order_id: int) -> None:
    """An attempt that is over holds no code, whether or not the gateway can be asked; money under review does."""
    order = locks.order(order_id)
    if order.state != OrderState.REVIEW and order.fulfilled_on is None:
        uses.release(order, "its attempt is over")


@transaction.atomic
def close(order_id: int, now: datetime) -> None:
    """Give an order up that nobody pays. Money that comes all the same is taken."""
    order = locks.order(order_id)
    if order.fulfilled_on is None and order.closed_on is None and order.state != OrderState.REVIEW:
        order.closed_on = now
        order.save(update_fields=["closed_on"])
        states.refresh(order)
        uses.release(order, "it is given up")


@transaction.atomic
def ask_again_for_refunds(now: datetime) -> int:
    """Send refunds again that gateways have accepted and not made yet: their ids make them once, and the answer tells where they stand."""
    waiting = Refund.objects.filter(state=RefundState.PENDING, updated_on__lt=now - REFUND_PENDING_FOR)
    return publish(refunds.TOPIC, [str(pk) for pk in waiting.values_list("pk", flat=True)])


def cull_baskets(now: datetime) -> int:
    """Forget what browsers collected whose sessions are over."""
    stale = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    deleted, _ = Basket.objects.filter(user=None, updated_on__lt=stale).delete()
    return deleted
