"""What of the catalogue happens by itself."""

from celery import shared_task

from corridor.kit import clock

from . import actions, documents


@shared_task
def refresh_derived() -> int:
    return documents.refresh_derived(clock.now())


@shared_task
def count_views() -> int:
    return actions.count_views()
