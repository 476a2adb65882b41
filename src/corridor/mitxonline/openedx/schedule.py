"""When the courseware is looked after."""

from typing import Any

from celery.schedules import crontab

from .client import is_configured


def schedule() -> dict[str, Any]:
    if not is_configured():
        return {}
    here = "corridor.mitxonline.openedx.tasks"
    return {
        "mitxonline: owe again what the courseware has not confirmed": {"task": f"{here}.repair_seats", "schedule": crontab(minute="*/30")},
        "mitxonline: make accounts that the courseware lacks": {"task": f"{here}.repair_people", "schedule": crontab(minute="15,45")},
        "mitxonline: bring runs up to what the courseware has": {"task": f"{here}.sync_runs", "schedule": crontab(minute="10", hour="0")},
        "mitxonline: fetch grades": {"task": f"{here}.fetch_grades", "schedule": crontab(minute="20")},
    }
