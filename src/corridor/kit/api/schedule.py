"""When the API's tasks run."""

from typing import Any

from celery.schedules import crontab


def schedule() -> dict[str, Any]:
    return {
        "api: forget idempotency keys of more than a day ago": {
            "task": "corridor.kit.api.tasks.forget_old_keys",
            "schedule": crontab(minute="17"),
        },
    }
