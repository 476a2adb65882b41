"""Work that staff start from the console and do not wait for."""

import structlog

from corridor.celery import app

log = structlog.get_logger(__name__)
HOUR = 3600


@app.task(queue="ingest", soft_time_limit=HOUR, time_limit=HOUR + 60)
def replay_quarantine(code: str) -> None:
    from corridor.learn.ingest.actions import retry_quarantine
    from corridor.learn.ingest.errors import SourceBusy, SourceUnknown
    from corridor.learn.sources import source_named

    try:
        retry_quarantine(source_named(code))
    except (SourceBusy, SourceUnknown) as error:
        log.warning("console.not_replayed", source=code, reason=str(error))
