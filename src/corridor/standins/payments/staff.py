"""What staff of the payment services can see and set, to try failures and forgeries."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from . import actions, deliveries
from .models import Delivery, Forgery, Payment, Settings

SHOWN = 50


@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    shown = {
        "payments": Payment.objects.prefetch_related("refunds")[:SHOWN],
        "deliveries": Delivery.objects.select_related("payment")[:SHOWN],
        "settings": Settings.current(),
        "addresses": {name: Settings.current().address_for(name) for name in ("cybersource", "stripe")},
        "forgeries": Forgery,
    }
    return render(request, "payments/staff.html", shown)


@require_POST
def settle(request: HttpRequest, key: str) -> HttpResponse:
    """Approve or reject what waits, end what is open, dispute what is paid."""
    payment = get_object_or_404(Payment, key=key)
    what = request.POST.get("what")
    if what in ("approve", "reject"):
        actions.tell(actions.rule(payment, accepted=what == "approve"))
    elif what == "expire":
        actions.tell(actions.expire(payment))
    elif what == "dispute":
        actions.dispute(payment)
    return redirect("/payments/")


@require_POST
def tell(request: HttpRequest, key: str) -> HttpResponse:
    """Tell the merchant again, truly or with a forgery."""
    forged = request.POST.get("forged", "")
    actions.tell(get_object_or_404(Payment, key=key), forged=forged if forged in Forgery.values else "")
    return redirect("/payments/")


@require_POST
def send_again(request: HttpRequest, id: int) -> HttpResponse:
    deliveries.send(get_object_or_404(Delivery, pk=id))
    return redirect("/payments/")


@require_POST
def set_up(request: HttpRequest) -> HttpResponse:
    form = request.POST
    given = {name: form.get(name, "") for name in ("cybersource_address", "stripe_address")}
    addresses = {name: value for name, value in given.items() if value.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))}
    Settings.current()
    Settings.objects.filter(pk=1).update(down="down" in form, finds_nothing="finds_nothing" in form, **addresses)
    return redirect("/payments/")
