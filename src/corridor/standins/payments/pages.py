"""The page to pay as a payer sees it, and the way back to the merchant."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from . import actions, secure_acceptance
from .choices import CHOICES
from .models import Payment, Service, Stage

LONGEST_WAIT = 3600


@csrf_exempt
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """CyberSource's hosted checkout: a signed form of the merchant, by the payer's browser."""
    form = request.POST.dict()
    if wrong := secure_acceptance.wrong_with(form):
        return render(request, "payments/refused.html", {"wrong": wrong}, status=403)
    payment = Payment.objects.create(
        service=Service.CYBERSOURCE,
        key=str(uuid4()),
        attempt=form["transaction_uuid"],
        reference=form["reference_number"],
        amount=form["amount"],
        currency=form["currency"],
        asked=form,
    )
    return redirect(f"/payments/pay/{payment.key}/")


@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, key: str) -> HttpResponse:
    payment = get_object_or_404(Payment, key=key)
    if request.method == "POST" and payment.stage == Stage.OPEN:
        return _decide(request, payment)
    shown = {"payment": payment, "lines": _lines(payment), "choices": CHOICES[payment.service], "is_open": payment.stage == Stage.OPEN}
    return render(request, "payments/pay.html", shown | {"was_declined": "declined" in request.GET})


def _decide(request: HttpRequest, payment: Payment) -> HttpResponse:
    form = request.POST
    if "cancel" in form:
        payment = actions.leave(payment)
    else:
        choice = form.get("choice", "")
        chosen = choice if choice in CHOICES[payment.service] else "accepted"
        payment = actions.pay(payment, choice=chosen, name=form.get("name", "")[:60], email=form.get("email", "")[:255])
    if payment.service == Service.STRIPE and payment.stage == Stage.OPEN and "cancel" not in form:
        return redirect(f"/payments/pay/{payment.key}/?declined=1")
    wait = form.get("seconds", "")
    actions.tell(payment, when=form.get("notify", "once"), seconds=min(int(wait), LONGEST_WAIT) if wait.isdigit() else 5)
    return _way_back(request, payment, stays="stay" in form)


def _way_back(request: HttpRequest, payment: Payment, *, stays: bool) -> HttpResponse:
    """A form that goes to the merchant by itself, or by its button; a plain redirect from Stripe."""
    if stays:
        return render(request, "payments/stayed.html", {"payment": payment})
    if payment.service == Service.STRIPE:
        left = payment.stage == Stage.OPEN
        there = payment.asked["success_url"].replace("{CHECKOUT_SESSION_ID}", payment.key)
        return HttpResponseRedirect(payment.asked["cancel_url"] if left else there)
    page = "cancel" if payment.stage == Stage.CANCELED else "receipt"
    there = payment.asked.get(f"override_custom_{page}_page", "")
    fields = secure_acceptance.signed(secure_acceptance.reply(payment), secure_acceptance.secret())
    return render(request, "payments/back.html", {"there": there, "host": urlsplit(there).netloc, "fields": fields})


def _lines(payment: Payment) -> list[dict[str, Any]]:
    if payment.service == Service.STRIPE:
        return [
            {"name": line["name"], "quantity": line["quantity"], "price": f"{int(line['unit_amount']) / 100:.2f}"}
            for line in payment.asked["lines"]
        ]
    asked, count = payment.asked, payment.asked.get("line_item_count", "")
    names = [f"item_{number}_" for number in range(int(count) if count.isdigit() else 0)]
    return [
        {"name": asked.get(f"{item}name"), "quantity": asked.get(f"{item}quantity"), "price": asked.get(f"{item}unit_price")}
        for item in names
    ]
