"""Grades: fetched one by one when the courseware tells of a certificate, and hourly by run."""

import structlog
from django.db.models import Q

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.certificates.actions import record_grade
from corridor.mitxonline.certificates.errors import GradeRefused

from . import payloads, people, rules
from .client import courseware
from .errors import CoursewareFailed
from .models import OpenEdxUser

TOPIC = "mitxonline.grades"
log = structlog.get_logger(__name__)


def fetch(*, user_id: int, run_id: int, cause: str, forced: bool = False) -> bool:
    """Take one grade. False when the courseware has none. Raises CoursewareFailed."""
    user, run = User.objects.get(pk=user_id), CourseRun.objects.get(pk=run_id)
    told = courseware().grade(people.ensure_account(user).edx_username, run.courseware_id)
    if told:
        _record(user_id, run_id, told, cause, forced)
    return told is not None


def fetch_all() -> int:
    """Take the grades of everybody in every run whose certificates are not long past. Gives how many; a run that fails is left for the next hour."""
    taken = 0
    now = clock.now()
    live = CourseRun.objects.filter(Q(variant_length=""), Q(variant_industry=""), live=True).exclude(run_tag__startswith=rules.FAKE)
    for run in live.filter(enrollments__active=True).distinct().order_by("pk"):
        if not rules.wants_grades(run.certificate_available_date, now):
            continue
        try:
            taken += _fetch_run(run)
        except CoursewareFailed as error:
            log.warning("openedx.grades_not_fetched", run=run.courseware_id, reason=error.message)
    log.info("openedx.grades_fetched", grades=taken)
    return taken


def _fetch_run(run: CourseRun) -> int:
    told = {each.username.casefold(): each for each in courseware().grades(run.courseware_id)}
    people = OpenEdxUser.objects.filter(user__runenrollments__course_run=run, has_been_synced=True).values_list("user", "edx_username")
    known = [(user, told[name.casefold()]) for user, name in people if name.casefold() in told]
    for user_id, grade in known:
        _record(user_id, run.pk, grade, "hourly fetch of grades", forced=False)
    return len(known)


def _record(user_id: int, run_id: int, told: payloads.Grade, cause: str, forced: bool) -> None:
    """A grade that is none is the courseware's fault, and does not stop those of others."""
    try:
        record_grade(
            user_id=user_id, run_id=run_id, grade=told.percent, letter=told.letter_grade, passed=told.passed, cause=cause, forced=forced
        )
    except GradeRefused as refused:
        log.warning("openedx.grade_refused", user=user_id, run=run_id, reason=refused.message)
