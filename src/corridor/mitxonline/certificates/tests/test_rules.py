"""Who has earned a certificate, and who has not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.mitxonline.catalog.requirements import Node, all_of, course, min_number_of, program
from corridor.mitxonline.catalog.vocabulary import NodeType, Operator
from corridor.mitxonline.certificates.rules import Asked, Attempt, Earned, RunTerms, Standing, Verdict, Why, evaluate, of_program, of_run

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SELF_PACED = RunTerms(is_self_paced=True, available_from=None, is_variant=False)
PASSED = Standing(passed=True, is_paid=True)
CERTIFIED = Attempt("R1", passed=True, certified=True)


def paced(available_from: datetime | None) -> RunTerms:
    return RunTerms(is_self_paced=False, available_from=available_from, is_variant=False)


def with_certificates(*courses: int, programs: tuple[int, ...] = ()) -> Earned:
    return Earned({id: [CERTIFIED] for id in courses}, frozenset(programs))


def judged(*tree: Node, earned: Earned, others: dict[int, Asked] | None = None) -> Verdict:
    return evaluate(9, {9: Asked(tree)} | (others or {}), earned)


# --- the certificate of a run


@pytest.mark.parametrize(
    ("run", "learner", "why"),
    [
        (SELF_PACED, PASSED, Why.DUE),
        (paced(NOW), PASSED, Why.DUE),
        (paced(NOW + timedelta(seconds=1)), PASSED, Why.NOT_YET),
        (paced(None), PASSED, Why.NOT_YET),
        (SELF_PACED, Standing(passed=False, is_paid=True), Why.NOT_PASSED),
        (SELF_PACED, Standing(passed=None, is_paid=True), Why.NOT_GRADED),
        (SELF_PACED, Standing(passed=True, is_paid=False), Why.NOT_PAID),
        (SELF_PACED, Standing(passed=True, is_paid=True, was_revoked=True), Why.REVOKED),
        (SELF_PACED, Standing(passed=False, is_paid=False, holds=True), Why.HELD),
        (RunTerms(is_self_paced=True, available_from=None, is_variant=True), PASSED, Why.VARIANT),
    ],
)
def test_a_certificate_of_a_run_is_due(run: RunTerms, learner: Standing, why: Why) -> None:
    assert of_run(run, learner, NOW) == why


def test_the_courseware_can_force_the_date_and_nothing_else() -> None:
    assert of_run(paced(None), PASSED, NOW, forced=True) == Why.DUE
    assert of_run(paced(None), Standing(passed=True, is_paid=False), NOW, forced=True) == Why.NOT_PAID
    assert of_run(paced(None), Standing(passed=True, is_paid=True, was_revoked=True), NOW, forced=True) == Why.REVOKED


# --- the tree


def test_everything_at_the_top_is_needed() -> None:
    tree = (all_of(course(1), course(2)), min_number_of(1, course(3), course(4)))
    assert judged(*tree, earned=with_certificates(1, 2, 3)).met
    verdict = judged(*tree, earned=with_certificates(1, 2))
    assert (verdict.met, verdict.why, verdict.had, verdict.needed) == (False, Why.TOO_FEW, 1, 2)


def test_too_few_electives_say_how_many_there_were() -> None:
    [electives] = judged(min_number_of(2, course(1), course(2), course(3)), earned=with_certificates(2)).parts
    assert (electives.met, electives.had, electives.needed) == (False, 1, 2)
    assert [part.why for part in electives.parts] == [Why.MISSING, Why.CERTIFICATE, Why.MISSING]


@pytest.mark.parametrize(
    ("attempts", "met", "why"),
    [
        ([], False, Why.MISSING),
        ([Attempt("R1")], False, Why.NOT_GRADED),
        ([Attempt("R1", passed=False)], False, Why.NOT_PASSED),
        ([Attempt("R1", passed=True)], False, Why.NOT_PAID),
        ([Attempt("R1", passed=True, has_verified_track=False)], True, Why.GRADE),
        ([Attempt("R1", passed=True, was_revoked=True)], False, Why.REVOKED),
        ([Attempt("R1", passed=False), CERTIFIED], True, Why.CERTIFICATE),
    ],
)
def test_a_course_counts_by_the_attempt_that_went_furthest(attempts: list[Attempt], met: bool, why: Why) -> None:
    [verdict] = judged(course(1), earned=Earned({1: attempts})).parts
    assert (verdict.met, verdict.why) == (met, why)


@pytest.mark.parametrize(
    "tree",
    [
        (),
        (all_of(),),
        (min_number_of(1),),
        (Node(NodeType.OPERATOR, Operator.MIN_NUMBER_OF, None, children=(course(1),)),),
        (Node(NodeType.OPERATOR, Operator.MIN_NUMBER_OF, 0, children=(course(1),)),),
        (course(1), all_of()),
    ],
)
def test_nothing_asked_for_is_nothing_earned(tree: tuple[Node, ...]) -> None:
    assert not judged(*tree, earned=with_certificates(1)).met


def test_a_program_with_a_certificate_counts_by_it_alone() -> None:
    inner = {7: Asked((course(1),), is_paid=True)}
    assert not judged(program(7), earned=with_certificates(1), others=inner).met
    assert judged(program(7), earned=with_certificates(programs=(7,)), others=inner).met


def test_a_program_without_one_counts_by_what_it_asks_for() -> None:
    inner = {7: Asked((course(1),), is_paid=False)}
    assert judged(program(7), earned=with_certificates(1), others=inner).met
    assert not judged(program(7), earned=with_certificates(programs=(7,)), others=inner).met
    assert not judged(program(7), earned=with_certificates(1), others={7: Asked((), is_paid=False)}).met


def test_programs_that_require_one_another_in_a_circle_are_never_earned() -> None:
    circle = {7: Asked((course(1), program(8)), is_paid=False), 8: Asked((program(7),), is_paid=False)}
    [verdict] = judged(program(7), earned=with_certificates(1), others=circle).parts
    assert (verdict.met, verdict.why) == (False, Why.CIRCLE)
    assert evaluate(7, circle, with_certificates(1)).why == Why.CIRCLE


def test_a_certificate_of_a_program_wants_its_verified_track() -> None:
    verdict = judged(course(1), earned=with_certificates(1))
    assert of_program(verdict, is_verified=True) == Why.DUE
    assert of_program(verdict, is_verified=False) == Why.NOT_ENROLLED
    assert of_program(verdict, is_verified=True, was_revoked=True) == Why.REVOKED
    assert of_program(judged(course(1), earned=Earned()), is_verified=True) == Why.TOO_FEW


# --- what holds of every tree

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are busy at times

LEAVES = st.builds(course, st.integers(1, 6)) | st.builds(program, st.integers(1, 4))


def _operators(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(children, max_size=4)
    numbers = st.none() | st.integers(0, 4)
    some = st.builds(lambda number, parts: Node(NodeType.OPERATOR, Operator.MIN_NUMBER_OF, number, children=tuple(parts)), numbers, parts)
    return st.builds(lambda parts: all_of(*parts), parts) | some


NODES = st.recursive(LEAVES, _operators, max_leaves=12)
PROGRAMS = st.dictionaries(st.integers(1, 4), st.builds(Asked, st.lists(NODES, max_size=3).map(tuple), st.booleans()), min_size=1)
ATTEMPTS = st.builds(Attempt, st.just("R1"), st.none() | st.booleans(), st.booleans(), st.booleans(), st.booleans())
EARNED = st.builds(Earned, st.dictionaries(st.integers(1, 6), st.lists(ATTEMPTS, max_size=2)), st.frozensets(st.integers(1, 4)))


def union(one: Earned, other: Earned) -> Earned:
    courses = one.attempts.keys() | other.attempts.keys()
    attempts = {id: [*one.attempts.get(id, ()), *other.attempts.get(id, ())] for id in courses}
    return Earned(attempts, one.programs | other.programs)


@PATIENT
@given(PROGRAMS, st.integers(1, 4), EARNED, EARNED)
def test_earning_more_never_takes_anything_away(asked: dict[int, Asked], id: int, earned: Earned, more: Earned) -> None:
    if evaluate(id, asked, earned).met:
        assert evaluate(id, asked, union(earned, more)).met


@PATIENT
@given(PROGRAMS, st.integers(1, 4))
def test_who_has_nothing_has_earned_nothing(asked: dict[int, Asked], id: int) -> None:
    assert not evaluate(id, asked, Earned()).met


def backwards(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(
        Node(n.type, n.operator, n.number, n.title, n.elective, n.course, n.program, backwards(n.children)) for n in reversed(nodes)
    )


@PATIENT
@given(PROGRAMS, st.integers(1, 4), EARNED)
def test_the_order_of_a_tree_does_not_matter(asked: dict[int, Asked], id: int, earned: Earned) -> None:
    turned = {id: Asked(backwards(each.tree), each.is_paid) for id, each in asked.items()}
    assert evaluate(id, turned, earned).met == evaluate(id, asked, earned).met


def test_programs_within_programs_are_judged_once_each() -> None:
    """Sixty levels, each asking twice for the next: walked naively they would never end."""
    chain = {n: Asked((all_of(program(n + 1)), all_of(program(n + 1))), is_paid=False) for n in range(1, 60)}
    chain[60] = Asked((course(1),), is_paid=False)
    assert evaluate(1, chain, with_certificates(1)).met
