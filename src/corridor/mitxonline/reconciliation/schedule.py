"""When comparisons are made: each hourly, one after the other rather than all at once."""

from typing import Any

from celery.schedules import crontab

from .vocabulary import FindingKind


def schedule() -> dict[str, Any]:
    return {
        f"mitxonline: reconcile, {kind.label.lower()}": {
            "task": "corridor.mitxonline.reconciliation.tasks.compare",
            "args": [kind.value],
            "schedule": crontab(minute=3 + 6 * place),
        }
        for place, kind in enumerate(FindingKind)
    }
