"""What of the API happens by itself."""

from corridor.celery import app

from . import idempotency


@app.task
def forget_old_keys() -> int:
    return idempotency.forget_old()
