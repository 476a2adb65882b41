"""What happens with the courseware by itself: runs, grades, repairs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridor.kit import clock
from corridor.kit.outbox.relay import drain
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.certificates.models import CourseRunGrade
from corridor.mitxonline.openedx import client, grades, people, repair, runs, schedule
from corridor.mitxonline.openedx.models import OpenEdxUser
from tests.fixtures.standins import PlayedCourseware

from .cast import a_learner, a_run_of_its_own, enrolled

pytestmark = pytest.mark.django_db


def test_runs_follow_the_courseware_and_are_written_when_they_differ(played_courseware: PlayedCourseware) -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    drain()
    run = enrollment.course_run
    unknown = a_run_of_its_own()
    assert runs.sync_runs() == 1
    run.refresh_from_db()
    (told,) = client.courseware().runs([run.courseware_id])
    assert (run.title, run.start_date, run.end_date, run.is_self_paced) == (told.title, told.start_date, None, True)
    with CaptureQueriesContext(connection) as queries:
        assert runs.sync_runs() == 0
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]
    assert CourseRun.objects.get(pk=unknown.pk).title == unknown.title


def test_dates_that_the_catalogue_refuses_leave_a_run_as_it_was(played_courseware: PlayedCourseware) -> None:
    """It expires here before it begins there."""
    run = enrolled(a_learner(), a_run_of_its_own()).course_run
    drain()
    (told,) = client.courseware().runs([run.courseware_id])
    assert told.start_date
    early = told.start_date - timedelta(days=10)
    CourseRun.objects.filter(pk=run.pk).update(
        start_date=early, end_date=None, enrollment_start=None, expiration_date=early + timedelta(days=1)
    )
    assert runs.sync_runs() == 0
    assert CourseRun.objects.get(pk=run.pk).title == run.title


def test_grades_of_everybody_are_taken_hourly_until_a_month_after_certificates(played_courseware: PlayedCourseware) -> None:
    now, long_past = a_run_of_its_own(), a_run_of_its_own("1T2020")
    CourseRun.objects.filter(pk=long_past.pk).update(certificate_available_date=clock.now() - timedelta(days=32))
    learners = [a_learner() for _ in range(2)]
    for learner in learners:
        for run in (now, long_past):
            enrolled(learner, run, "verified")
    drain()
    browser = played_courseware.enter(OpenEdxUser.objects.get(user=learners[0]).edx_username)
    played_courseware.press(f"/courses/{now.courseware_id}/units/0", browser, choice="1")
    assert grades.fetch_all() == 2
    told = dict(CourseRunGrade.objects.filter(course_run=now).values_list("user", "grade"))
    assert told == {learners[0].pk: pytest.approx(0.5), learners[1].pk: 0}
    assert not CourseRunGrade.objects.filter(course_run=long_past).exists()


def test_a_run_whose_grades_fail_leaves_the_others(played_courseware: PlayedCourseware) -> None:
    enrolled(a_learner(), a_run_of_its_own())
    drain()
    played_courseware.set_mood("down")
    assert grades.fetch_all() == 0


def test_accounts_that_could_not_be_made_are_made_later(played_courseware: PlayedCourseware) -> None:
    learner = a_learner()
    people.keep_name(learner)
    OpenEdxUser.objects.update(created_on=clock.now() - timedelta(minutes=6))
    played_courseware.set_mood("down")
    assert repair.repair_people() == 0
    played_courseware.set_mood("up")
    client._known.cache_clear()
    assert repair.repair_people() == 1
    assert OpenEdxUser.objects.get(user=learner).has_been_synced
    assert repair.repair_people() == 0


def test_nothing_is_scheduled_without_courseware() -> None:
    assert schedule.schedule() == {}


def test_each_job_has_its_time(played_courseware: PlayedCourseware) -> None:
    midnight = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
    entries = {entry["task"].rpartition(".")[2]: entry["schedule"] for entry in schedule.schedule().values()}
    assert set(entries) == {"repair_seats", "repair_people", "sync_runs", "fetch_grades"}
    assert (entries["sync_runs"].hour, entries["sync_runs"].minute) == ({midnight.hour}, {midnight.minute})
