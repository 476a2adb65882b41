"""What of discovery happens by itself."""

from corridor.celery import app

from . import vectors


@app.task
def sweep_vectors() -> int:
    return vectors.sweep()
