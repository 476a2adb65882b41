"""Cart and checkout. Everything is a form that works without scripts; nothing changes by following a link."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corridor.accounts import actions as accounts
from corridor.accounts import queries as people
from corridor.accounts.countries import countries
from corridor.accounts.models import User
from corridor.accounts.queries import Person
from corridor.kit import clock
from corridor.kit.api.callers import address
from corridor.kit.errors import Problem
from corridor.kit.security import policy
from corridor.mitxonline.catalog import products
from corridor.mitxonline.discounts.errors import CodeNotBetter, CodeRefused, CodeUnknown
from corridor.mitxonline.gateways.errors import GatewayUnavailable, GatewayUnknown

from . import actions, bills, carts, checkout, queries, telling
from .bills import Bill
from .errors import BasketEmpty, BasketNotFound, CheckoutRefused, ProductNotFound
from .forms import Purchaser
from .queries import PricedBasket
from .said import Said, say, say_elsewhere

CART, CHECKOUT, ORDERS, DASHBOARD = "/mitxonline/cart/", "/mitxonline/checkout/", "/mitxonline/orders/", "/mitxonline/dashboard/"
SEE_OTHER = 303


class SeeOther(HttpResponseRedirect):
    """To a page that is got, whatever was sent here."""

    status_code = SEE_OTHER


# --- the cart


@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return shown(request)


def shown(request: HttpRequest, *, code: str = "", code_error: str = "", status: int = 200) -> HttpResponse:
    basket = basket_of(request)
    if basket and basket.discount_lost:
        messages.warning(request, "The discount that your cart had does not apply any more. The price below is without it.")
    context = {"title": "Your cart", "bill": bill_of(basket), "code": code, "code_error": code_error}
    return render(request, "mitxonline/commerce/cart.html", context, status=status)


def basket_of(request: HttpRequest) -> PricedBasket | None:
    whose = carts.owner(request)
    basket = queries.priced_basket(whose) if whose is not None else None
    carts.remember(request, basket)
    return basket


def bill_of(basket: PricedBasket | None) -> Bill:
    return bills.of_basket(basket, telling.products_by_id(line.product for line in basket.lines) if basket else {})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A link here shows what would be added, and asks."""
    if request.method != "POST":
        product = product_of(request.GET.dict())
        context = {"title": "Put this into your cart?", "line": bills.of_product(product), "product": product["id"]}
        return render(request, "mitxonline/commerce/add.html", context)
    product = product_of(request.POST.dict())
    basket = actions.add_to_basket(carts.owner_to_be(request), product["id"])
    carts.remember(request, basket)
    return SeeOther(CART)


def product_of(asked: dict[str, str]) -> Any:
    """What a link or a form names, by one of the published names. Raises ProductNotFound."""
    for name in products.NAMES:
        if value := asked.get(name, "")[:255].replace("\0", ""):
            if found := products.sold_as(name, value, clock.now()):
                return found
            raise ProductNotFound(value)
    raise ProductNotFound("–")


@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    whose, item = carts.owner(request), request.POST.get("item", "")
    if whose is not None and item.isascii() and item.isdigit() and len(item) < 19:
        try:
            carts.remember(request, actions.remove_item(whose, int(item)))
        except BasketNotFound:
            messages.info(request, "That was not in your cart any more.")
    return SeeOther(CART)


@never_cache
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Apply a code; what is wrong with it is said at the field."""
    whose, typed = carts.owner(request), request.POST.get("code", "").strip()[:100].replace("\0", "")
    try:
        if whose is None:
            raise BasketEmpty
        actions.apply_code(whose, typed)
    except (BasketEmpty, CodeUnknown, CodeRefused, CodeNotBetter) as refused:
        response = shown(request, code=typed, code_error=str(refused), status=422)
        say_elsewhere(response, Said.DISCOUNT_INVALID)
        return response
    messages.success(request, "The code is counted.")
    return SeeOther(CART)


# --- checkout


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review(request: HttpRequest) -> HttpResponse:
    """Everything once more before it is paid. A form sent here tells who buys."""
    buyer = people.person(signed_in(request))
    form = Purchaser(request.POST if request.method == "POST" else None, initial=told_by(buyer)) if buyer.missing else None
    if form and request.method == "POST" and form.is_valid():
        accounts.tell_of_oneself(buyer.user, address=form.address(), details=form.added_to(buyer.details))
        return SeeOther(CHECKOUT)
    basket = basket_of(request)
    if not basket or not basket.lines:
        return SeeOther(CART)
    return reviewed(request, basket, buyer, form)


def reviewed(request: HttpRequest, basket: PricedBasket, buyer: Person, form: Purchaser | None, refused: str = "") -> HttpResponse:
    context = {"title": "Check out", "bill": bill_of(basket), "form": form, "buyer": lines_of(buyer), "refused": refused}
    return render(request, "mitxonline/commerce/checkout.html", context, status=409 if refused else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def to_payment(request: HttpRequest) -> HttpResponse:
    """Order what is in the cart, and lead on to the gateway; asked again, to the same order there."""
    if request.method != "POST":
        return SeeOther(CHECKOUT)
    buyer, basket = people.person(signed_in(request)), basket_of(request)
    if buyer.missing or not basket or not basket.lines:
        return SeeOther(CHECKOUT)
    if request.POST.get("total") != f"{basket.total:.2f}":
        return reviewed(request, basket, buyer, None, "The price has changed since you saw it. Look at it below, then go on.")
    try:
        return ordered(request, buyer.user)
    except (CheckoutRefused, GatewayUnavailable, GatewayUnknown) as refused:
        return not_ordered(request, buyer, refused)


def ordered(request: HttpRequest, buyer: User) -> HttpResponse:
    ip = address(request)
    begun = checkout.check_out(buyer.pk, ip=ip)
    if begun.attempt is None:
        carts.remember(request, None)
        response: HttpResponse = SeeOther(DASHBOARD)
        say(
            request, response, Said.ACCEPTED_NO_VALUE, "You are enrolled. There was nothing to pay; a receipt is on its way to you by mail."
        )
        return response
    way = checkout.hand_off(buyer.pk, begun.attempt, ip=ip)
    context = {"title": "On to our payment service", "handoff": way, "reference": begun.reference_number, "total": bills.money(begun.total)}
    response = render(request, "mitxonline/commerce/to_payment.html", context)
    response.headers["Content-Security-Policy"] = policy(form_action=f"'self' {origin(way.url)}")
    return response


def not_ordered(request: HttpRequest, buyer: Person, refused: Problem) -> HttpResponse:
    basket = basket_of(request)
    if not basket or not basket.lines:
        return SeeOther(CART)
    response = reviewed(request, basket, buyer, None, str(refused))
    response.status_code = refused.status
    if isinstance(refused, CheckoutRefused):
        say_elsewhere(response, Said(refused.error))
    return response


# --- in common


def signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def told_by(buyer: Person) -> dict[str, Any]:
    told = vars(buyer.address) if buyer.address else {}
    return {**told, "year_of_birth": buyer.details.year_of_birth if buyer.details else None}


def lines_of(buyer: Person) -> list[str]:
    """Name and address as on an envelope."""
    where = buyer.address
    if where is None:
        return []
    country = countries()[where.country].name if where.country in countries() else where.country
    town = " ".join(part for part in (where.city, where.state.partition("-")[2], where.postal_code) if part)
    lines = (f"{where.first_name} {where.last_name}", where.street_address_1, where.street_address_2, town, country)
    return [line for line in lines if line.strip()]


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
