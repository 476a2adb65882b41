"""Orders of whoever looks: what became of each and what to do next, receipts, asking for the money back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from corridor.kit import clock
from corridor.kit.errors import Problem
from corridor.mitxonline.catalog.telling import day_name

from . import bills, carts, queries, receipts, refunds, telling
from .forms import MoneyBack
from .models import Order
from .pages import CART, CHECKOUT, DASHBOARD, ORDERS, SeeOther, signed_in
from .vocabulary import OrderState

PAGE_SIZE = 20
STATES = {
    OrderState.PENDING: "Being confirmed",
    OrderState.FULFILLED: "Paid",
    OrderState.CANCELED: "Cancelled",
    OrderState.DECLINED: "Declined",
    OrderState.ERRORED: "Failed",
    OrderState.REFUNDED: "Refunded",
    OrderState.REVIEW: "In review",
    OrderState.PARTIALLY_REFUNDED: "Refunded in part",
}
TOLD = {
    OrderState.PENDING: (
        "Your payment is being confirmed. This takes seconds as a rule; the page looks again by itself. "
        "If you have not paid yet, go on from your cart."
    ),
    OrderState.FULFILLED: "This is paid, and you are enrolled.",
    OrderState.CANCELED: "This was not paid, and nothing was booked. What you wanted is still in your cart.",
    OrderState.DECLINED: "The payment was declined, and nothing was booked. Try another card, or ask your bank why; your cart is as it was.",
    OrderState.ERRORED: "The payment failed at our payment service, and nothing was booked. Try again from your cart.",
    OrderState.REFUNDED: "The money for this has gone back to you.",
    OrderState.REVIEW: "Our payment service is reviewing the payment. You need not pay again; we write to you when it is decided.",
    OrderState.PARTIALLY_REFUNDED: "This is paid, and a part of the money has gone back to you.",
}
UNPAID = (OrderState.PENDING, OrderState.CANCELED, OrderState.DECLINED, OrderState.ERRORED)


@dataclass(frozen=True)
class Way:
    """What somebody can do next."""

    label: str
    address: str


def order_path(order: Order) -> str:
    return f"{ORDERS}{order.reference_number}/"


def receipt_path(order: Order) -> str:
    return f"{ORDERS}receipt/{order.pk}/"


# --- the history


@never_cache
@require_safe
@login_required
def history(request: HttpRequest) -> HttpResponse:
    given = request.GET.get("page", "1")
    page = int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 6 else 1
    offset = (max(page, 1) - 1) * PAGE_SIZE
    found = list(queries.orders_of(signed_in(request).pk, also=[OrderState.REVIEW])[offset : offset + PAGE_SIZE + 1])
    context = {
        "title": "Your orders",
        "orders": [_row(order) for order in found[:PAGE_SIZE]],
        "previous": f"?page={page - 1}" if page > 1 else "",
        "next": f"?page={page + 1}" if len(found) > PAGE_SIZE else "",
    }
    return render(request, "mitxonline/commerce/orders.html", context)


def _row(order: Order) -> dict[str, Any]:
    return {
        "reference": order.reference_number,
        "path": order_path(order),
        "date": day_name(order.fulfilled_on or order.created_on),
        "titles": [telling.title(line) for line in order.lines.all()],
        "state": STATES[OrderState(order.state)],
        "total": bills.money(order.total_price_paid),
        "receipt": receipt_path(order) if order.fulfilled_on else "",
    }


# --- one order


@never_cache
@require_safe
@login_required
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """Looks again by itself for as long as the payment is being confirmed."""
    found = queries.order_of(signed_in(request).pk, reference)
    carts.recount(request)
    state = OrderState(found.state)
    context = {
        "title": STATES[state],
        "reference": found.reference_number,
        "told": TOLD[state],
        "ways": ways(found),
        "waits": state == OrderState.PENDING and found.closed_on is None,
        "bill": bills.of_order(found),
        "facts": facts(found),
    }
    return render(request, "mitxonline/commerce/order.html", context)


def ways(order: Order) -> list[Way]:
    """What to do next, the likeliest first."""
    state, found = OrderState(order.state), []
    if state in (OrderState.FULFILLED, OrderState.PARTIALLY_REFUNDED):
        found.append(Way("Go to your courses", DASHBOARD))
    if state == OrderState.PENDING:
        found.append(Way("Go on paying", CHECKOUT))
    elif state in UNPAID:
        found.append(Way("Back to the cart", CART))
    if order.fulfilled_on:
        found.append(Way("Receipt", receipt_path(order)))
    if queries.can_be_asked_back(order, clock.now()):
        found.append(Way("Ask for the money back", f"{order_path(order)}refund/"))
    return found


def facts(order: Order) -> list[tuple[str, str]]:
    asked = any(each.status == "pending" for each in order.refund_requests.all())
    told = [
        ("Order", order.reference_number),
        ("Made", day_name(order.created_on)),
        ("Paid", day_name(order.fulfilled_on) if order.fulfilled_on else ""),
        ("Paid by", receipts.card(order) if order.fulfilled_on else ""),
        ("Money back", "asked for; we write to you when it is decided" if asked else ""),
        *(("Refunded", f"{bills.money(each.amount)} on {day_name(each.updated_on)}") for each in telling.given_back(order)),
    ]
    return [(name, value) for name, value in told if value]


# --- its receipt


@never_cache
@require_safe
@login_required
def receipt(request: HttpRequest, id: int) -> HttpResponse:
    found = queries.receipt_of(signed_in(request).pk, id)
    context = {"title": "Receipt", "said": receipts.receipt(found), "pdf": f"{ORDERS}receipt/{found.pk}.pdf"}
    return render(request, "mitxonline/commerce/receipt.html", context)


@never_cache
@require_safe
@login_required
def receipt_file(request: HttpRequest, id: int) -> HttpResponse:
    found = queries.receipt_of(signed_in(request).pk, id)
    name = {"Content-Disposition": f'attachment; filename="receipt-{found.reference_number}.pdf"'}
    return HttpResponse(receipts.sheet(found), content_type="application/pdf", headers=name)


# --- the money back


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def money_back(request: HttpRequest, reference: str) -> HttpResponse:
    found = queries.order_of(signed_in(request).pk, reference)
    form = MoneyBack(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _asked_for(request, found, form)
    if not queries.can_be_asked_back(found, clock.now()):
        messages.warning(request, "The money for this order cannot be asked back now: see below what became of it, or write to us.")
        return SeeOther(order_path(found))
    context = {
        "title": "Ask for your money back",
        "reference": found.reference_number,
        "order_path": order_path(found),
        "total": bills.money(found.total_price_paid),
        "form": form,
    }
    return render(request, "mitxonline/commerce/refund.html", context)


def _asked_for(request: HttpRequest, found: Order, form: MoneyBack) -> HttpResponse:
    given = form.cleaned_data
    try:
        refunds.request_refund(found.purchaser_id, found.pk, reason=given["reason"], text=given["text"], consent=given["consent"])
        messages.success(request, "You have asked for your money back. People look at it, and you get a letter.")
    except Problem as refused:
        messages.warning(request, str(refused))
    return SeeOther(order_path(found))
