"""Sends refunds to their gateways."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from corridor.kit.outbox import Delivery, receiver
from corridor.mitxonline.gateways.errors import GatewayUnavailable, GatewayUnknown

from . import refunds

log = structlog.get_logger(__name__)


@receiver(refunds.TOPIC, batch=10)
def send_refunds(deliveries: Sequence[Delivery]) -> dict[int, str]:
    failed: dict[int, str] = {}
    for delivery in deliveries:
        try:
            state = refunds.send(UUID(delivery.aggregate))
        except (GatewayUnavailable, GatewayUnknown) as error:
            failed[delivery.id] = error.message
            continue
        log.info("refunds.sent", refund=delivery.aggregate, state=state)
    return failed
