"""The form that takes a payer to the hosted checkout. Pure."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from corridor.mitxonline.gateways.port import Item, Payment

from .profile import Profile
from .signing import signed

LONGEST_NAME = 254
TIME = "%Y-%m-%dT%H:%M:%SZ"


def payment_form(payment: Payment, profile: Profile, signed_at: datetime) -> dict[str, str]:
    """Every field signed."""
    fields = {
        "access_key": profile.access_key,
        "profile_id": profile.profile_id,
        "transaction_uuid": str(payment.attempt),
        "transaction_type": "sale",
        "reference_number": payment.reference_number,
        "amount": money(payment.amount),
        "tax_amount": "0",
        "currency": payment.currency,
        "locale": "en-us",
        "consumer_id": sha256(payment.consumer_id.encode()).hexdigest(),
        "customer_ip_address": payment.customer_ip,
        "merchant_defined_data1": str(payment.attempt),
        "override_custom_receipt_page": payment.return_url,
        "override_custom_cancel_page": payment.cancel_url,
        "signed_date_time": signed_at.strftime(TIME),
        "line_item_count": str(len(payment.items)),
    }
    for number, item in enumerate(payment.items):
        fields |= dict(_item_fields(number, item))
    return signed({name: _without_fields(value) for name, value in fields.items()}, profile.security_key)


def _without_fields(value: str) -> str:
    """The value with nothing in it that passes for the beginning of a field (see signing)."""
    return re.sub(r",(\w+)=", r",\1 ", value)


def _item_fields(number: int, item: Item) -> Iterator[tuple[str, str]]:
    yield f"item_{number}_code", item.code
    yield f"item_{number}_name", item.name[:LONGEST_NAME]
    yield f"item_{number}_quantity", str(item.quantity)
    yield f"item_{number}_sku", item.sku
    yield f"item_{number}_tax_amount", "0"
    yield f"item_{number}_unit_price", money(item.unit_price)


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"
