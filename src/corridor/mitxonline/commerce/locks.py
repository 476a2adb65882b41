"""The one place where commerce takes locks, always in this order: a movement of money, its buyer, the order, the discount, enrollments.

A buyer's purchases and payments take turns. Rows are locked without their key, so that others may still refer to them.
"""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection

from corridor.mitxonline.discounts.errors import DiscountNotFound
from corridor.mitxonline.discounts.models import Discount

from .errors import OrderNotFound
from .models import Basket, Order


def movement(gateway: str, transaction_id: str) -> None:
    """What a gateway calls one movement of money: browser and server tell of it at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"money/{gateway}/{transaction_id}"])


def buyer(user_id: int) -> None:
    list(get_user_model().objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk"))


def order(order_id: int) -> Order:
    """The order, and its buyer before it. Raises OrderNotFound."""
    found = Order.objects.filter(pk=order_id).values_list("purchaser", flat=True).first()
    if found is None:
        raise OrderNotFound(order_id)
    buyer(found)
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def discount(discount_id: int) -> Discount:
    """Raises DiscountNotFound."""
    found = Discount.objects.select_for_update(no_key=True).filter(pk=discount_id).first()
    if found is None:
        raise DiscountNotFound(discount_id)
    return found


def anonymous_basket(anonymous_id: UUID) -> Basket | None:
    return Basket.objects.select_for_update(no_key=True).filter(anonymous_id=anonymous_id).first()
