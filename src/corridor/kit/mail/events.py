"""Hands mail over. A mail that was handed over is remembered for a day, so that a message which comes again is not sent again."""

from base64 import b64decode
from collections.abc import Sequence

import structlog
from django.core.cache import cache

from corridor.kit.outbox import Delivery, receiver

from .backend import TOPIC
from .transports import Letter, transport

log = structlog.get_logger(__name__)

REMEMBERED_SECONDS = 24 * 3600


@receiver(TOPIC, batch=20)
def carry(deliveries: Sequence[Delivery]) -> dict[int, str]:
    failed: dict[int, str] = {}
    with transport().open() as carrier:
        for delivery in deliveries:
            letter = _letter(delivery)
            if cache.get(f"mail:{letter.name}"):
                continue
            try:
                carrier.take(letter)
            except OSError as error:  # smtplib's errors are
                failed[delivery.id] = f"{type(error).__name__}: {error}"
                continue
            cache.set(f"mail:{letter.name}", True, REMEMBERED_SECONDS)
            log.info("mail.handed_over", name=letter.name)
    return failed


def _letter(delivery: Delivery) -> Letter:
    told = delivery.payload
    return Letter(told["name"], told["sender"], tuple(told["recipients"]), b64decode(told["content"]))
