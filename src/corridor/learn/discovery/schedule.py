"""When discovery's tasks run."""

from typing import Any

from celery.schedules import crontab


def schedule() -> dict[str, Any]:
    return {
        "discovery: forget vectors that nothing needs": {
            "task": "corridor.learn.discovery.tasks.sweep_vectors",
            "schedule": crontab(minute="40", hour="3", day_of_week="sun"),
        }
    }
