"""Two requests of one learner at once: one row, one change."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.enrollments import actions
from corridor.mitxonline.enrollments.models import EnrollmentChange

from .cast import a_learner, a_sold_run

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_enrol_at_once_make_one_change() -> None:
    for round in range(5):
        ada, run = a_learner(f"ada{round}@example.org"), a_sold_run(f"LN.0{round}x", enrollment_end=None, end_date=None)
        assert CourseRun.objects.filter(pk=run.pk).exists()
        start = Barrier(2)

        def enroll(mode: str, user: int = ada.pk, run: int = run.pk, start: Barrier = start) -> bool:
            start.wait()
            try:
                return actions.enroll(user_id=user, run_id=run, mode=mode, actor=user, cause="learner").created
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as threads:
            created = list(threads.map(enroll, ("audit", "audit")))
        assert sorted(created) == [False, True]
        assert EnrollmentChange.objects.filter(run_enrollment__user=ada).count() == 1
