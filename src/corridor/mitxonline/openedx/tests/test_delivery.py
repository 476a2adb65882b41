"""Enrollments get to the courseware, whatever it does meanwhile."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.relay import drain
from corridor.mitxonline.enrollments import actions as enrollments
from corridor.mitxonline.enrollments.changes import SEATS
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.enrollments.vocabulary import ChangeKind
from corridor.mitxonline.openedx import client, people
from corridor.mitxonline.openedx.actions import owe_what_is_missing, replay_seats
from corridor.mitxonline.openedx.models import CoursewareSeat, OpenEdxUser
from corridor.mitxonline.openedx.queries import Where, where_it_stands
from corridor.mitxonline.openedx.vocabulary import Standing
from tests.fixtures.standins import PlayedCourseware

from .cast import a_learner, a_run_of_its_own, enrolled, let_time_pass

pytestmark = pytest.mark.django_db


def there(enrollment: RunEnrollment) -> tuple[str, bool] | None:
    """What the courseware has of it."""
    name = OpenEdxUser.objects.get(user=enrollment.user).edx_username
    told = client.courseware().enrollment(name, enrollment.course_run.courseware_id)
    return (told.mode, told.is_active) if told else None


def stands(enrollment: RunEnrollment) -> Where:
    return where_it_stands([enrollment.pk])[enrollment.pk]


def heals(courseware: PlayedCourseware) -> None:
    courseware.set_mood("up")
    client._known.cache_clear()  # the rest that it was given is over


def test_who_enrolls_is_enrolled_there_too(played_courseware: PlayedCourseware) -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    assert stands(enrollment).standing == Standing.PREPARED
    drain()
    assert there(enrollment) == ("audit", True)
    enrollment.refresh_from_db()
    assert enrollment.edx_enrolled
    assert stands(enrollment).standing == Standing.DELIVERED
    assert not OutboxEvent.objects.filter(topic=SEATS).exists()


def test_each_change_follows_the_one_before(played_courseware: PlayedCourseware) -> None:
    learner, run = a_learner(), a_run_of_its_own()
    enrollment = enrolled(learner, run)
    drain()
    enrolled(learner, run, "verified")
    drain()
    assert there(enrollment) == ("verified", True)
    enrollment.refresh_from_db()
    enrollments.downgrade(enrollment=enrollment, kind=ChangeKind.REFUNDED, actor=None, cause="refund", reason="asked for")
    drain()
    assert there(enrollment) == ("audit", True)
    enrollments.unenroll(user_id=learner.pk, run_id=run.pk, actor=learner.pk, cause="learner")
    drain()
    assert there(enrollment) == ("audit", False)
    assert stands(enrollment).standing == Standing.DELIVERED
    enrolled(learner, run)
    drain()
    assert there(enrollment) == ("audit", True)


def test_many_changes_at_once_are_one_errand(played_courseware: PlayedCourseware) -> None:
    learner, run = a_learner(), a_run_of_its_own()
    enrollment = enrolled(learner, run)
    enrolled(learner, run, "verified")
    enrollments.unenroll(user_id=learner.pk, run_id=run.pk, actor=learner.pk, cause="learner")
    drain()
    assert not OpenEdxUser.objects.filter(user=learner).exists(), "who has left before anything was sent gets no account"
    assert stands(enrollment).standing == Standing.DELIVERED


def test_a_message_that_comes_twice_changes_nothing(played_courseware: PlayedCourseware) -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own(), "verified")
    drain()
    before = CoursewareSeat.objects.values("confirmed_mode", "confirmed_active", "attempts").get()
    replay_seats([enrollment.pk, enrollment.pk])
    drain()
    assert CoursewareSeat.objects.values("confirmed_mode", "confirmed_active", "attempts").get() == before
    assert there(enrollment) == ("verified", True)


def test_courseware_that_is_down_for_hours_heals_by_itself(played_courseware: PlayedCourseware) -> None:
    """With pauses that double, two hours are eleven attempts."""
    played_courseware.set_mood("down")
    first, second = (enrolled(a_learner(), a_run_of_its_own(), "verified") for _ in range(2))
    for _ in range(11):
        drain()
        let_time_pass()
    told = stands(first)
    assert told.standing == Standing.PREPARED
    assert told.attempts == 11
    assert told.next_try_at is not None
    assert "503" in told.error or "does not answer" in told.error
    assert "being prepared" in told.sentence
    assert "503" not in told.sentence
    heals(played_courseware)
    drain()
    assert [stands(each).standing for each in (first, second)] == [Standing.DELIVERED] * 2
    assert there(second) == ("verified", True)


def test_after_the_last_attempt_the_sweep_begins_anew(played_courseware: PlayedCourseware) -> None:
    played_courseware.set_mood("down")
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    for _ in range(24):
        drain()
        let_time_pass()
    assert OutboxEvent.objects.get(topic=SEATS).dead_at is not None
    heals(played_courseware)
    assert owe_what_is_missing() == 1
    assert owe_what_is_missing() == 0, "what is under way is not owed again"
    drain()
    assert there(enrollment) == ("audit", True)
    assert not OutboxEvent.objects.filter(topic=SEATS).exists()


def test_what_stays_refused_is_stuck_and_replayed_in_one_click(played_courseware: PlayedCourseware) -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    people.ensure_account(enrollment.user)
    played_courseware.set_mood("rejecting")
    for _ in range(5):
        assert stands(enrollment).standing == Standing.PREPARED
        drain()
        let_time_pass()
    told = stands(enrollment)
    assert told.standing == Standing.STUCK
    assert "found for enrollment" in told.error
    assert told.next_try_at is None
    assert CoursewareSeat.objects.get(run_enrollment=enrollment).permanent
    assert not OutboxEvent.objects.filter(topic=SEATS).exists()
    assert owe_what_is_missing() == 0, "staff look after it"
    heals(played_courseware)
    assert replay_seats([enrollment.pk]) == 1
    drain()
    assert stands(enrollment).standing == Standing.DELIVERED


def test_one_that_is_refused_does_not_hold_up_the_others(played_courseware: PlayedCourseware) -> None:
    learner = a_learner()
    bad = enrolled(learner, a_run_of_its_own())
    OpenEdxUser.objects.create(user=learner, edx_username="gone-from-there", desired_edx_username="gone-from-there", has_been_synced=True)
    good = [enrolled(a_learner(), a_run_of_its_own()) for _ in range(5)]
    drain()
    assert {stands(each).standing for each in good} == {Standing.DELIVERED}
    assert stands(bad).standing == Standing.PREPARED
    assert "does not exist" in stands(bad).error


def test_courseware_that_is_away_is_asked_twice_and_then_spared(
    played_courseware: PlayedCourseware, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay that waits for one waits for nobody else."""
    played_courseware.set_mood("down")
    for _ in range(15):
        enrolled(a_learner(), a_run_of_its_own())
    asked: list[str] = []
    http = client.courseware()._http
    monkeypatch.setattr(http, "post", counting(asked, http.post))
    drain()
    assert len(asked) == client.OUTAGE
    assert OutboxEvent.objects.filter(topic=SEATS, attempts=1).count() == 15


def counting(asked: list[str], call: Callable[..., object]) -> Callable[..., object]:
    def counted(address: str, *arguments: object, **options: object) -> object:
        asked.append(address)
        return call(address, *arguments, **options)

    return counted


def test_runs_that_exist_here_alone_are_not_sent(played_courseware: PlayedCourseware) -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own("fake-1T2026"))
    drain()
    assert not OpenEdxUser.objects.exists()
    assert stands(enrollment).standing == Standing.DELIVERED


def test_without_courseware_nothing_is_lost() -> None:
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    drain()
    assert stands(enrollment).standing == Standing.PREPARED
    assert owe_what_is_missing() == 1


def test_letters_are_refused_there_as_here(played_courseware: PlayedCourseware, monkeypatch: pytest.MonkeyPatch) -> None:
    learner = a_learner()
    enrollment = enrolled(learner, a_run_of_its_own())
    played_courseware.realm.people["proof"] = {"email": learner.email}
    monkeypatch.setattr(people, "proof_of", lambda user: "proof")
    drain()
    enrollments.set_emails(enrollment=enrollment, subscribed=False, actor=learner.pk)
    drain()
    assert CoursewareSeat.objects.get().confirmed_emails is False
    enrollments.set_emails(enrollment=enrollment, subscribed=True, actor=learner.pk)
    drain()
    assert CoursewareSeat.objects.get().confirmed_emails is True


def test_where_it_stands_takes_two_queries_however_many(django_assert_num_queries: Callable[[int], object]) -> None:
    ids = [enrolled(a_learner(), a_run_of_its_own()).pk for _ in range(5)]
    with django_assert_num_queries(2):
        assert len(where_it_stands(ids)) == 5


# --- names


def test_people_of_one_name_get_different_ones(played_courseware: PlayedCourseware) -> None:
    names = [people.ensure_account(a_learner("Grace Hopper")).edx_username for _ in range(4)]
    assert len({name.casefold() for name in names}) == 4
    assert all(name.startswith("Grace_Hopper") for name in names)


def test_a_name_that_only_the_courseware_knows_is_passed_by(played_courseware: PlayedCourseware) -> None:
    client.courseware().register({"username": "Mary_Somerville", "email": f"{a_learner().email}.other", "password": "x" * 12})
    account = people.ensure_account(a_learner("Mary Somerville"))
    assert account.has_been_synced
    assert account.edx_username.casefold() != "mary_somerville"


def test_who_has_an_account_there_already_keeps_it(played_courseware: PlayedCourseware) -> None:
    learner = a_learner("Emmy Noether")
    client.courseware().register({"username": f"emmy{learner.pk}", "email": learner.email, "password": "x" * 12})
    assert people.ensure_account(learner).edx_username == f"emmy{learner.pk}"


def test_an_account_that_was_made_though_nobody_heard_of_it_is_found(played_courseware: PlayedCourseware) -> None:
    learner = a_learner("Maria Agnesi")
    account = people.keep_name(learner)
    client.courseware().register({"username": account.edx_username, "email": learner.email, "password": "x" * 12})
    assert people.ensure_account(learner).has_been_synced


def test_a_refused_account_says_why_and_is_not_asked_for_for_ever(played_courseware: PlayedCourseware) -> None:
    played_courseware.set_mood("rejecting")
    enrollment = enrolled(a_learner(), a_run_of_its_own())
    for _ in range(5):
        drain()
        let_time_pass()
    account = OpenEdxUser.objects.get()
    assert account.has_sync_error
    assert account.sync_error_data["status"] == 400
    assert stands(enrollment).standing == Standing.STUCK


@pytest.mark.django_db(transaction=True)
def test_two_who_want_one_name_at_once_get_one_each(played_courseware: PlayedCourseware) -> None:
    learners = [a_learner("Sofya Kovalevskaya") for _ in range(6)]
    start, failed = threading.Barrier(len(learners)), []

    def make(learner: object) -> None:
        try:
            start.wait()
            people.ensure_account(learner)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(learner,)) for learner in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    names = {name.casefold() for name in OpenEdxUser.objects.filter(has_been_synced=True).values_list("edx_username", flat=True)}
    assert len(names) == len(learners)
