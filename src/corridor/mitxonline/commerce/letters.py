"""Letters about money, owed in the transaction that they tell of."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from .models import Order, OrderLine, Refund, RefundLine, RefundRequest


def receipt(order: Order, lines: Sequence[OrderLine]) -> None:
    _write(order, "receipt", f"Your receipt {order.reference_number}", {"lines": lines})


def refunded(order: Order, refund: Refund, lines: Sequence[RefundLine]) -> None:
    _write(order, "refunded", f"Your money goes back: {order.reference_number}", {"refund": refund, "parts": lines})


def refund_asked(order: Order, request: RefundRequest) -> None:
    _write(order, "refund_asked", f"You ask for your money back: {order.reference_number}", {"request": request})


def refund_denied(order: Order, note: str) -> None:
    _write(order, "refund_denied", f"Your request about {order.reference_number}", {"note": note})


def _write(order: Order, letter: str, subject: str, told: dict[str, Any]) -> None:
    buyer = order.purchaser
    if not buyer.email:
        return
    text = render_to_string(
        f"mitxonline/letters/{letter}.txt", {"order": order, "buyer": buyer, "origin": settings.CONFIG.base_url, **told}
    )
    send_mail(subject, text, None, [buyer.email])
