"""Who is enrolled stays so in the better mode, whatever is asked again; who may not come in is told why."""

import pytest
from django.db import IntegrityError, connection, transaction

from corridor.kit.audit.models import AuditEntry
from corridor.kit.outbox.models import OutboxEvent
from corridor.mitxonline.catalog.models import BlockedCountry, Program
from corridor.mitxonline.catalog.tests.cast import a_program, at
from corridor.mitxonline.enrollments import actions, errors
from corridor.mitxonline.enrollments.models import EnrollmentChange, ProgramEnrollment, RunEnrollment
from corridor.mitxonline.enrollments.vocabulary import ChangeKind
from tests.fixtures.accounts import Letters

from .cast import a_learner, a_sold_run, history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_the_first_enrolment_is_free_and_owed_to_the_courseware() -> None:
    ada, run = a_learner(), a_sold_run()
    done = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert (done.created, done.changed, done.enrollment.mode) == (True, True, "audit")
    change = EnrollmentChange.objects.get()
    assert (change.number, change.kind, change.actor, change.cause) == (1, "enrolled", ada, "learner")
    assert list(OutboxEvent.objects.filter(topic="mitxonline.seats").values_list("aggregate", flat=True)) == [str(done.enrollment.pk)]


def test_who_is_verified_and_asks_to_enrol_stays_verified() -> None:
    ada, run = a_learner(), a_sold_run()
    actions.enroll(user_id=ada.pk, run_id=run.pk, mode="verified", actor=None, cause="staff")
    again = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert (again.created, again.changed, again.enrollment.mode) == (False, False, "verified")
    assert history(again.enrollment) == [("enrolled", True, "verified")]


def test_the_database_refuses_a_mode_that_drops_without_a_reason() -> None:
    ada, run = a_learner(), a_sold_run()
    enrollment = actions.enroll(user_id=ada.pk, run_id=run.pk, mode="verified", actor=None, cause="staff").enrollment
    assert actions.downgrade(enrollment=enrollment, kind=ChangeKind.DOWNGRADED, actor=None, cause="staff", reason="By mistake")
    actions.enroll(user_id=ada.pk, run_id=run.pk, mode="verified", actor=None, cause="staff")
    with pytest.raises(IntegrityError, match="stated reason"), transaction.atomic():
        RunEnrollment.objects.update(mode="audit")


def test_the_database_refuses_a_view_that_the_ledger_does_not_tell() -> None:
    ada, run = a_learner(), a_sold_run()
    enrollment = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=None, cause="staff").enrollment
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="ledger"), transaction.atomic():
        RunEnrollment.objects.filter(pk=enrollment.pk).update(active=False)


def test_a_downgrade_without_a_reason_is_refused() -> None:
    ada, run = a_learner(), a_sold_run()
    enrollment = actions.enroll(user_id=ada.pk, run_id=run.pk, mode="verified", actor=None, cause="staff").enrollment
    with pytest.raises(errors.ReasonMissing):
        actions.downgrade(enrollment=enrollment, kind=ChangeKind.REFUNDED, actor=None, cause="order 1", reason=" ")
    enrollment.refresh_from_db()
    assert enrollment.mode == "verified"


def test_a_closed_run_takes_nobody_in_but_says_yes_to_who_is_in() -> None:
    ada, ben, run = a_learner(), a_learner("ben@example.org"), a_sold_run()
    actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    run.enrollment_end = at(1)
    run.save()
    assert not actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner").changed
    with pytest.raises(errors.EnrollmentClosed):
        actions.enroll(user_id=ben.pk, run_id=run.pk, actor=ben.pk, cause="learner")
    assert actions.enroll(user_id=ben.pk, run_id=run.pk, actor=None, cause="staff", keep_window=False).created


def test_runs_that_are_not_there_or_not_for_everybody_are_refused() -> None:
    ada = a_learner()
    with pytest.raises(errors.RunNotFound):
        actions.enroll(user_id=ada.pk, run_id=1, actor=ada.pk, cause="learner")
    for fields in ({"b2b_contract": 3}, {"is_source_run": True}):
        run = a_sold_run(tag=f"{len(fields)}{next(iter(fields))}", **fields)
        with pytest.raises(errors.ContractRun):
            actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")


def test_what_is_only_sold_is_not_taken_for_free() -> None:
    ada, run = a_learner(), a_sold_run(modes=("verified",))
    with pytest.raises(errors.NothingFree):
        actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")


def test_a_blocked_country_is_refused_and_what_was_looked_at_is_kept() -> None:
    ada, ben, run = a_learner(country="NM"), a_learner("ben@example.org", country="DE"), a_sold_run()
    BlockedCountry.objects.create(course_id=run.course_id, country="NM")
    with pytest.raises(errors.CountryBlocked):
        actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    actions.enroll(user_id=ben.pk, run_id=run.pk, actor=ben.pk, cause="learner")
    kept = AuditEntry.objects.order_by("id").values_list("about__email", "code", "after__country")
    assert list(kept) == [("ada@example.org", "country.refused", "NM"), ("ben@example.org", "country.passed", "DE")]
    assert RunEnrollment.objects.get().user == ben


def test_leaving_and_coming_back_are_told_by_letter(letters: Letters) -> None:
    ada, run = a_learner(), a_sold_run()
    actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    left = actions.unenroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert (left.active, left.emails_subscribed, left.change_status) == (False, False, "unenrolled")
    assert not EnrollmentChange.objects.filter(number=3).exists()
    actions.unenroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    back = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert (back.created, back.changed, back.enrollment.emails_subscribed, back.enrollment.change_status) == (False, True, True, None)
    assert [each["Subject"].split(" ")[:3] for each in letters()] == [
        ["You", "are", "enrolled"],
        ["You", "have", "left"],
        ["You", "are", "enrolled"],
    ]


def test_nobody_leaves_what_they_never_took() -> None:
    ada, run = a_learner(), a_sold_run()
    with pytest.raises(errors.NotEnrolled):
        actions.unenroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")


def test_letters_of_a_course_are_switched_without_a_change_in_the_ledger() -> None:
    ada, run = a_learner(), a_sold_run()
    enrollment = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner").enrollment
    actions.note_courseware(enrollment.pk, True)
    actions.set_emails(enrollment=enrollment, subscribed=False, actor=ada.pk)
    actions.set_emails(enrollment=enrollment, subscribed=False, actor=ada.pk)
    enrollment.refresh_from_db()
    assert (enrollment.emails_subscribed, enrollment.edx_enrolled, enrollment.changes.count()) == (False, True, 1)
    assert OutboxEvent.objects.filter(topic="mitxonline.seats").count() == 2


def test_a_program_is_joined_left_and_joined_again() -> None:
    ada, program = a_learner(), a_program()
    for expected in ((True, True), (False, False)):
        done = actions.enroll_in_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")
        assert (done.created, done.changed) == expected
    actions.unenroll_from_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")
    assert actions.enroll_in_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner").changed
    assert ProgramEnrollment.objects.get().changes.count() == 3


def test_programs_that_are_closed_hidden_or_not_there_are_refused() -> None:
    ada, closed = a_learner(), a_program(enrollment_end=at(1))
    with pytest.raises(errors.EnrollmentClosed):
        actions.enroll_in_program(user_id=ada.pk, program_id=closed.pk, actor=ada.pk, cause="learner")
    hidden = a_program("HARBOUR", b2b_only=True), a_program("DRAFT", live=False), Program(pk=0)
    for program in hidden:
        with pytest.raises(errors.ProgramNotFound):
            actions.enroll_in_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")
