"""Discounts as staff look them up. The number of queries does not grow with what is found."""

from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from corridor.kit.api.parameters import LARGEST

from .errors import DiscountNotFound, LinkNotFound
from .models import Discount, DiscountProduct, Redemption, UserDiscount
from .vocabulary import RedemptionState

Row = TypeVar("Row", DiscountProduct, UserDiscount, Redemption)


def discounts(
    *, text: str | None = None, payment_type: str | None = None, redemption_type: str | None = None, is_redeemed: bool | None = None
) -> QuerySet[Discount]:
    """Each with `is_redeemed`. `text` is a part of the code."""
    used = Redemption.objects.filter(discount=OuterRef("pk"), state=RedemptionState.REDEEMED)
    found = Discount.objects.annotate(is_redeemed=Exists(used)).order_by("-id")
    wanted = {"discount_code__icontains": text, "payment_type": payment_type, "redemption_type": redemption_type}
    found = found.filter(**{column: value for column, value in wanted.items() if value})
    return found if is_redeemed is None else found.filter(is_redeemed=is_redeemed)


def discount(id: int) -> Discount:
    """Raises DiscountNotFound."""
    found = discounts().filter(pk=id).first() if id <= LARGEST else None
    if found is None:
        raise DiscountNotFound(id)
    return found


def products_of(discount_id: int) -> QuerySet[DiscountProduct]:
    return DiscountProduct.objects.filter(discount=discount(discount_id)).order_by("id")


def assignees_of(discount_id: int) -> QuerySet[UserDiscount]:
    return UserDiscount.objects.filter(discount=discount(discount_id)).select_related("user").order_by("id")


def redemptions_of(discount_id: int) -> QuerySet[Redemption]:
    """Those that count: redeemed, or reserved by an order that can still be paid."""
    live = Redemption.objects.filter(discount=discount(discount_id)).exclude(state=RedemptionState.RELEASED)
    return live.select_related("user").order_by("id")


def product_link(discount_id: int, id: int) -> DiscountProduct:
    """Raises LinkNotFound."""
    return _one(products_of(discount_id), "product of this discount", id)


def assignee(discount_id: int, id: int) -> UserDiscount:
    """Raises LinkNotFound."""
    return _one(assignees_of(discount_id), "assignee of this discount", id)


def redemption(discount_id: int, id: int) -> Redemption:
    """Raises LinkNotFound."""
    return _one(redemptions_of(discount_id), "redemption of this discount", id)


def _one(rows: QuerySet[Row], what: str, id: int) -> Row:
    found = rows.filter(pk=id).first() if id <= LARGEST else None
    if found is None:
        raise LinkNotFound(what, id)
    return found
