"""Carts and orders as people and staff see them. Loading checks whose they are; the number of queries does not grow with what is loaded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from corridor.kit import clock
from corridor.mitxonline.catalog.models import CourseRun, ProductVersion, Program
from corridor.mitxonline.catalog.rules import is_sold_still
from corridor.mitxonline.discounts import queries as discounts
from corridor.mitxonline.discounts import rules as prices
from corridor.mitxonline.discounts.models import Redemption
from corridor.mitxonline.discounts.rules import DiscountFacts
from corridor.mitxonline.discounts.vocabulary import RedemptionState
from corridor.mitxonline.ledger.models import Case, Posting, Transaction

from . import rules
from .errors import AttemptNotFound, OrderNotFound
from .models import Basket, BasketItem, CheckoutAttempt, Order, OrderLine, Refund, RefundRequest
from .vocabulary import OrderState, RequestStatus

Owner = int | UUID  # a person, or the browser that nobody has signed in with
PAID = (OrderState.FULFILLED, OrderState.PARTIALLY_REFUNDED, OrderState.REFUNDED)


@dataclass(frozen=True, kw_only=True)
class CartLine:
    """Something in a cart, at its newest price and what it costs with the cart's discount."""

    item: int
    product: int
    version: int
    title: str
    readable_id: str
    run: int | None
    program: int | None
    course: int | None
    price: Decimal
    total: Decimal
    is_sold: bool


@dataclass(frozen=True, kw_only=True)
class PricedBasket:
    id: int
    user: int | None
    anonymous_id: UUID | None
    lines: tuple[CartLine, ...]
    discount: DiscountFacts | None
    discount_typed: bool
    discount_lost: bool  # it had one that does not apply any more

    @property
    def list_price(self) -> Decimal:
        return sum((line.price for line in self.lines), prices.NOTHING)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), prices.NOTHING)


def basket_of(owner: Owner) -> Basket | None:
    mine = {"user": owner} if isinstance(owner, int) else {"anonymous_id": owner}
    return Basket.objects.filter(**mine).first()


def priced_basket(owner: Owner, *, now: datetime | None = None) -> PricedBasket | None:
    """None where nothing was ever put into it. Three queries at most."""
    basket = basket_of(owner)
    return price(basket, now or clock.now()) if basket else None


def price(basket: Basket, now: datetime) -> PricedBasket:
    items = items_of(basket.pk)
    known = [basket.discount_id] if basket.discount_id else []
    offered = discounts.on_offer(basket.user_id, also=known) if known else []
    stored = next((each for each in offered if each.id == basket.discount_id), None)
    usable = stored if stored and prices.refusal(stored, [item.product_id for item in items], now) is None else None
    return priced(basket, items, usable, discount_lost=bool(items) and stored is not None and usable is None)


def priced(basket: Basket, items: Collection[BasketItem], discount: DiscountFacts | None, *, discount_lost: bool = False) -> PricedBasket:
    """The cart with what is in it and the discount that counts."""
    return PricedBasket(
        id=basket.pk,
        user=basket.user_id,
        anonymous_id=basket.anonymous_id,
        lines=_lines(items, discount),
        discount=discount,
        discount_typed=discount is not None and basket.discount_typed,
        discount_lost=discount_lost,
    )


def items_of(basket_id: int) -> list[BasketItem]:
    """What is in a cart, with the newest version of each product and its price."""
    newest = ProductVersion.objects.filter(product=OuterRef("product")).order_by("-number")
    return list(
        BasketItem.objects.filter(basket=basket_id)
        .annotate(version=Subquery(newest.values("pk")[:1]), price=Subquery(newest.values("price")[:1]))
        .select_related("product__course_run", "product__program")
        .order_by("id")
    )


def _lines(items: Collection[BasketItem], discount: DiscountFacts | None) -> tuple[CartLine, ...]:
    costs = prices.priced([(item.product_id, item.price) for item in items], discount)  # type: ignore[attr-defined]  # annotated
    return tuple(_line(item, cost.total) for item, cost in zip(items, costs, strict=True))


def _line(item: BasketItem, total: Decimal) -> CartLine:
    run, program = item.product.course_run, item.product.program
    sold = run or program
    assert sold is not None
    return CartLine(
        item=item.pk,
        product=item.product_id,
        version=item.version,  # type: ignore[attr-defined]  # annotated, as is the price
        title=sold.title,
        readable_id=run.courseware_id if run else sold.readable_id,  # type: ignore[union-attr]  # one of the two, by a constraint
        run=run.pk if run else None,
        program=program.pk if program else None,
        course=run.course_id if run else None,
        price=item.price,  # type: ignore[attr-defined]  # annotated by items_of
        total=total,
        is_sold=item.product.is_active and _is_sold(sold, clock.now()),
    )


def _is_sold(sold: CourseRun | Program, now: datetime) -> bool:
    """As far as it can be told without asking more; checkout asks the rest."""
    return is_sold_still(sold, now) if isinstance(sold, CourseRun) else sold.live and not sold.b2b_only


# --- orders


def _orders() -> "QuerySet[Order]":
    lines = OrderLine.objects.select_related("course_run__course", "program", "product_version").prefetch_related("refunds__refund")
    uses = Redemption.objects.exclude(state=RedemptionState.RELEASED).select_related("discount")
    return Order.objects.select_related("purchaser").prefetch_related(
        Prefetch("lines", lines), Prefetch("redemptions", uses), "refunds__lines", "refund_requests"
    )


def orders_of(user_id: int, *, also: Collection[OrderState] = ()) -> "QuerySet[Order]":
    """Everything that was paid, the newest first, with lines, discount and refunds; and what is in `also` these states. Seven queries."""
    return _orders().filter(purchaser=user_id, state__in=[*PAID, *also]).order_by("-id")


def order_of(user_id: int, key: int | str) -> Order:
    """One's own, by number or reference. Raises OrderNotFound."""
    return _one(_orders().filter(purchaser=user_id), key)


def orders_by_id(ids: Collection[int]) -> dict[int, Order]:
    """For staff. Seven queries."""
    return {order.pk: order for order in _orders().filter(pk__in=ids)}


def any_order(key: int | str) -> Order:
    """For staff. Raises OrderNotFound."""
    return _one(_orders(), key)


def _one(orders: "QuerySet[Order]", key: int | str) -> Order:
    by = {"pk": int(key)} if str(key).isascii() and str(key).isdigit() and len(str(key)) < 19 else {"reference_number": key}
    found = orders.filter(**by).first()
    if found is None:
        raise OrderNotFound(key)
    return found


def receipt_of(user_id: int, key: int | str) -> Order:
    """An order that was paid. Raises OrderNotFound."""
    order = order_of(user_id, key)
    if order.fulfilled_on is None:
        raise OrderNotFound(key)
    return order


def attempt_of(user_id: int, attempt: UUID) -> CheckoutAttempt:
    """Raises AttemptNotFound."""
    found = CheckoutAttempt.objects.select_related("order__purchaser").filter(pk=attempt, order__purchaser=user_id).first()
    if found is None:
        raise AttemptNotFound
    return found


def can_be_asked_back(order: Order, now: datetime) -> bool:
    """Whether its purchaser may ask for the money; of an order that was loaded here."""
    if order.state not in (OrderState.FULFILLED, OrderState.PARTIALLY_REFUNDED) or not order.total_price_paid:
        return False
    if any(request.status == RequestStatus.PENDING for request in order.refund_requests.all()):
        return False
    sold = [line.course_run or line.program for line in order.lines.all()]
    starts = [each.start_date for each in sold if each is not None]
    return rules.can_be_asked_back(paid_at=order.fulfilled_on, starts=starts, now=now)


# --- what staff look at


@dataclass(frozen=True)
class Statement:
    """An order as the books have it."""

    order: Order
    transactions: list[Transaction]
    refunds: list[Refund]
    cases: list[Case]


def statement(key: int | str) -> Statement:
    """Raises OrderNotFound."""
    order = any_order(key)
    moves = Transaction.objects.filter(order=order).select_related("actor").order_by("id")
    moves = moves.prefetch_related(Prefetch("postings", Posting.objects.select_related("line")))
    refunds = Refund.objects.filter(order=order).select_related("actor").prefetch_related("lines").order_by("created_on")
    return Statement(order, list(moves), list(refunds), list(Case.objects.filter(order=order)))


def open_cases() -> "QuerySet[Case]":
    return Case.objects.filter(closed_on=None).select_related("order", "notice", "transaction")


def open_requests() -> "QuerySet[RefundRequest]":
    return RefundRequest.objects.filter(status=RequestStatus.PENDING).select_related("order", "user").order_by("id")
