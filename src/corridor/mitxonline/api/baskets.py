"""The cart of whoever asks, and the way from it to paying."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from rest_framework.request import Request

from corridor.kit.api import callers
from corridor.kit.api.acting import Acting, Answer
from corridor.kit.api.callers import Who
from corridor.kit.api.parameters import Asked, Text
from corridor.kit.api.views import Reading
from corridor.mitxonline.commerce import actions, carts, checkout, queries, telling
from corridor.mitxonline.commerce.errors import BasketNotFound, CheckoutRefused
from corridor.mitxonline.commerce.queries import CartLine, PricedBasket

from .access import person
from .shapes import baskets as shapes

CHECKOUT = "/mitxonline/checkout/"


class OwnBasket(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN


class BasketList(OwnBasket):
    """There is one for each person at most."""

    rows: ClassVar[bool] = True
    shape: Any = shapes.BasketWithProduct

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        basket = queries.priced_basket(whose(request))
        return telling.baskets([basket] if basket else [])


class BasketDetail(OwnBasket):
    shape: Any = shapes.BasketWithProduct

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return told(own(request, path["id"]))


# --- what is in it


class ItemList(OwnBasket):
    rows: ClassVar[bool] = True
    shape: Any = shapes.BasketItem

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        basket = own(request, path["parent_lookup_basket"])
        return [told_item(basket, line) for line in basket.lines]


class ItemDetail(OwnBasket):
    shape: Any = shapes.BasketItem

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        basket = own(request, path["parent_lookup_basket"])
        return told_item(basket, line_of(basket, path["id"]))


class AddItem(Acting):
    takes: Any = shapes.NewBasketItem
    answers = {201: shapes.BasketItem}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        basket = own(request, path["parent_lookup_basket"])
        settled = actions.add_to_basket(whose(request), given["product"])
        carts.remember(request._request, settled)
        return told_item(basket, next(line for line in settled.lines if line.product == given["product"]))


class ChangeItem(Acting):
    """Every item is one seat, so that there is nothing to change: it is checked and told."""

    takes: Any = shapes.ChangedBasketItem
    answers = {200: shapes.BasketItem}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        basket = own(request, path["parent_lookup_basket"])
        return told_item(basket, line_of(basket, path["id"]))


class RemoveItem(Acting):
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        own(request, path["parent_lookup_basket"])
        carts.remember(request._request, actions.remove_item(whose(request), path["id"]))


# --- filling it


class CreateFromProduct(Acting):
    """For browsers too that nobody has signed in with: the basket becomes the person's who does."""

    who: ClassVar[Who] = Who.ANYONE
    takes: Any = shapes.FromProduct
    answers = {200: shapes.BasketWithProduct, 201: shapes.BasketWithProduct, 302: None}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        theirs = carts.owner_to_be(request._request)
        is_new = queries.basket_of(theirs) is None
        settled = actions.add_to_basket(theirs, path["product_id"], path.get("discount_code"))
        return filled(request, settled, is_new=is_new, leads_on=given["checkout"])


class CreateFromProductWithDiscount(CreateFromProduct):
    """A code that does not apply is refused with why, and nothing is added."""

    who: ClassVar[Who] = Who.SIGNED_IN


class CreateWithProducts(Acting):
    """All of them, or none."""

    takes: Any = shapes.CreateBasketWithProducts
    answers = {200: shapes.BasketWithProduct, 201: shapes.BasketWithProduct, 302: None}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        mine = whose(request)
        is_new = queries.basket_of(mine) is None
        settled = [actions.add_to_basket(mine, each["product_id"]) for each in given["product_ids"]][-1]
        if given.get("discount_code"):
            settled = actions.apply_code(mine, given["discount_code"])
        return filled(request, settled, is_new=is_new, leads_on=given["checkout"])


class AddDiscount(Acting):
    parameters = (Text(name="discount_code", longest=100, help="The code, in capital or small letters."),)
    answers = {200: shapes.BasketWithProduct}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        return told(actions.apply_code(whose(request), self.asked["discount_code"] or ""))


class Clear(Acting):
    who: ClassVar[Who] = Who.ANYONE
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        theirs = carts.owner(request._request)
        if theirs is not None:
            actions.clear(theirs)
        carts.remember(request._request, None)


# --- leaving with it


class StartCheckout(OwnBasket):
    """Published as GET: asked again for the same basket, it gives the same order and the same way to pay."""

    scope: ClassVar[str] = "write"
    shape: Any = shapes.CheckoutPayload

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return payload(request)


class Checkout(Acting):
    answers = {200: shapes.CheckoutPayload}
    in_steps: ClassVar[bool] = True

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        return payload(request._request)


def payload(request: HttpRequest) -> Any:
    """How to pay for the basket; with `error` where it cannot be bought as it is, which is no failure of the request."""
    user, ip = whose(request), callers.address(request)
    try:
        begun = checkout.check_out(user, ip=ip)
    except CheckoutRefused as refused:
        return _payload(error=refused.error, detail=refused.message)
    told = {"order_id": begun.order_id, "reference_number": begun.reference_number}
    if begun.attempt is None:
        return _payload(**told, no_checkout=True)
    way = checkout.hand_off(user, begun.attempt, ip=ip)
    return _payload(**told, url=way.url, method=way.method, payload=dict(way.fields))


def _payload(**told: Any) -> Any:
    nothing = {"no_checkout": False, "url": "", "method": "POST", "payload": {}, "order_id": 0, "reference_number": None}
    return nothing | {"error": None, "detail": ""} | told


# --- in common


def whose(request: HttpRequest | Request) -> int:
    """The person who asks, to whom belongs what their browser collected before they signed in."""
    carts.owner(getattr(request, "_request", request))
    return person(request).pk


def own(request: HttpRequest | Request, id: int) -> PricedBasket:
    """Raises BasketNotFound alike for one that is not there and for somebody else's."""
    basket = queries.priced_basket(whose(request))
    if basket is None or basket.id != id:
        raise BasketNotFound
    return basket


def line_of(basket: PricedBasket, item: int) -> CartLine:
    found = next((line for line in basket.lines if line.item == item), None)
    if found is None:
        raise BasketNotFound
    return found


def told(basket: PricedBasket) -> Any:
    return telling.baskets([basket])[0]


def told_item(basket: PricedBasket, line: CartLine) -> Any:
    return telling.item(basket.id, line.item, line.product)


def filled(request: Request, basket: PricedBasket, *, is_new: bool, leads_on: bool) -> Answer | HttpResponse:
    carts.remember(request._request, basket)
    return HttpResponseRedirect(CHECKOUT) if leads_on else Answer(201 if is_new else 200, told(basket))
