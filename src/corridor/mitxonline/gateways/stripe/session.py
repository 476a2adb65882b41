"""The form that opens a Checkout Session. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from corridor.mitxonline.gateways.port import Item, Payment

# What Stripe allows, with room for the time that the call takes.
SHORTEST, LONGEST = timedelta(minutes=31), timedelta(hours=23, minutes=59)
LONGEST_NAME = 250
SESSION = "{CHECKOUT_SESSION_ID}"  # Stripe puts the id there; in the way back of who does not pay it promises nothing


def session_form(payment: Payment) -> dict[str, str]:
    """The same for the same attempt, however often it is begun: Stripe compares it with the first under the same key."""
    known = {"attempt": str(payment.attempt), "reference_number": payment.reference_number}
    return {
        "mode": "payment",
        "client_reference_id": payment.reference_number,
        "success_url": _with_session(payment.return_url),
        "cancel_url": _with_session(payment.cancel_url),
        "expires_at": str(int(_expiry(payment).timestamp())),
        **{f"metadata[{name}]": value for name, value in known.items()},
        **{f"payment_intent_data[metadata][{name}]": value for name, value in known.items()},
        **{name: value for number, item in enumerate(_sold(payment)) for name, value in _line(number, item, payment.currency)},
    }


def _with_session(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}session_id={SESSION}"


def _expiry(payment: Payment) -> datetime:
    return min(max(payment.expires_at, payment.started_at + SHORTEST), payment.started_at + LONGEST)


def _sold(payment: Payment) -> list[Item]:
    """The items, whose prices Stripe adds up itself; where that would not be the amount, the order as one item."""
    if sum(item.unit_price * item.quantity for item in payment.items) == payment.amount:
        return list(payment.items)
    return [Item(payment.reference_number, payment.reference_number, payment.reference_number, 1, payment.amount)]


def _line(number: int, item: Item, currency: str) -> Iterator[tuple[str, str]]:
    line = f"line_items[{number}]"
    yield f"{line}[quantity]", str(item.quantity)
    yield f"{line}[price_data][currency]", currency.lower()
    yield f"{line}[price_data][unit_amount]", str(cents(item.unit_price))
    yield f"{line}[price_data][product_data][name]", item.name[:LONGEST_NAME] or item.code
    yield f"{line}[price_data][product_data][metadata][sku]", item.sku


def cents(amount: Decimal) -> int:
    """Stripe counts in the smallest unit. Raises ValueError for a part of one."""
    counted = amount * 100
    if counted != counted.to_integral_value():
        raise ValueError(f"{amount} is no whole number of cents")
    return int(counted)


def from_cents(counted: int) -> Decimal:
    return Decimal(counted).scaleb(-2)
