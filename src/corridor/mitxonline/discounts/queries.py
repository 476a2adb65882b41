"""Discounts as one person meets them."""

from collections.abc import Collection

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Upper

from .models import Discount, Redemption, UserDiscount
from .rules import DiscountFacts
from .vocabulary import RedemptionState

LIVE = (RedemptionState.RESERVED, RedemptionState.REDEEMED)
# A reservation of an order that waits to be paid moves on to the next order of the same person.
MOVES_ON = Q(state=RedemptionState.RESERVED, order__state="pending")


def on_offer(user_id: int | None, *, also: Collection[int] = ()) -> list[DiscountFacts]:
    """What counts for a person without their typing it, and those named. One query where there is none, else two."""
    offered = Q(automatic=True)
    if user_id is not None:
        offered |= Q(pk__in=UserDiscount.objects.filter(user=user_id).values("discount"))
    found = {*also, *Discount.objects.filter(offered).values_list("pk", flat=True)}
    return [_facts(row) for row in _met_by(user_id).filter(pk__in=found)] if found else []


def typed(code: str, user_id: int | None) -> DiscountFacts | None:
    """The discount of that code, however it is written."""
    row = _met_by(user_id).annotate(upper=Upper("discount_code")).filter(upper=Upper(Value(code.strip()))).first()
    return _facts(row) if row else None


def _met_by(user_id: int | None) -> "QuerySet[Discount]":
    live = Redemption.objects.filter(discount=OuterRef("pk"), state__in=LIVE).order_by()
    assigned = UserDiscount.objects.filter(discount=OuterRef("pk"))
    mine = Q(user=user_id) if user_id is not None else Q(pk__in=[])
    return Discount.objects.annotate(
        uses=_counted(live.exclude(mine)),
        my_uses=_counted(live.filter(mine).exclude(MOVES_ON)),
        is_assigned=Exists(assigned),
        is_mine=Exists(assigned.filter(mine)),
        named=ArrayAgg("product_links__product", filter=Q(product_links__isnull=False), default=Value([])),
    )


def _counted(rows: "QuerySet[Redemption]") -> Coalesce:
    return Coalesce(Subquery(rows.values("discount").annotate(number=Count("pk")).values("number")), 0)


def _facts(row: Discount) -> DiscountFacts:
    return DiscountFacts(
        id=row.pk,
        code=row.discount_code,
        discount_type=row.discount_type,
        redemption_type=row.redemption_type,
        amount=row.amount,
        payment_type=row.payment_type,
        max_redemptions=row.max_redemptions,
        starts=row.activation_date,
        ends=row.expiration_date,
        is_active=row.is_active,
        automatic=row.automatic,
        products=frozenset(row.named),  # type: ignore[attr-defined]  # annotated above, as are the others
        is_assigned=row.is_assigned,  # type: ignore[attr-defined]
        is_mine=row.is_mine,  # type: ignore[attr-defined]
        uses=row.uses,  # type: ignore[attr-defined]
        my_uses=row.my_uses,  # type: ignore[attr-defined]
    )
