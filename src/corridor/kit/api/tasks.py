"""What of the API happens by itself."""

from celery import shared_task

from . import idempotency


@shared_task
def forget_old_keys() -> int:
    return idempotency.forget_old()
