"""What of the catalogue happens by itself."""

from corridor.celery import app
from corridor.kit import clock

from . import actions, documents


@app.task
def refresh_derived() -> int:
    return documents.refresh_derived(clock.now())


@app.task
def count_views() -> int:
    return actions.count_views()
