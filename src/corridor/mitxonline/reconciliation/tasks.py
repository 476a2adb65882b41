"""What of reconciliation happens by itself."""

from corridor.celery import app

from .vocabulary import FindingKind

MINUTES = 60


@app.task(soft_time_limit=20 * MINUTES, time_limit=21 * MINUTES)
def compare(kind: str) -> int:
    from .actions import compare

    return compare(FindingKind(kind)).open
