"""Another run instead: the right moves, and the history stays."""

import pytest

from corridor.mitxonline.catalog.tests.cast import at
from corridor.mitxonline.enrollments import actions, errors
from corridor.mitxonline.enrollments.deferrals import defer
from corridor.mitxonline.enrollments.entitlements import grant, revoke_entitlement, standing
from corridor.mitxonline.enrollments.models import RunEnrollment

from .cast import a_learner, a_line, a_sold_run, history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_deferring_moves_the_right_and_keeps_the_history() -> None:
    ada, old, new = a_learner(), a_sold_run(), a_sold_run(tag="3T2026", upgrade_deadline=at(1))
    line = a_line(ada, old)
    grant(user_id=ada.pk, run_id=old.pk, line_id=line.pk, cause="order 1")
    actions.enroll(user_id=ada.pk, run_id=new.pk, actor=ada.pk, cause="learner")
    moved = [defer(user_id=ada.pk, from_run=old.pk, to_run=new.pk, actor=None, reason="Ill in spring") for _ in range(2)]
    assert moved[0] == moved[1]
    assert history(moved[0]) == [("enrolled", True, "audit"), ("upgraded", True, "verified")]
    left = RunEnrollment.objects.get(course_run=old)
    assert (left.active, left.mode, left.change_status) == (True, "audit", "deferred")
    assert standing(ada.pk).get().course_run == new
    revoke_entitlement(line_id=line.pk, actor=None, cause="refund 1", reason="Still ill")
    moved[0].refresh_from_db()
    assert moved[0].mode == "audit"


def test_another_course_or_a_closed_run_needs_force() -> None:
    ada, old, other, closed = a_learner(), a_sold_run(), a_sold_run("LN.02x"), a_sold_run(tag="3T2026", enrollment_end=at(1))
    grant(user_id=ada.pk, run_id=old.pk, line_id=a_line(ada, old).pk, cause="order 1")
    for run in (other, closed):
        with pytest.raises(errors.DeferralRefused):
            defer(user_id=ada.pk, from_run=old.pk, to_run=run.pk, actor=None, reason="Ill")
    assert defer(user_id=ada.pk, from_run=old.pk, to_run=other.pk, actor=None, reason="Ill", force=True).mode == "verified"


def test_nothing_moves_where_nothing_was_paid_or_no_reason_is_given() -> None:
    ada, old, new = a_learner(), a_sold_run(), a_sold_run(tag="3T2026")
    with pytest.raises(errors.NotEnrolled):
        defer(user_id=ada.pk, from_run=old.pk, to_run=new.pk, actor=None, reason="Ill")
    actions.enroll(user_id=ada.pk, run_id=old.pk, actor=ada.pk, cause="learner")
    with pytest.raises(errors.DeferralRefused):
        defer(user_id=ada.pk, from_run=old.pk, to_run=new.pk, actor=None, reason="Ill")
    with pytest.raises(errors.ReasonMissing):
        defer(user_id=ada.pk, from_run=old.pk, to_run=new.pk, actor=None, reason="")


def test_who_bought_both_runs_has_nowhere_to_move_to() -> None:
    ada, old, new = a_learner(), a_sold_run(), a_sold_run(tag="3T2026")
    for run in (old, new):
        grant(user_id=ada.pk, run_id=run.pk, line_id=a_line(ada, run).pk, cause="order")
    with pytest.raises(errors.AlreadyEntitled):
        defer(user_id=ada.pk, from_run=old.pk, to_run=new.pk, actor=None, reason="Ill")
    assert set(RunEnrollment.objects.values_list("mode", flat=True)) == {"verified"}
