"""What of the catalogue happens by itself."""

from celery import shared_task

from corridor.kit import clock

from . import documents


@shared_task
def refresh_documents() -> int:
    return documents.refresh(clock.now())
