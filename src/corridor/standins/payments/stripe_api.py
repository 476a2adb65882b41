"""Stripe's REST interface as far as Corridor calls it."""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_http_methods

from . import actions, stripe_objects
from .models import Payment, Refund, Service, Stage
from .moods import for_programs

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
View = Callable[..., HttpResponse]


def with_key(view: View) -> View:
    @for_programs
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = settings.CONFIG.stripe_key
        given = request.headers.get("Authorization", "").partition(" ")[2]
        if key is None or not constant_time_compare(given, key.get_secret_value()):
            return _error(401, "invalid_request_error", "Invalid API Key provided.")
        return view(request, *args, **kwargs)

    return answer


def _error(status: int, kind: str, message: str, code: str = "") -> JsonResponse:
    return JsonResponse({"error": {"type": kind, "message": message, **({"code": code} if code else {})}}, status=status)


# --- sessions


@require_http_methods(["GET", "POST"])
@with_key
def sessions(request: HttpRequest) -> HttpResponse:
    return _open(request) if request.method == "POST" else _list_sessions(request)


@transaction.atomic
def _open(request: HttpRequest) -> HttpResponse:
    """One session for each key, asked for with the same words."""
    asked = _asked(request)
    once = request.headers.get("Idempotency-Key") or secrets.token_hex(16)
    if earlier := Payment.objects.filter(service=Service.STRIPE, attempt=once).first():
        if earlier.asked["form"] != request.POST.dict():
            return _error(400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters.")
        return JsonResponse(stripe_objects.session(earlier))
    lasts = datetime.fromtimestamp(int(asked["expires_at"]), UTC) - timezone.now()
    if not SHORTEST <= lasts <= LONGEST:
        return _error(400, "invalid_request_error", "`expires_at` must be between 30 minutes and 24 hours from now.", "parameter_invalid")
    payment = Payment.objects.create(
        service=Service.STRIPE,
        key=f"cs_test_{secrets.token_hex(24)}",
        attempt=once,
        reference=asked["client_reference_id"],
        amount=sum((_price(line) for line in asked["lines"]), Decimal()),
        currency=asked["lines"][0]["currency"].upper(),
        asked=asked,
    )
    return JsonResponse(stripe_objects.session(payment))


def _price(line: dict[str, str]) -> Decimal:
    return Decimal(line["unit_amount"]).scaleb(-2) * int(line["quantity"])


def _asked(request: HttpRequest) -> dict[str, Any]:
    form = request.POST
    count = len({name.split("]")[0] for name in form if name.startswith("line_items[")})
    return {
        **{name: form[name] for name in ("client_reference_id", "success_url", "cancel_url", "expires_at")},
        "metadata": _within(form, "metadata"),
        "intent_metadata": _within(form, "payment_intent_data[metadata]"),
        "lines": [_line(form, f"line_items[{number}]") for number in range(count)],
        "here": f"{request.scheme}://{request.get_host()}",
        "form": form.dict(),
    }


def _line(form: QueryDict, line: str) -> dict[str, str]:
    price = f"{line}[price_data]"
    return {
        "name": str(form[f"{price}[product_data][name]"]),
        "unit_amount": str(form[f"{price}[unit_amount]"]),
        "currency": str(form[f"{price}[currency]"]),
        "quantity": str(form[f"{line}[quantity]"]),
    }


def _within(form: QueryDict, prefix: str) -> dict[str, str]:
    """`metadata[a]=1` as {"a": "1"}."""
    found = ((re.fullmatch(re.escape(prefix) + r"\[(\w+)\]", name), value) for name, value in form.items())
    return {match[1]: str(value) for match, value in found if match}


@require_GET
@with_key
def session(request: HttpRequest, key: str) -> HttpResponse:
    payment = Payment.objects.filter(service=Service.STRIPE, key=key).first()
    if payment is None:
        return _error(404, "invalid_request_error", f"No such checkout.session: {key}", "resource_missing")
    return JsonResponse(stripe_objects.session(payment, whole="expand[]" in request.GET))


def _list_sessions(request: HttpRequest) -> HttpResponse:
    rows, more = _page(request, Payment.objects.filter(service=Service.STRIPE), "begun", "key")
    return JsonResponse(stripe_objects.listed([stripe_objects.session(row, whole="expand[]" in request.GET) for row in rows], more=more))


# --- charges and refunds


@require_GET
@with_key
def charges(request: HttpRequest) -> HttpResponse:
    paid = Payment.objects.filter(service=Service.STRIPE, stage=Stage.ACCEPTED)
    given = request.GET.get("starting_after", "").replace("ch_", "pi_")
    rows, more = _page(request, paid, "decided", "number", after=given)
    return JsonResponse(stripe_objects.listed([stripe_objects.charge(row) for row in rows], more=more))


@require_http_methods(["GET", "POST"])
@with_key
def refunds(request: HttpRequest) -> HttpResponse:
    return _refund(request) if request.method == "POST" else _list_refunds(request)


def _refund(request: HttpRequest) -> HttpResponse:
    form = request.POST
    once = request.headers.get("Idempotency-Key") or secrets.token_hex(16)
    try:
        made = actions.give_back(
            number_of_payment=form.get("payment_intent", ""),
            code=once,
            amount=Decimal(form.get("amount", "0")).scaleb(-2),
            number_of_refund=f"re_{secrets.token_hex(12)}",
            told=_within(form, "metadata"),
        )
    except actions.RefundRefused as refused:
        if refused.again is None:
            return _error(400, "invalid_request_error", str(refused), "charge_already_refunded")
        return JsonResponse(stripe_objects.refund(refused.again))
    actions.tell_of_refund(made)
    return JsonResponse(stripe_objects.refund(made))


def _list_refunds(request: HttpRequest) -> HttpResponse:
    made = Refund.objects.filter(payment__service=Service.STRIPE).select_related("payment")
    if intent := request.GET.get("payment_intent"):
        made = made.filter(payment__number=intent)
    rows, more = _page(request, made, "at", "number")
    return JsonResponse(stripe_objects.listed([stripe_objects.refund(row, whole="expand[]" in request.GET) for row in rows], more=more))


def _page(request: HttpRequest, rows: QuerySet[Any], moment: str, name: str, after: str = "") -> tuple[Iterable[Any], bool]:
    """The newest first, as many as asked for after the one named."""
    asked = request.GET
    for bound in ("gte", "lt"):
        if seconds := asked.get(f"created[{bound}]"):
            rows = rows.filter(**{f"{moment}__{bound}": datetime.fromtimestamp(int(seconds), UTC)})
    if after := after or asked.get("starting_after", ""):
        rows = rows.filter(pk__lt=get_object_or_404(rows.model, **{name: after}).pk)
    limit = int(asked.get("limit", 10))
    found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], len(found) > limit
