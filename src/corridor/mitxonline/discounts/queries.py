"""Discounts as one person meets them."""

from collections.abc import Collection

from django.db.models import Q

from .models import Discount
from .rules import DiscountFacts
from .vocabulary import RedemptionState

LIVE = (RedemptionState.RESERVED, RedemptionState.REDEEMED)
# A reservation of an order that waits to be paid moves on to the next order of the same person.
MOVES_ON = Q(state=RedemptionState.RESERVED, order__state="pending")


# Asked whenever a cart changes. Uses of what has no limit are not counted: a code for everybody has very many.
FACTS = """
SELECT
    d.*,
    CASE WHEN d.redemption_type = 'one-time' OR d.max_redemptions > 0 THEN (
        SELECT count(*) FROM mitxonline_redemption r
        WHERE r.discount_id = d.id AND r.state <> 'released' AND r.user_id IS DISTINCT FROM %(user)s
    ) ELSE 0 END AS uses,
    (
        SELECT count(*) FROM mitxonline_redemption r JOIN mitxonline_order o ON o.id = r.order_id
        WHERE r.discount_id = d.id AND r.state <> 'released' AND r.user_id = %(user)s
            AND NOT (r.state = 'reserved' AND o.state = 'pending')
    ) AS my_uses,
    EXISTS (SELECT FROM mitxonline_userdiscount u WHERE u.discount_id = d.id) AS is_assigned,
    EXISTS (SELECT FROM mitxonline_userdiscount u WHERE u.discount_id = d.id AND u.user_id = %(user)s) AS is_mine,
    ARRAY (SELECT product_id FROM mitxonline_discountproduct p WHERE p.discount_id = d.id) AS named
FROM mitxonline_discount d
"""
OFFERED = """
WHERE d.id IN (
    SELECT id FROM mitxonline_discount WHERE automatic
    UNION ALL SELECT discount_id FROM mitxonline_userdiscount WHERE user_id = %(user)s
    UNION ALL SELECT unnest(%(also)s::bigint[])
)
"""
TYPED = "WHERE upper(d.discount_code) = upper(%(code)s)"


def on_offer(user_id: int | None, *, also: Collection[int] = ()) -> list[DiscountFacts]:
    """What counts for a person without their typing it, and those named. One query."""
    return [_facts(row) for row in Discount.objects.raw(FACTS + OFFERED, {"user": user_id, "also": list(also)})]


def typed(code: str, user_id: int | None) -> DiscountFacts | None:
    """The discount of that code, however it is written."""
    rows = Discount.objects.raw(FACTS + TYPED, {"user": user_id, "code": code.strip()})
    return next((_facts(row) for row in rows), None)


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
        products=frozenset(row.named),  # type: ignore[attr-defined]  # a column of FACTS, as are the others
        is_assigned=row.is_assigned,  # type: ignore[attr-defined]
        is_mine=row.is_mine,  # type: ignore[attr-defined]
        uses=row.uses,  # type: ignore[attr-defined]
        my_uses=row.my_uses,  # type: ignore[attr-defined]
    )
