"""Programs lead into runs: verified by what was paid for them, and never by more."""

import pytest

from corridor.mitxonline.catalog import trees
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.catalog.requirements import all_of, course, min_number_of, program
from corridor.mitxonline.catalog.tests.cast import a_program, at
from corridor.mitxonline.enrollments import actions, errors, rules
from corridor.mitxonline.enrollments.draws import draw_from_program
from corridor.mitxonline.enrollments.entitlements import grant, revoke_entitlement, standing
from corridor.mitxonline.enrollments.models import ProgramEnrollment, RunEnrollment

from .cast import a_learner, a_line, a_program_of, a_sold_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def buy(user_id: int, bought: Program, line_id: int) -> None:
    grant(user_id=user_id, program_id=bought.pk, line_id=line_id, cause="order 1")


def draw(user_id: int, run: CourseRun, *programs: Program) -> actions.Enrolled[RunEnrollment]:
    named = [each.readable_id for each in programs]
    return draw_from_program(user_id=user_id, courseware_id=run.courseware_id, program_ids=named, actor=user_id)


def test_who_bought_the_program_takes_its_courses_without_another_purchase() -> None:
    ada, run = a_learner(), a_sold_run()
    whole = a_program_of(run)
    line = a_line(ada, whole)
    buy(ada.pk, whole, line.pk)
    done = draw(ada.pk, run, whole)
    assert (done.created, done.enrollment.mode) == (True, "verified")
    assert not draw(ada.pk, run, whole).changed
    revoke_entitlement(line_id=line.pk, actor=None, cause="refund 1", reason="Asked for in time")
    done.enrollment.refresh_from_db()
    assert done.enrollment.mode == "audit"


def test_who_takes_the_program_for_free_takes_its_courses_for_free() -> None:
    ada, run = a_learner(), a_sold_run()
    whole = a_program_of(run)
    actions.enroll_in_program(user_id=ada.pk, program_id=whole.pk, actor=ada.pk, cause="learner")
    assert draw(ada.pk, run, whole).enrollment.mode == "audit"


def test_a_course_outside_or_no_longer_sold_is_taken_for_free() -> None:
    ada, inside, outside, late = a_learner(), a_sold_run(), a_sold_run("LN.02x"), a_sold_run("LN.03x", upgrade_deadline=at(1))
    whole = a_program_of(inside, late)
    buy(ada.pk, whole, a_line(ada, whole).pk)
    assert [draw(ada.pk, run, whole).enrollment.mode for run in (outside, late)] == ["audit", "audit"]


def test_who_is_verified_stays_so_when_the_run_is_no_longer_sold() -> None:
    ada, run = a_learner(), a_sold_run()
    whole = a_program_of(run)
    buy(ada.pk, whole, a_line(ada, whole).pk)
    draw(ada.pk, run, whole)
    run.upgrade_deadline = at(1)
    run.save()
    again = draw(ada.pk, run, whole)
    assert (again.changed, again.enrollment.mode) == (False, "verified")


def test_the_outer_program_pays_for_the_inner_one() -> None:
    ada, run = a_learner(), a_sold_run()
    inner, outer = a_program_of(run), a_program("OUTER")
    trees.set_requirements(outer.pk, [all_of(program(inner.pk))])
    grant(user_id=ada.pk, program_id=outer.pk, given_by=ada.pk, cause="staff")
    assert draw(ada.pk, run, inner, outer).enrollment.mode == "verified"
    assert set(ProgramEnrollment.objects.values_list("program__readable_id", "mode")) == {
        (inner.readable_id, "verified"),
        (outer.readable_id, "verified"),
    }
    assert standing(ada.pk).get(program=inner).drawn_from == standing(ada.pk).get(program=outer)


def test_neither_paid_is_free_in_both_and_the_inner_alone_is_refused() -> None:
    ada, ben, run = a_learner(), a_learner("ben@example.org"), a_sold_run()
    inner, outer = a_program_of(run), a_program("OUTER")
    trees.set_requirements(outer.pk, [all_of(program(inner.pk))])
    actions.enroll_in_program(user_id=ada.pk, program_id=inner.pk, actor=ada.pk, cause="learner")
    assert draw(ada.pk, run, outer, inner).enrollment.mode == "audit"
    assert ProgramEnrollment.objects.filter(user=ada).count() == 2
    buy(ben.pk, inner, a_line(ben, inner).pk)
    with pytest.raises(errors.OuterProgramUnpaid):
        draw(ben.pk, run, outer, inner)


def test_programs_that_do_not_belong_together_or_that_nobody_takes_are_refused() -> None:
    ada, run = a_learner(), a_sold_run()
    one, other = a_program_of(run), a_program("OTHER")
    with pytest.raises(errors.ProgramNotFound):
        draw(ada.pk, run, one)
    actions.enroll_in_program(user_id=ada.pk, program_id=one.pk, actor=ada.pk, cause="learner")
    with pytest.raises(errors.ProgramsUnrelated):
        draw(ada.pk, run, one, other)
    with pytest.raises(errors.ProgramNotFound):
        draw(ada.pk, run, one, Program(readable_id="program-v1:none"))
    with pytest.raises(errors.RunNotFound):
        draw(ada.pk, CourseRun(courseware_id="none"), one)


def test_a_closed_run_is_closed_to_buyers_of_the_program_too() -> None:
    ada, run = a_learner(), a_sold_run(enrollment_end=at(1))
    whole = a_program_of(run)
    buy(ada.pk, whole, a_line(ada, whole).pk)
    with pytest.raises(errors.EnrollmentClosed):
        draw(ada.pk, run, whole)


def test_a_program_whose_courses_are_all_verified_becomes_so_at_night() -> None:
    ada, one, two = a_learner(), a_sold_run("LN.01x"), a_sold_run("LN.02x")
    whole = a_program_of(one, two)
    enrollment = actions.enroll_in_program(user_id=ada.pk, program_id=whole.pk, actor=ada.pk, cause="learner").enrollment
    actions.enroll(user_id=ada.pk, run_id=one.pk, mode="verified", actor=None, cause="staff")
    assert actions.upgrade_program_enrollments() == 0
    actions.enroll(user_id=ada.pk, run_id=two.pk, mode="verified", actor=None, cause="staff")
    assert [actions.upgrade_program_enrollments() for _ in range(2)] == [1, 0]
    enrollment.refresh_from_db()
    assert enrollment.mode == "verified"


def test_what_a_tree_asks_for_is_counted() -> None:
    electives = min_number_of(1, course(2), course(3))
    assert rules.is_verified_throughout([all_of(course(1)), electives], {1, 3}, ())
    assert not rules.is_verified_throughout([all_of(course(1)), electives], {1}, ())
    assert rules.is_verified_throughout([all_of(program(7))], (), {7})
    assert not rules.is_verified_throughout([], {1}, ())
    assert not rules.is_verified_throughout([all_of()], {1}, ())
