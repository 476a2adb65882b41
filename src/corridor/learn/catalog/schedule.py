"""When the catalogue's tasks run."""

from typing import Any

from celery.schedules import crontab


def schedule() -> dict[str, Any]:
    return {
        # Runs start and close at any minute of the day: a card is at most this late.
        "catalog: refresh what follows from dates": {
            "task": "corridor.learn.catalog.tasks.refresh_derived",
            "schedule": crontab(minute="*/5"),
        },
        # Each count makes new documents of what was seen.
        "catalog: count views": {"task": "corridor.learn.catalog.tasks.count_views", "schedule": crontab(minute="20", hour="*/3")},
    }
