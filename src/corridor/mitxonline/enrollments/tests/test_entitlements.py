"""What was bought is honoured, ends with its refund alone, and takes with it exactly what hung on it."""

import pytest

from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import at
from corridor.mitxonline.enrollments import actions, errors
from corridor.mitxonline.enrollments.entitlements import grant, revoke_entitlement, standing
from corridor.mitxonline.enrollments.models import ProgramEnrollment, RunEnrollment

from .cast import a_learner, a_line, a_program_of, a_sold_run, history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def mode(user: object, run: object) -> str:
    return RunEnrollment.objects.get(user=user, course_run=run).mode


def test_a_purchase_enrols_on_the_verified_track_even_when_the_window_has_closed() -> None:
    ada, run = a_learner(), a_sold_run(enrollment_end=at(1))
    line = a_line(ada, run)
    right = grant(user_id=ada.pk, run_id=run.pk, line_id=line.pk, cause="order 1")
    assert mode(ada, run) == "verified"
    assert grant(user_id=ada.pk, run_id=run.pk, line_id=line.pk, cause="order 1") == right
    with pytest.raises(errors.AlreadyEntitled):
        grant(user_id=ada.pk, run_id=run.pk, line_id=a_line(ada, run).pk, cause="order 2")


def test_who_bought_and_left_comes_back_verified_until_it_is_no_longer_sold() -> None:
    ada, run = a_learner(), a_sold_run(enrollment_end=at(10), upgrade_deadline=at(20))
    grant(user_id=ada.pk, run_id=run.pk, line_id=a_line(ada, run).pk, cause="order 1")
    actions.unenroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert standing(ada.pk).count() == 1
    with clock.fixed(at(15)):
        back = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert history(back.enrollment) == [("enrolled", True, "verified"), ("unenrolled", False, "verified"), ("reenrolled", True, "verified")]
    actions.unenroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    with clock.fixed(at(21)), pytest.raises(errors.EnrollmentClosed):
        actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")


def test_what_staff_gave_ends_with_leaving() -> None:
    ada, dean, run = a_learner(), a_learner("dean@example.org"), a_sold_run()
    grant(user_id=ada.pk, run_id=run.pk, given_by=dean.pk, cause="staff")
    left = actions.unenroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert (left.mode, standing(ada.pk).count()) == ("audit", 0)


def test_a_program_upgrades_what_is_taken_of_it_where_that_is_still_sold() -> None:
    ada = a_learner()
    open_run, late, other = a_sold_run("LN.01x"), a_sold_run("LN.02x", upgrade_deadline=at(1)), a_sold_run("LN.03x")
    program = a_program_of(open_run, late)
    for run in (open_run, late, other):
        actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    grant(user_id=ada.pk, program_id=program.pk, line_id=a_line(ada, program).pk, cause="order 1")
    assert [mode(ada, run) for run in (open_run, late, other)] == ["verified", "audit", "audit"]
    assert ProgramEnrollment.objects.get().mode == "verified"
    assert standing(ada.pk).get(course_run=open_run).drawn_from == standing(ada.pk).get(program=program)
    with pytest.raises(errors.ProgramPaid):
        actions.unenroll_from_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")


def test_the_refund_of_a_program_leaves_what_was_bought_beside_it() -> None:
    ada = a_learner()
    own, drawn = a_sold_run("LN.01x"), a_sold_run("LN.02x")
    program = a_program_of(own, drawn)
    grant(user_id=ada.pk, run_id=own.pk, line_id=a_line(ada, own).pk, cause="order 1")
    actions.enroll(user_id=ada.pk, run_id=drawn.pk, actor=ada.pk, cause="learner")
    line = a_line(ada, program)
    grant(user_id=ada.pk, program_id=program.pk, line_id=line.pk, cause="order 2")
    for _ in range(2):
        revoke_entitlement(line_id=line.pk, actor=None, cause="refund 1", reason="Asked for in time")
    assert (mode(ada, own), mode(ada, drawn), ProgramEnrollment.objects.get().mode) == ("verified", "audit", "audit")
    refunded = RunEnrollment.objects.get(course_run=drawn)
    assert (refunded.active, refunded.change_status) == (True, "refunded")
    assert history(refunded)[-1] == ("refunded", True, "audit")


def test_the_refund_of_a_run_that_a_program_covers_changes_no_track() -> None:
    ada, run = a_learner(), a_sold_run()
    program, line = a_program_of(run), a_line(ada, run)
    grant(user_id=ada.pk, run_id=run.pk, line_id=line.pk, cause="order 1")
    whole = grant(user_id=ada.pk, program_id=program.pk, line_id=a_line(ada, program).pk, cause="order 2")
    revoke_entitlement(line_id=line.pk, actor=None, cause="refund 1", reason="Bought twice")
    assert mode(ada, run) == "verified"
    assert standing(ada.pk).get(course_run=run).drawn_from == whole


def test_what_was_bought_takes_the_place_of_what_was_drawn() -> None:
    ada, run = a_learner(), a_sold_run()
    actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    program = a_program_of(run)
    line = a_line(ada, program)
    grant(user_id=ada.pk, program_id=program.pk, line_id=line.pk, cause="order 1")
    grant(user_id=ada.pk, run_id=run.pk, line_id=a_line(ada, run).pk, cause="order 2")
    revoke_entitlement(line_id=line.pk, actor=None, cause="refund 1", reason="Bought twice")
    assert mode(ada, run) == "verified"


def test_a_refund_without_a_reason_is_refused() -> None:
    ada, run = a_learner(), a_sold_run()
    line = a_line(ada, run)
    grant(user_id=ada.pk, run_id=run.pk, line_id=line.pk, cause="order 1")
    with pytest.raises(errors.ReasonMissing):
        revoke_entitlement(line_id=line.pk, actor=None, cause="refund 1", reason="")
    assert mode(ada, run) == "verified"
