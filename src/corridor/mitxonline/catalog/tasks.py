"""What of the catalogue happens by itself."""

from corridor.celery import app
from corridor.kit import clock

from . import documents


@app.task
def refresh_documents() -> int:
    return documents.refresh(clock.now())
