"""What a discount makes of a price, whom and what it is for, and which of several counts. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from .vocabulary import DiscountType, PaymentType, RedemptionType

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class DiscountFacts:
    """A discount as one person meets it. Uses are live ones: redeemed, or reserved by an order that can still be paid."""

    id: int
    code: str
    discount_type: str
    redemption_type: str
    amount: Decimal
    payment_type: str | None = None
    max_redemptions: int = 0
    starts: datetime | None = None
    ends: datetime | None = None
    is_active: bool = True
    automatic: bool = False
    products: frozenset[int] = frozenset()  # none: for every product
    is_assigned: bool = False  # to some people
    is_mine: bool = False  # to this one
    uses: int = 0  # by others
    my_uses: int = 0  # but for orders of this person that wait to be paid


@dataclass(frozen=True)
class Priced:
    """A line and what it costs."""

    product: int
    price: Decimal
    total: Decimal

    @property
    def discount(self) -> Decimal:
        return self.price - self.total


class Refusal(StrEnum):
    """Why a discount does not lower a price."""

    WITHDRAWN = "withdrawn"
    NOT_YET = "not_yet"
    OVER = "over"
    USED_UP = "used_up"
    USED_BY_YOU = "used_by_you"
    FOR_OTHERS = "for_others"
    FOR_OTHER_PRODUCTS = "for_other_products"


# --- prices


def reduced(price: Decimal, discount: DiscountFacts) -> Decimal:
    """To the cent, half a cent upwards; never above the price nor below nothing."""
    match discount.discount_type:
        case DiscountType.PERCENT_OFF:
            wanted = price * (100 - discount.amount) / 100
        case DiscountType.DOLLARS_OFF:
            wanted = price - discount.amount
        case _:
            wanted = discount.amount
    return min(price, max(NOTHING, wanted.quantize(CENT, ROUND_HALF_UP)))


def is_for(discount: DiscountFacts, product: int) -> bool:
    return not discount.products or product in discount.products


def priced(products: Iterable[tuple[int, Decimal]], discount: DiscountFacts | None) -> tuple[Priced, ...]:
    """Each product with its price; a discount that names products lowers theirs alone."""
    return tuple(
        Priced(product, price, reduced(price, discount) if discount and is_for(discount, product) else price) for product, price in products
    )


def total(lines: Iterable[Priced]) -> Decimal:
    return sum((line.total for line in lines), NOTHING)


# --- whether it counts


def most_uses(redemption_type: str, max_redemptions: int) -> int | None:
    """How often it can be used by all together; None where nothing limits it."""
    if redemption_type == RedemptionType.ONE_TIME:
        return 1
    return max_redemptions or None


def refusal(discount: DiscountFacts, products: Iterable[int], now: datetime) -> Refusal | None:
    """Why it lowers the price of none of these products for this person, if so."""
    most = most_uses(discount.redemption_type, discount.max_redemptions)
    reasons = (
        (not discount.is_active, Refusal.WITHDRAWN),
        (discount.is_assigned and not discount.is_mine, Refusal.FOR_OTHERS),
        (discount.starts is not None and now < discount.starts, Refusal.NOT_YET),
        (discount.ends is not None and now >= discount.ends, Refusal.OVER),
        (discount.redemption_type == RedemptionType.ONE_TIME_PER_USER and discount.my_uses > 0, Refusal.USED_BY_YOU),
        (most is not None and discount.uses + discount.my_uses >= most, Refusal.USED_UP),
        (not any(is_for(discount, product) for product in products), Refusal.FOR_OTHER_PRODUCTS),
    )
    return next((reason for found, reason in reasons if found), None)


def can_be_typed(discount: DiscountFacts) -> bool:
    """Financial aid is given to a person and never typed."""
    return discount.payment_type != PaymentType.FINANCIAL_ASSISTANCE


# --- which one counts


def best(candidates: Iterable[DiscountFacts], products: Sequence[tuple[int, Decimal]], now: datetime) -> DiscountFacts | None:
    """Of those that apply: financial aid before what is assigned to the person before the lowest price; of equals the oldest."""
    ids = [product for product, _ in products]
    applicable = [each for each in candidates if refusal(each, ids, now) is None]
    return min(applicable, key=lambda each: (_rank(each), total(priced(products, each)), each.id), default=None)


def _rank(discount: DiscountFacts) -> int:
    if discount.payment_type == PaymentType.FINANCIAL_ASSISTANCE:
        return 0
    return 1 if discount.is_mine else 2


# --- what staff say of one


def problem(fields: Mapping[str, Any]) -> str | None:
    """What contradicts itself in what a discount is to be."""
    amount, starts, ends = fields.get("amount"), fields.get("activation_date"), fields.get("expiration_date")
    found = (
        (not str(fields.get("discount_code") or "").strip(), "A discount needs a code, even when nobody types it."),
        (fields.get("discount_type") not in DiscountType.values, "Choose percent-off, dollars-off or fixed-price."),
        (fields.get("redemption_type") not in RedemptionType.values, "Choose one-time, one-time-per-user or unlimited."),
        (fields.get("payment_type") not in {None, *PaymentType.values}, "Choose what pays for the discount from the list, or nothing."),
        (amount is None or amount < 0, "The amount must be nothing or more."),
        (
            fields.get("discount_type") == DiscountType.PERCENT_OFF and amount is not None and amount > 100,
            "At most 100 percent can be off.",
        ),
        (starts is not None and ends is not None and ends <= starts, "A discount must end after it begins."),
        ((fields.get("max_redemptions") or 0) < 0, "The number of uses is 0 for no limit, or more."),
    )
    return next((sentence for wrong, sentence in found if wrong), None)


# --- uses


def free_slot(taken: Iterable[int], most: int) -> int | None:
    """The lowest number of a use that nobody has."""
    used = frozenset(taken)
    return next((slot for slot in range(1, most + 1) if slot not in used), None)
