"""What comes due without a new grade is issued by itself, and told as due until it is."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from corridor.kit import clock
from corridor.mitxonline.catalog.requirements import course
from corridor.mitxonline.catalog.tests.cast import NOW, a_course, a_mode, a_program, a_run
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates import issuing, jobs, queries
from corridor.mitxonline.certificates.models import Certificate
from corridor.mitxonline.certificates.queries import Due
from corridor.mitxonline.certificates.rules import Why

from .cast import a_learner, enrolled, graded, in_program, passes

pytestmark = pytest.mark.django_db

DATE = NOW + timedelta(days=2)


def test_a_certificate_comes_with_the_date_of_its_run() -> None:
    ada, run = a_learner(), a_run(a_course(), certificate_available_date=DATE)
    enrolled(ada, run)
    passes(ada, run)
    assert (list(queries.due()), jobs.issue_for_runs()) == ([], 0)
    with clock.fixed(DATE):
        assert list(queries.due()) == [Due(ada.pk, "course", run.pk)]
        assert (jobs.issue_for_runs(), jobs.issue_for_runs()) == (1, 0)
        assert list(queries.due()) == []


def test_runs_whose_date_is_long_past_are_left_to_reconciliation() -> None:
    ada, run = a_learner(), a_run(a_course(), certificate_available_date=DATE)
    enrolled(ada, run)
    passes(ada, run)
    with clock.fixed(DATE + timedelta(days=32)):
        assert jobs.issue_for_runs() == 0
        assert list(queries.due()) == [Due(ada.pk, "course", run.pk)]


def test_a_program_that_somebody_joins_after_the_last_course_comes_at_night() -> None:
    ada, run, whole = a_learner(), a_run(a_course(), is_self_paced=True), a_program()
    whole.enrollment_modes.add(a_mode("verified"))
    set_requirements(whole.pk, [course(run.course_id)])
    enrolled(ada, run)
    passes(ada, run)
    in_program(ada, whole)
    assert list(queries.due()) == [Due(ada.pk, "program", whole.pk)]
    assert (jobs.issue_for_programs(), jobs.issue_for_programs()) == (1, 0)


def test_one_batch_that_fails_does_not_keep_the_others_from_theirs() -> None:
    run = a_run(a_course(), certificate_available_date=DATE)
    for name in ("Ada", "Mary"):
        person = a_learner(name)
        enrolled(person, run)
        passes(person, run)
    told = issuing.tell

    def failing(row: Certificate, person: object) -> None:
        if str(getattr(person, "name", "")) == "Ada":
            raise RuntimeError("no letter")
        told(row, person)

    with clock.fixed(DATE), patch.object(jobs, "BATCH", 1), patch.object(issuing, "tell", failing):
        assert jobs.issue_for_runs() == 1
    assert [row.snapshot["learner"] for row in Certificate.objects.all()] == ["Mary"]


def test_each_person_more_takes_two_queries_more(django_assert_max_num_queries: object) -> None:
    run = a_run(a_course(), certificate_available_date=DATE)
    for n in range(40):
        person = a_learner(f"Learner {n}", email="")
        enrolled(person, run)
        passes(person, run)
    with clock.fixed(DATE), django_assert_max_num_queries(22 + 2 * 40):  # an entry of the audit and a letter each
        assert jobs.issue_for_runs() == 40


def test_why_tells_the_learner_where_they_stand() -> None:
    ada, run, whole = a_learner(), a_run(a_course(), is_self_paced=True), a_program()
    set_requirements(whole.pk, [course(run.course_id)])
    assert queries.why_run(ada.pk, run).why == Why.NOT_GRADED
    enrolled(ada, run)
    graded(ada, run, "0.2", passed=False)
    told = queries.why_program(ada.pk, whole)
    assert told.why == Why.NOT_ENROLLED
    assert [(each.name, each.sentence) for each in told.requirements] == [
        ("Lanterns LN.01x", "You have not passed Lanterns LN.01x (1T2026) yet.")
    ]
    passes(ada, run)
    assert queries.why_run(ada.pk, run).certificate is not None
