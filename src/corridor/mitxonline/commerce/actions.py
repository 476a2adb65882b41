"""What people do with their cart. Each action is one transaction and gives the cart as it then is."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from corridor.kit import clock
from corridor.mitxonline.catalog import products
from corridor.mitxonline.discounts import queries as discounts
from corridor.mitxonline.discounts import rules as prices
from corridor.mitxonline.discounts.errors import CodeNotBetter, CodeRefused, CodeUnknown
from corridor.mitxonline.discounts.rules import DiscountFacts

from . import locks
from .errors import BasketEmpty, BasketNotFound, ProductNotFound
from .models import Basket, BasketItem
from .queries import Owner, PricedBasket, basket_of, items_of, price, priced


@transaction.atomic
def add_to_basket(owner: Owner, product_id: int, code: str | None = None) -> PricedBasket:
    """Put a product into the cart; one that is in it stays once. With a code, as `apply_code` does after it.

    Raises ProductNotFound, and what `apply_code` raises: nothing is added then.
    """
    if product_id > products.LARGEST or not products.active().filter(pk=product_id).exists():
        raise ProductNotFound(product_id)
    basket = _opened(owner)
    BasketItem.objects.get_or_create(basket=basket, product_id=product_id)
    settled = settle_discount(basket)
    return apply_code(owner, code) if code else settled


@transaction.atomic
def remove_item(owner: Owner, item_id: int) -> PricedBasket:
    """Raises BasketNotFound where it is in no cart of theirs."""
    basket = _held(owner)
    if basket is None or not BasketItem.objects.filter(basket=basket, pk=item_id).delete()[0]:
        raise BasketNotFound
    return settle_discount(basket)


@transaction.atomic
def clear(owner: Owner) -> None:
    """Empty the cart, of its code too."""
    basket = _held(owner)
    if basket:
        basket.items.all().delete()
        _keep(basket, None, is_typed=False)


@transaction.atomic
def apply_code(owner: Owner, code: str) -> PricedBasket:
    """Have a code that somebody typed lower the price.

    Raises BasketEmpty, CodeUnknown, CodeRefused and CodeNotBetter; the cart then keeps the discount that it had.
    """
    basket = _held(owner)
    if basket is None or not (items := items_of(basket.pk)):
        raise BasketEmpty
    wanted = _wanted(items)
    typed = discounts.typed(code, basket.user_id)
    if typed is None or not prices.can_be_typed(typed):
        raise CodeUnknown(code)
    if refused := prices.refusal(typed, [product for product, _ in wanted], clock.now()):
        raise CodeRefused(typed.code, refused)
    chosen = _best(basket, wanted, also=[typed])
    if chosen != typed:
        raise CodeNotBetter(typed.code, chosen.code if chosen else "")
    _keep(basket, typed, is_typed=True)
    return priced(basket, items, typed)


@transaction.atomic
def remove_code(owner: Owner) -> PricedBasket:
    """Forget what was typed; what is the person's without typing stays. Raises BasketNotFound."""
    basket = _held(owner)
    if basket is None:
        raise BasketNotFound
    _keep(basket, None, is_typed=False)
    return settle_discount(basket)


@transaction.atomic
def claim_basket(user_id: int, anonymous_id: UUID) -> PricedBasket | None:
    """Move what a browser collected before somebody signed in with it into that person's cart. None where there is nothing in either."""
    locks.buyer(user_id)
    found = locks.anonymous_basket(anonymous_id)
    if found is None:
        mine = basket_of(user_id)
        return price(mine, clock.now()) if mine else None
    basket, _ = Basket.objects.get_or_create(user_id=user_id)
    there = set(basket.items.values_list("product", flat=True))
    found.items.exclude(product__in=there).update(basket=basket)
    if found.discount_typed and not basket.discount_typed:
        basket.discount_id, basket.discount_typed = found.discount_id, True
    found.delete()
    return settle_discount(basket)


def settle_discount(basket: Basket) -> PricedBasket:
    """Give the cart the discount that counts: the one that was typed where it still applies and no other comes before it."""
    items = items_of(basket.pk)
    chosen = _best(basket, _wanted(items)) if items else None
    # What was typed stays with a cart that is empty for the moment.
    if items or not basket.discount_typed:
        _keep(basket, chosen, is_typed=chosen is not None and basket.discount_typed and chosen.id == basket.discount_id)
    return priced(basket, items, chosen)


def _best(basket: Basket, wanted: list[tuple[int, Decimal]], also: Iterable[DiscountFacts] = ()) -> DiscountFacts | None:
    known = [basket.discount_id] if basket.discount_id and basket.discount_typed else []
    return prices.best({*discounts.on_offer(basket.user_id, also=known), *also}, wanted, clock.now())


def _wanted(items: Iterable[BasketItem]) -> list[tuple[int, Decimal]]:
    return [(item.product_id, item.price) for item in items]  # type: ignore[attr-defined]  # annotated by items_of


def _keep(basket: Basket, chosen: DiscountFacts | None, *, is_typed: bool) -> None:
    basket.discount_id, basket.discount_typed = chosen.id if chosen else None, is_typed
    basket.updated_on = clock.now()
    basket.save(update_fields=["discount", "discount_typed", "updated_on"])


def _opened(owner: Owner) -> Basket:
    """Their cart, made where there is none, under its lock."""
    if isinstance(owner, int):
        locks.buyer(owner)
        return Basket.objects.get_or_create(user_id=owner)[0]
    Basket.objects.get_or_create(anonymous_id=owner)
    basket = locks.anonymous_basket(owner)
    assert basket is not None
    return basket


def _held(owner: Owner) -> Basket | None:
    """Their cart under its lock, if there is one."""
    if not isinstance(owner, int):
        return locks.anonymous_basket(owner)
    locks.buyer(owner)
    return basket_of(owner)
