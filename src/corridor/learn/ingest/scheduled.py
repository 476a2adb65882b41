"""A source's turn, as the schedule brings it."""

import structlog

from corridor.learn.sources import source_named

from .actions import run_source
from .errors import SourceBusy, SourceUnknown
from .models import SourceSetting

log = structlog.get_logger(__name__)


def run(code: str) -> None:
    """Read a source unless staff have switched it off or another process is at it."""
    if SourceSetting.objects.filter(source=code, enabled=False).exists():
        log.info("ingest.switched_off", source=code)
        return
    try:
        run_source(source_named(code))
    except (SourceBusy, SourceUnknown) as error:
        log.warning("ingest.not_run", source=code, reason=str(error))
