"""Whatever is done in whatever order: the ledger tells what is so, and a mode drops where a reason is named alone."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.kit.errors import Problem
from corridor.mitxonline.enrollments import actions, rules
from corridor.mitxonline.enrollments.deferrals import defer
from corridor.mitxonline.enrollments.entitlements import grant, revoke_entitlement, standing
from corridor.mitxonline.enrollments.models import Entitlement, ProgramEnrollment, RunEnrollment
from corridor.mitxonline.enrollments.rules import View
from corridor.mitxonline.enrollments.vocabulary import ChangeKind

from .cast import a_learner, a_line, a_program_of, a_sold_run

VIEWS = st.builds(View, st.booleans(), st.sampled_from(["audit", "verified"]), st.sampled_from([None, "refunded", "unenrolled"]))
STEPS = {
    "audit": lambda view: rules.enrolled(view, "audit"),
    "verified": lambda view: rules.enrolled(view, "verified"),
    "leave": lambda view: rules.unenrolled(view, keeps_mode=True),
    "leave for good": lambda view: rules.unenrolled(view, keeps_mode=False),
    "refund": lambda view: rules.lowered(view, ChangeKind.REFUNDED),
    "defer": lambda view: rules.lowered(view, ChangeKind.DEFERRED),
}


@given(VIEWS, st.sampled_from(sorted(STEPS)))
def test_a_step_changes_something_and_lowers_only_by_name(before: View, name: str) -> None:
    step = STEPS[name](before)
    if step is None:
        return
    assert step.view != before
    assert STEPS[name](step.view) is None  # asked again, nothing happens
    if before.mode == "verified" and step.view.mode == "audit":
        assert step.kind in rules.LOWERING


def consistent(enrollment: RunEnrollment | ProgramEnrollment) -> None:
    told = list(enrollment.changes.order_by("number"))
    assert [each.number for each in told] == list(range(1, len(told) + 1))
    assert told[0].kind == ChangeKind.ENROLLED
    newest = told[-1]
    assert (newest.active, newest.mode, newest.change_status) == (enrollment.active, enrollment.mode, enrollment.change_status)
    for earlier, later in pairwise(told):
        assert earlier.mode == "audit" or later.mode == "verified" or later.kind in rules.LOWERING


DONE = ("enroll", "leave", "buy", "buy program", "refund", "refund program", "defer", "give")


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_no_sequence_of_actions_parts_the_view_from_the_ledger_or_the_right_from_the_seat() -> None:
    runs = [a_sold_run("LN.01x"), a_sold_run("LN.01x", "3T2026"), a_sold_run("LN.02x")]
    program = a_program_of(*runs)
    number = iter(range(10_000))

    def do(what: str, user: Any, run: Any) -> None:
        who: dict[str, Any] = {"user_id": user.pk}
        if what == "enroll":
            actions.enroll(**who, run_id=run.pk, actor=user.pk, cause="learner")
        elif what == "leave":
            actions.unenroll(**who, run_id=run.pk, actor=user.pk, cause="learner")
        elif what == "buy":
            grant(**who, run_id=run.pk, line_id=a_line(user, run).pk, cause="order")
        elif what == "give":
            grant(**who, run_id=run.pk, given_by=user.pk, cause="staff")
        elif what == "buy program":
            grant(**who, program_id=program.pk, line_id=a_line(user, program).pk, cause="order")
        elif what == "defer":
            defer(**who, from_run=runs[0].pk, to_run=runs[1].pk, actor=None, reason="Ill")
        else:
            of_program = what == "refund program"
            for right in standing(user.pk).filter(line__isnull=False, program__isnull=not of_program)[:1]:
                revoke_entitlement(line_id=right.line_id, actor=None, cause="refund", reason="Asked for")

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(DONE), st.integers(0, 2)), min_size=3, max_size=14))
    def holds(done: list[tuple[str, int]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        user = a_learner(f"ada{next(number)}@example.org")
        for what, which in done:
            try:
                with transaction.atomic():
                    do(what, user, runs[which])
            except Problem:
                continue
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the triggers check at commit
        for enrollment in (*RunEnrollment.objects.filter(user=user), *ProgramEnrollment.objects.filter(user=user)):
            consistent(enrollment)
        seated = set(RunEnrollment.objects.filter(user=user, mode="verified").values_list("course_run", flat=True))
        assert seated == set(standing(user.pk).filter(program=None).values_list("course_run", flat=True))
        ended = Entitlement.objects.filter(user=user, ended_on=None, drawn_from__ended_on__isnull=False)
        assert not ended.exists()

    holds()
