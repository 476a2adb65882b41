"""When the catalogue's tasks run."""

from typing import Any

from celery.schedules import crontab


def schedule() -> dict[str, Any]:
    return {
        # Readers render what a date has made untrue themselves; this stores it, and tells those who follow the changes.
        "mitxonline: refresh documents that a date has made untrue": {
            "task": "corridor.mitxonline.catalog.tasks.refresh_documents",
            "schedule": crontab(),
        },
    }
