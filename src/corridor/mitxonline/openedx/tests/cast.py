"""People, runs and moods of the tests of courseware."""

from uuid import uuid4

from django.db import connection

from corridor.accounts.models import User
from corridor.accounts.tests.cast import make_person
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.catalog.tests.cast import a_course, a_run
from corridor.mitxonline.enrollments.actions import enroll
from corridor.mitxonline.enrollments.models import RunEnrollment


def a_learner(name: str = "Ada Lovelace") -> User:
    """Somebody whose address no other test has; the courseware keeps what earlier tests did."""
    return make_person(f"{uuid4().hex[:10]}@example.org", name=name)


def a_run_of_its_own(tag: str = "1T2026") -> CourseRun:
    return a_run(a_course(f"LN.{uuid4().hex[:8]}x"), tag)


def enrolled(user: User, run: CourseRun, mode: str = "audit") -> RunEnrollment:
    return enroll(user_id=user.pk, run_id=run.pk, mode=mode, actor=None, cause="test", keep_window=False).enrollment


def let_time_pass() -> None:
    """What is to be tried again later is due now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kit_outboxevent SET due_at = statement_timestamp() - interval '1 second'")
