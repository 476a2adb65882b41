"""Grades that come at once: each certificate is issued once, and that of a program is not missed between two courses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from corridor.accounts.models import User
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.catalog.requirements import course
from corridor.mitxonline.catalog.tests.cast import a_course, a_mode, a_program, a_run
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates import actions, loading
from corridor.mitxonline.certificates.models import Certificate

from .cast import a_learner, enrolled, in_program, passes

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> None:
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        start.wait()
        try:
            call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        list(threads.map(run, calls))


def somebody_in(n: int) -> tuple[User, list[CourseRun], Program]:
    """On the verified track of a program of two courses."""
    ada, runs = a_learner(f"Ada {n}"), [a_run(a_course(f"LN.{n}{part}x"), is_self_paced=True) for part in (1, 2)]
    program = a_program(f"LANTERNS{n}")
    program.enrollment_modes.add(a_mode("verified"))
    set_requirements(program.pk, [course(run.course_id) for run in runs])
    in_program(ada, program)
    for run in runs:
        enrolled(ada, run)
    return ada, runs, program


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has issued a certificate of a run waits a moment for another who has, too, before looking at programs."""
    met, complete = Barrier(2), actions._complete

    def wait_and_complete(*args: Any, **named: Any) -> Any:
        with suppress(BrokenBarrierError):
            met.wait(timeout=1)
        return complete(*args, **named)

    monkeypatch.setattr(actions, "_complete", wait_and_complete)


def test_two_courses_passed_at_once_complete_the_program(meeting: None) -> None:
    ada, runs, program = somebody_in(0)
    at_once(*(lambda run=run: passes(ada, run) for run in runs))
    assert Certificate.objects.filter(user=ada, program=program).count() == 1
    assert Certificate.objects.filter(user=ada).count() == 3


def test_a_grade_that_comes_twice_at_once_gives_one_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, [run, _], _ = somebody_in(0)
    met, standings = Barrier(2), loading.standings

    def look_together(pairs: Any) -> Any:
        found = standings(pairs)
        with suppress(BrokenBarrierError):
            met.wait(timeout=1)
        return found

    monkeypatch.setattr(loading, "standings", look_together)
    at_once(*[lambda: passes(ada, run)] * 2)
    assert Certificate.objects.filter(user=ada).count() == 1
