"""When sources are read."""

from typing import Any

from celery.schedules import crontab

from corridor.learn.sources import sources


def schedule() -> dict[str, dict[str, Any]]:
    """Entries as Celery's beat takes them: one for each source with a schedule, and the weekly clearing of old payloads."""
    entries = {f"ingest {source.code}": _entry("run_source", source.schedule, source.code) for source in sources() if source.schedule}
    return {**entries, "ingest: clear the archive": _entry("clear_archive", "30 3 * * 0")}


def _entry(task: str, cron: str, *arguments: str) -> dict[str, Any]:
    return {"task": f"corridor.learn.ingest.tasks.{task}", "schedule": crontab.from_string(cron), "args": arguments}
