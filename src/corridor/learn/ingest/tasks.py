"""Background work of the ingestion; each does what its action says."""

from corridor.celery import app

HOURS = 3600


@app.task(queue="ingest", acks_late=True, reject_on_worker_lost=True, soft_time_limit=4 * HOURS, time_limit=4 * HOURS + 300)
def run_source(code: str) -> None:
    from . import scheduled

    scheduled.run(code)


@app.task(queue="ingest", acks_late=True, soft_time_limit=HOURS, time_limit=HOURS + 60)
def clear_archive() -> int:
    from . import actions

    return actions.clear_archive()
