"""Uses of discounts: reserved, redeemed, released. Callers hold the lock of the order; the discount's is taken here."""

from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from corridor.kit import clock
from corridor.mitxonline.commerce import locks

from . import rules
from .errors import CodeRefused
from .models import Discount, Redemption
from .queries import LIVE, MOVES_ON
from .rules import Refusal
from .vocabulary import RedemptionState, RedemptionType

if TYPE_CHECKING:
    from corridor.mitxonline.commerce.models import Order

log = structlog.get_logger(__name__)


@transaction.atomic
def reserve(order: "Order", discount_id: int) -> Redemption:
    """Keep a use for the order. One that the same person's unpaid orders hold moves on to it. Raises CodeRefused when none is left."""
    discount = locks.discount(discount_id)
    _move_on(order, discount)
    per_user = discount.redemption_type == RedemptionType.ONE_TIME_PER_USER
    live = Redemption.objects.filter(discount=discount, state__in=LIVE)
    if per_user and live.filter(user=order.purchaser_id).exists():
        raise CodeRefused(discount.discount_code, Refusal.USED_BY_YOU)
    slot = None
    most = rules.most_uses(discount.redemption_type, discount.max_redemptions)
    if most is not None:
        slot = rules.free_slot((slot for slot in live.values_list("slot", flat=True) if slot is not None), most)
        if slot is None:
            raise CodeRefused(discount.discount_code, Refusal.USED_UP)
    return Redemption.objects.create(discount=discount, user_id=order.purchaser_id, order=order, slot=slot, per_user=per_user)


def _move_on(order: "Order", discount: Discount) -> None:
    held = Redemption.objects.filter(MOVES_ON, discount=discount, user=order.purchaser_id)
    for redemption in held.exclude(order=order).select_related("order"):
        release(redemption.order, "another order of the same person takes it")


@transaction.atomic
def redeem(order: "Order") -> bool:
    """Use up what the order reserved. False where it was released and others have used it up since."""
    newest = Redemption.objects.filter(order=order).order_by("-id").first()
    if newest is None or newest.state == RedemptionState.REDEEMED:
        return True
    locks.discount(newest.discount_id)
    if newest.state == RedemptionState.RELEASED:
        try:
            newest = reserve(order, newest.discount_id)
        except CodeRefused:
            return False
    Redemption.objects.filter(pk=newest.pk).update(state=RedemptionState.REDEEMED, redemption_date=clock.now())
    return True


@transaction.atomic
def release(order: "Order", why: str) -> None:
    """Give back what the order reserved and has not used up."""
    held = Redemption.objects.filter(order=order, state=RedemptionState.RESERVED).first()
    if held is None:
        return
    locks.discount(held.discount_id)
    if Redemption.objects.filter(pk=held.pk, state=RedemptionState.RESERVED).update(state=RedemptionState.RELEASED):
        log.info("discount.released", order=order.reference_number, discount=held.discount_id, why=why)
