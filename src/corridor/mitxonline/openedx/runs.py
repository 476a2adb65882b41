"""Runs as the courseware has them: title, dates and pacing are set there."""

import structlog
from django.db import IntegrityError as Refused

from corridor.mitxonline.catalog.actions import edit_run
from corridor.mitxonline.catalog.models import CourseRun

from . import payloads, rules
from .client import courseware

log = structlog.get_logger(__name__)
DATES = ("start_date", "end_date", "enrollment_start", "enrollment_end")


def sync_runs() -> int:
    """Bring runs up to what the courseware has of them. Gives how many were otherwise; the others are not written. Raises CoursewareFailed."""
    runs = {run.courseware_id: run for run in CourseRun.objects.exclude(run_tag__startswith=rules.FAKE).order_by("pk")}
    changed = known = 0
    for told in courseware().runs(list(runs)):
        if run := runs.get(told.key):
            known += 1
            changed += _brought_up(run, told)
    log.info("openedx.runs_synced", runs=len(runs), known=known, changed=changed)
    return changed


def _brought_up(run: CourseRun, told: payloads.RunDetails) -> bool:
    wanted = {"title": told.title, "is_self_paced": told.pacing == "self"} | {name: getattr(told, name) for name in DATES}
    wanted["certificate_available_date"] = told.certificate_available_date or told.end_date
    fields = {name: value for name, value in wanted.items() if getattr(run, name) != value}
    if not fields:
        return False
    try:
        edit_run(run.pk, fields=fields)
    except Refused as refused:
        log.warning("openedx.run_not_synced", run=run.courseware_id, reason=str(refused).splitlines()[0])
        return False
    return True
