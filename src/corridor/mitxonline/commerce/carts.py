"""Whose cart a request is about: the person's, or that of a browser which nobody has signed in with."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.http import HttpRequest

from . import actions
from .queries import Owner, PricedBasket, basket_of

BROWSER = "anonymous_basket_id"  # the number of a browser's cart, in its session
FILLED = "cart_filled"  # whether there is something in it, so that pages look


def owner(request: HttpRequest) -> Owner | None:
    """None for a browser that has collected nothing. What somebody collected before signing in becomes theirs."""
    collected = request.session.get(BROWSER)
    if not request.user.is_authenticated:
        return UUID(collected) if collected else None
    if collected:
        remember(request, actions.claim_basket(request.user.pk, UUID(collected)))
        del request.session[BROWSER]
    return request.user.pk


def owner_to_be(request: HttpRequest) -> Owner:
    """The same for somebody who puts something into a cart: a browser gets one."""
    found = owner(request)
    if found is None:
        found = uuid4()
        request.session[BROWSER] = str(found)
    return found


def remember(request: HttpRequest, basket: PricedBasket | None) -> None:
    """Whether the header leads to the cart."""
    filled = bool(basket and basket.lines)
    if filled != request.session.get(FILLED, False):
        request.session[FILLED] = filled


def recount(request: HttpRequest) -> None:
    """What was paid left the cart without this browser's doing."""
    if request.session.get(FILLED) and not count(request):
        request.session[FILLED] = False


def count(request: HttpRequest) -> int:
    """How much is in the cart: no query for those who have put nothing into one."""
    session: Mapping[str, object] = request.session
    if not session.get(FILLED):
        return 0
    found = owner(request)
    basket = basket_of(found) if found else None
    return basket.items.count() if basket else 0
