"""What of discovery happens by itself."""

from celery import shared_task

from . import vectors


@shared_task
def sweep_vectors() -> int:
    return vectors.sweep()
