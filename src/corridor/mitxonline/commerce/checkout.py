"""From a cart to a way to pay for it: an order that never changes, and an attempt that says what a payment must match."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from corridor.kit import clock
from corridor.mitxonline.catalog import loading
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.discounts import actions as uses
from corridor.mitxonline.discounts.errors import CodeRefused
from corridor.mitxonline.enrollments import admission
from corridor.mitxonline.enrollments.models import Entitlement
from corridor.mitxonline.gateways import registry
from corridor.mitxonline.gateways.port import Handoff, Item, Payment

from . import locks, queries, rules
from .actions import settle_discount
from .errors import AttemptNotFound, BasketEmpty, CheckoutRefused, DiscountGone
from .models import CURRENCY, AttemptHandoff, Basket, CheckoutAttempt, Order, OrderLine
from .payments import fulfil_for_nothing
from .queries import CartLine, PricedBasket
from .rules import Cart, Wanted
from .vocabulary import OrderState

# A form that was signed longer ago is signed anew: gateways refuse old ones.
HANDOFF_FRESH = timedelta(minutes=10)
RETURN_PATH = "/mitxonline/checkout/result/"


@dataclass(frozen=True)
class Checkout:
    """What comes of a cart: an order, and the way to pay for it unless there is nothing to pay."""

    order_id: int
    reference_number: str
    total: Decimal
    attempt: UUID | None

    @property
    def no_checkout(self) -> bool:
        return self.attempt is None


def check_out(user_id: int, *, ip: str, gateway: str | None = None, now: datetime | None = None) -> Checkout:
    """Order what is in somebody's cart. The same cart again is the same order, and while it can be used the same attempt.

    A total of nothing is fulfilled at once. Raises CheckoutRefused, each with its published word; the evidence of a refused country, and
    the cart without a discount that was lost, stay where no outer transaction takes them back.
    """
    with transaction.atomic():
        outcome = _check_out(user_id, ip, gateway, now or clock.now())
    if isinstance(outcome, CheckoutRefused):
        raise outcome
    return outcome


def _check_out(user_id: int, ip: str, gateway: str | None, now: datetime) -> Checkout | CheckoutRefused:
    locks.buyer(user_id)
    basket = Basket.objects.filter(user=user_id).first()
    if basket is None:
        return BasketEmpty()
    cart = queries.price(basket, now)
    refused = rules.refusal(Cart(_wanted(user_id, cart, ip), not cart.discount_lost, now))
    if refused:
        return _refuse(basket, refused)
    try:
        with transaction.atomic():
            order = _open_order(user_id, cart) or _new_order(user_id, cart)
            _hold_discount(order, cart)
    except CodeRefused:  # somebody else was quicker
        return _refuse(basket, DiscountGone())
    if not order.total_price_paid:
        fulfil_for_nothing(order)
        return Checkout(order.pk, order.reference_number, order.total_price_paid, None)
    attempt = _attempt(order, gateway or registry.default().name, now)
    return Checkout(order.pk, order.reference_number, order.total_price_paid, attempt.pk)


def _refuse(basket: Basket, refused: CheckoutRefused) -> CheckoutRefused:
    if isinstance(refused, DiscountGone):
        settle_discount(basket)
    return refused


def _wanted(user_id: int, cart: PricedBasket, ip: str) -> list[Wanted]:
    """The lines as the rules see them. A check of a country is kept as evidence, whatever comes of it."""
    runs = {run.id: run for run in loading.runs(CourseRun.objects.filter(pk__in=[line.run for line in cart.lines if line.run]))}
    bought = set(Entitlement.objects.filter(user=user_id, ended_on=None).values_list("course_run", "program"))
    in_review = OrderLine.objects.filter(order__purchaser=user_id, order__state=OrderState.REVIEW).values_list("course_run", "program")
    waiting = set(in_review)
    courses = [line.course for line in cart.lines if line.course is not None]
    blocked = admission.blocked_courses(user_id=user_id, courses=courses, actor=user_id, cause=f"checkout from {ip}")
    return [
        Wanted(
            title=line.title,
            run=runs.get(line.run) if line.run else None,
            is_sold=line.is_sold,
            is_blocked=line.course in blocked,
            is_bought=(line.run, line.program) in bought,
            in_review=(line.run, line.program) in waiting,
        )
        for line in cart.lines
    ]


def _digest(cart: PricedBasket) -> str:
    return rules.digest([(line.version, line.total) for line in cart.lines], cart.discount.id if cart.discount else None)


def _open_order(user_id: int, cart: PricedBasket) -> Order | None:
    return Order.objects.filter(purchaser=user_id, digest=_digest(cart), state=OrderState.PENDING, closed_on=None).first()


def _new_order(user_id: int, cart: PricedBasket) -> Order:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('mitxonline_order', 'id'))")
        (number,) = cursor.fetchone()
    order = Order.objects.create(
        pk=number,
        purchaser_id=user_id,
        reference_number=f"mitxonline-{settings.CONFIG.environment}-{number}",
        total_price_paid=cart.total,
        digest=_digest(cart),
        created_on=clock.now(),
    )
    OrderLine.objects.bulk_create(_line(order, line) for line in cart.lines)
    return order


def _line(order: Order, line: CartLine) -> OrderLine:
    return OrderLine(
        order=order,
        product_version_id=line.version,
        course_run_id=line.run,
        program_id=line.program,
        price=line.price,
        discount=line.price - line.total,
        total=line.total,
    )


def _hold_discount(order: Order, cart: PricedBasket) -> None:
    if cart.discount and not order.redemptions.exclude(state="released").exists():
        uses.reserve(order, cart.discount.id)


def _attempt(order: Order, gateway: str, now: datetime) -> CheckoutAttempt:
    newest = CheckoutAttempt.objects.filter(order=order).order_by("-number").first()
    if newest and newest.gateway == gateway and newest.expires_at > now:
        return newest
    Order.objects.filter(pk=order.pk).update(gateway_type=gateway, updated_on=now)
    return CheckoutAttempt.objects.create(
        order=order,
        number=newest.number + 1 if newest else 1,
        gateway=gateway,
        amount=order.total_price_paid,
        currency=CURRENCY,
        created_on=now,
        expires_at=now + rules.ATTEMPT_LASTS,
    )


# --- on to the gateway


def hand_off(user_id: int, attempt_id: UUID, *, ip: str) -> Handoff:
    """Where the browser goes to pay. Belongs outside of transactions: the gateway may be asked.

    Raises AttemptNotFound, GatewayUnknown and GatewayUnavailable.
    """
    attempt = queries.attempt_of(user_id, attempt_id)
    now = clock.now()
    if attempt.expires_at <= now or attempt.order.fulfilled_on is not None:
        raise AttemptNotFound
    told = AttemptHandoff.objects.filter(pk=attempt_id, created_on__gt=now - HANDOFF_FRESH).first()
    if told is None:
        handoff = registry.gateway(attempt.gateway).begin(_payment(attempt, ip))
        told = AttemptHandoff(
            attempt_id=attempt_id,
            method=handoff.method,
            url=handoff.url,
            fields=dict(handoff.fields),
            gateway_reference=handoff.gateway_reference,
            created_on=now,
        )
        columns = ["method", "url", "fields", "gateway_reference", "created_on"]
        AttemptHandoff.objects.bulk_create([told], update_conflicts=True, unique_fields=["attempt"], update_fields=columns)
    return Handoff("GET" if told.method == "GET" else "POST", told.url, told.fields, told.gateway_reference)


def _payment(attempt: CheckoutAttempt, ip: str) -> Payment:
    order = attempt.order
    lines = order.lines.select_related("course_run", "program")
    back = f"{settings.CONFIG.base_url}{RETURN_PATH}"
    return Payment(
        attempt=attempt.pk,
        reference_number=order.reference_number,
        amount=attempt.amount,
        currency=attempt.currency,
        items=[_item(line) for line in lines],
        consumer_id=str(order.purchaser.global_id),
        customer_ip=ip,
        return_url=back,
        cancel_url=back,
        started_at=attempt.created_on,
        expires_at=attempt.expires_at,
    )


def _item(line: OrderLine) -> Item:
    if line.course_run:
        return Item(line.course_run.courseware_id, line.course_run.title, f"run-{line.course_run_id}", 1, line.total)
    assert line.program is not None
    return Item(line.program.readable_id, line.program.title, f"program-{line.program_id}", 1, line.total)
