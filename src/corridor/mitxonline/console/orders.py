"""Reads of orders as staff see them: with the ledger, and with whatever a gateway said."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from corridor.mitxonline.commerce.models import CheckoutAttempt, Order, OrderLine, Refund, RefundRequest
from corridor.mitxonline.discounts.models import Redemption
from corridor.mitxonline.enrollments.models import Entitlement
from corridor.mitxonline.ledger.models import Case, GatewayNotice, Posting
from corridor.mitxonline.ledger.vocabulary import Account
from corridor.web.console.errors import NoSuchThing

NOTHING = Decimal(0)


def orders() -> QuerySet[Order]:
    """Every order, with its buyer and how many cases of it are open."""
    waiting = Count("cases", filter=Q(cases__closed_on=None))
    return Order.objects.select_related("purchaser").annotate(open_cases=waiting).defer("receipt")


def called(text: str) -> Q:
    """Orders by their own number, the gateway's, or their buyer."""
    number = Q(reference_number__icontains=text) | Q(transactions__transaction_id=text)
    return number | Q(purchaser__name__icontains=text) | Q(purchaser__email__icontains=text) | Q(purchaser__username__icontains=text)


@dataclass(frozen=True)
class Line:
    line: OrderLine
    refunded: Decimal  # what has gone back, or is on its way
    right: Entitlement | None

    @property
    def left(self) -> Decimal:
        """What can still be given back."""
        total: Decimal = self.line.total
        return total - self.refunded


@dataclass(frozen=True)
class Dossier:
    """All that is known of an order."""

    order: Order
    lines: Sequence[Line]
    statement: QuerySet[Posting]
    attempts: QuerySet[CheckoutAttempt]
    notices: QuerySet[GatewayNotice]
    refunds: QuerySet[Refund]
    requests: QuerySet[RefundRequest]
    cases: QuerySet[Case]
    redemptions: QuerySet[Redemption]


def dossier(pk: int) -> Dossier:
    """Raises NoSuchThing."""
    order = Order.objects.select_related("purchaser").filter(pk=pk).first()
    if order is None:
        raise NoSuchThing("There is no such order.")
    return Dossier(
        order=order,
        lines=lines(order),
        statement=statement(order),
        attempts=order.attempts.select_related("handoff").order_by("number"),
        notices=order.notices.defer("payload").order_by("id"),
        refunds=order.refunds.select_related("actor").prefetch_related("lines").order_by("created_on"),
        requests=order.refund_requests.select_related("user", "decided_by").order_by("id"),
        cases=order.cases.select_related("closed_by").order_by("id"),
        redemptions=order.redemptions.select_related("discount").order_by("id"),
    )


def lines(order: Order) -> list[Line]:
    """Two queries."""
    standing = Prefetch("entitlements", Entitlement.objects.order_by("-id"), to_attr="rights")
    back = Coalesce(Sum("refunds__amount", filter=~Q(refunds__refund__state="refused")), NOTHING)
    rows = order.lines.select_related("course_run", "program", "product_version").prefetch_related(standing).annotate(refunded=back)
    return [Line(row, row.refunded, row.rights[0] if row.rights else None) for row in rows.order_by("id")]


def statement(order: Order) -> QuerySet[Posting]:
    """The ledger's postings for an order in the order of time, with what the gateway holds for it after each."""
    held = Window(Sum("amount", filter=Q(account=Account.GATEWAY)), order_by=[F("transaction_id").asc(), F("id").asc()])
    rows = Posting.objects.filter(transaction__order=order).select_related("transaction__actor", "line__course_run", "line__program")
    return rows.annotate(held=held).order_by("transaction_id", "id")
