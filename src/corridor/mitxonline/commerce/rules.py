"""When a cart can be bought, what a gateway's word is worth, what state an order is in, what can be given back. Pure."""

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from corridor.mitxonline.catalog import rules as catalog
from corridor.mitxonline.catalog.facts import RunFacts
from corridor.mitxonline.gateways.port import Decision

from .errors import BasketEmpty, BoughtAlready, CheckoutRefused, CountryBlocked, DiscountGone, PaymentInReview, UpgradeClosed
from .vocabulary import OrderState

ATTEMPT_LASTS = timedelta(minutes=60)
REFUND_WINDOW = timedelta(days=7)
NOTHING = Decimal("0.00")

# --- whether a cart can be bought


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A line of a cart as the rules of checkout see it."""

    title: str
    run: RunFacts | None = None
    is_sold: bool = True  # of programs
    is_blocked: bool = False  # in the country of the buyer
    is_bought: bool = False
    in_review: bool = False


@dataclass(frozen=True)
class Cart:
    lines: Collection[Wanted]
    discount_applies: bool
    now: datetime


def refusal(cart: Cart) -> CheckoutRefused | None:
    """Why it cannot be bought: the first of the conditions, in their published order, that it fails."""
    return next((found for condition in CONDITIONS if (found := condition(cart))), None)


def _nothing_blocked(cart: Cart) -> CheckoutRefused | None:
    return next((CountryBlocked(line.title) for line in cart.lines if line.is_blocked), None)


def _nothing_bought(cart: Cart) -> CheckoutRefused | None:
    return next((BoughtAlready(line.title) for line in cart.lines if line.is_bought), None)


def _nothing_in_review(cart: Cart) -> CheckoutRefused | None:
    return next((PaymentInReview(line.title) for line in cart.lines if line.in_review), None)


def _everything_sold(cart: Cart) -> CheckoutRefused | None:
    def is_sold(line: Wanted) -> bool:
        return line.is_sold if line.run is None else line.is_sold and line.run.is_public and catalog.is_upgradable(line.run, cart.now)

    return next((UpgradeClosed(line.title) for line in cart.lines if not is_sold(line)), None)


def _discount_applies(cart: Cart) -> CheckoutRefused | None:
    return None if cart.discount_applies else DiscountGone()


def _not_empty(cart: Cart) -> CheckoutRefused | None:
    return None if cart.lines else BasketEmpty()


CONDITIONS: tuple[Callable[[Cart], CheckoutRefused | None], ...] = (
    _nothing_blocked, _nothing_bought, _nothing_in_review, _everything_sold, _discount_applies, _not_empty,
)  # fmt: skip


def digest(lines: Iterable[tuple[int, Decimal]], discount: int | None) -> str:
    """Of versions of products, their totals and the discount: the same basket at the same price is the same order."""
    told = "|".join(f"{version}:{total:.2f}" for version, total in sorted(lines))
    return sha256(f"{told}|{discount or ''}".encode()).hexdigest()


# --- what a gateway's word is worth


class Verdict(StrEnum):
    """What is to be made of a genuine notice about an order."""

    FULFIL = "fulfil"
    NOTE = "note"  # the state follows, no money moves
    UNKNOWN_ORDER = "unknown_order"
    AMOUNT_DIFFERS = "amount_differs"
    PAID_TWICE = "paid_twice"
    FOREIGN_REFUND = "foreign_refund"
    BOUNCED_REFUND = "bounced_refund"
    DISPUTE = "dispute"
    IGNORE = "ignore"  # nothing follows


@dataclass(frozen=True)
class Asked:
    """What was asked for, of the order that a notice names; `attempt_known` is false for one that names an attempt of another order."""

    amount: Decimal
    currency: str
    attempt_known: bool
    paid: bool


UNPAID_STATES: Mapping[Decision, OrderState] = {
    Decision.REVIEW: OrderState.REVIEW,
    Decision.DECLINED: OrderState.DECLINED,
    Decision.CANCELED: OrderState.CANCELED,
    Decision.EXPIRED: OrderState.CANCELED,
    Decision.ERROR: OrderState.ERRORED,
}


MOVES_MONEY = frozenset({Decision.ACCEPTED, Decision.REFUNDED})


def verdict(decision: Decision, amount: Decimal | None, currency: str, asked: Asked | None) -> Verdict:
    """Money is never turned away: where it does not match what was asked for it is kept apart and staff look at it."""
    if decision is Decision.DISPUTED:
        return Verdict.DISPUTE
    if decision is Decision.REFUNDED:
        return Verdict.FOREIGN_REFUND
    if decision is Decision.BOUNCED:
        return Verdict.BOUNCED_REFUND
    if decision is Decision.ACCEPTED:
        return _of_money(amount, currency, asked)
    if asked is None or not asked.attempt_known or asked.paid or decision not in UNPAID_STATES:
        return Verdict.IGNORE
    return Verdict.NOTE if amount is None or (amount, currency) == (asked.amount, asked.currency) else Verdict.IGNORE


def _of_money(amount: Decimal | None, currency: str, asked: Asked | None) -> Verdict:
    if asked is None or not asked.attempt_known:
        return Verdict.UNKNOWN_ORDER
    if (amount, currency) != (asked.amount, asked.currency):
        return Verdict.AMOUNT_DIFFERS
    return Verdict.PAID_TWICE if asked.paid else Verdict.FULFIL


CARD_NUMBER = re.compile(r"\d(?:[ -]?\d){11,18}")


def harmless(fields: Mapping[str, str], longest: int) -> dict[str, str]:
    """What may be kept of a message that is not believed: a hundred fields, cut off, without what may be the number of a card."""
    kept = itertools.islice(fields.items(), 100)
    return {name[:100]: CARD_NUMBER.sub("…", value[:longest]).replace("\0", "") for name, value in kept}


# --- what state an order is in


@dataclass(frozen=True)
class Said:
    """A decision that a gateway made on a way to pay, and when."""

    decision: Decision
    at: datetime


# Of what was said at one moment the last of these counts.
WEIGHT = (Decision.REVIEW, Decision.ERROR, Decision.CANCELED, Decision.EXPIRED, Decision.DECLINED)


def order_state(*, paid: bool, sold: Decimal, returned: Decimal, said: Iterable[Said], closed: bool) -> OrderState:
    """What ledger and notices make of an order, in whatever order they came. `sold` and `returned` are of its lines, as posted."""
    if paid:
        if returned <= 0:
            return OrderState.FULFILLED
        return OrderState.REFUNDED if returned >= sold else OrderState.PARTIALLY_REFUNDED
    counted = [each for each in said if each.decision in UNPAID_STATES]
    if counted:
        return UNPAID_STATES[max(counted, key=lambda each: (each.at, WEIGHT.index(each.decision))).decision]
    return OrderState.CANCELED if closed else OrderState.PENDING


# --- what can be given back


@dataclass(frozen=True)
class Returnable:
    """A paid line: what was paid and what of it is owed back or gone back already."""

    paid: Decimal
    returned: Decimal

    @property
    def left(self) -> Decimal:
        return self.paid - self.returned


def amounts_to_return(asked: Mapping[int, Decimal | None], lines: Mapping[int, Returnable]) -> dict[int, Decimal] | str:
    """By line, where None is all that is left of it; or a sentence that says why not."""
    if not asked:
        return "Choose what to refund."
    if unknown := sorted(set(asked) - set(lines)):
        return f"The order has no paid line {unknown[0]}."
    found = {line: lines[line].left if amount is None else amount for line, amount in asked.items()}
    for line, amount in found.items():
        if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
            return f"There is nothing to refund of line {line}." if lines[line].left <= 0 else "Refund whole cents, and more than nothing."
        if amount > lines[line].left:
            return f"Line {line} has {lines[line].left} left to refund; less than {amount}."
    return found


def can_be_asked_back(*, paid_at: datetime | None, starts: Iterable[datetime | None], now: datetime) -> bool:
    """Seven days from the payment, or from the start of something that was bought before it began."""
    if paid_at is None:
        return False
    latest = max([paid_at, *(start for start in starts if start is not None and start > paid_at)])
    return now < latest + REFUND_WINDOW
