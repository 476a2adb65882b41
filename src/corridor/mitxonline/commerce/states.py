"""The state of an order: what the pure rule makes of its ledger and notices, written where lists read it."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Q, Sum

from corridor.kit import clock
from corridor.mitxonline.catalog.loading import grouped
from corridor.mitxonline.gateways.port import Decision
from corridor.mitxonline.ledger.models import GatewayNotice, Posting
from corridor.mitxonline.ledger.vocabulary import NoticeOutcome

from . import rules
from .models import Order
from .rules import Said
from .vocabulary import OrderState

# Nobody pays in these unless they try again: what was reserved goes back.
OVER = (OrderState.CANCELED, OrderState.DECLINED, OrderState.ERRORED)
NOTHING = Decimal("0.00")


def refresh(order: Order) -> OrderState:
    """Write the state of an order whose lock is held, and give it."""
    order.state = derived([order])[order.pk]
    order.updated_on = clock.now()
    order.save(update_fields=["state", "updated_on"])
    return OrderState(order.state)


def derived(orders: Collection[Order]) -> dict[int, OrderState]:
    """By order. Two queries."""
    ids = [order.pk for order in orders]
    sums = Posting.objects.filter(line__order__in=ids).values("line__order").order_by()
    posted = {
        row["line__order"]: (-(row["out"] or NOTHING), row["back"] or NOTHING)
        for row in sums.annotate(out=Sum("amount", filter=Q(amount__lt=0)), back=Sum("amount", filter=Q(amount__gt=0)))
    }
    applied = GatewayNotice.objects.filter(order__in=ids, outcome=NoticeOutcome.APPLIED)
    rows = applied.values_list("order", "decision", "occurred_at")
    said = grouped((order, Said(Decision(decision), at)) for order, decision, at in rows if at is not None)
    states = {}
    for order in orders:
        sold, returned = posted.get(order.pk, (NOTHING, NOTHING))
        paid = order.fulfilled_on is not None
        closed = order.closed_on is not None
        states[order.pk] = rules.order_state(paid=paid, sold=sold, returned=returned, said=said[order.pk], closed=closed)
    return states
