"""What learners are told of why they have or have not earned something."""

from datetime import UTC, datetime

from corridor.mitxonline.catalog.requirements import all_of, course, min_number_of, program
from corridor.mitxonline.certificates import telling
from corridor.mitxonline.certificates.rules import Asked, Attempt, Earned, RunTerms, Why, evaluate
from corridor.mitxonline.certificates.telling import Names

NAMES = Names({1: "Lanterns", 2: "Lighthouses", 3: "Candles"}, {7: "All about oil"}, {"c+R1": "Lanterns, spring"})
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def test_each_requirement_says_where_the_learner_stands() -> None:
    tree = (all_of(course(1), course(2), title=""), min_number_of(2, course(3), program(7), course(1), title="Light to choose"))
    earned = Earned({1: [Attempt("c+R1", passed=True, certified=True)], 2: [Attempt("c+R2", passed=True)]})
    needed, chosen = telling.requirements(evaluate(9, {9: Asked(tree), 7: Asked((), is_paid=False)}, earned).parts, NAMES)
    assert (needed.name, needed.sentence, needed.met) == ("Required", "All 2 are needed; you have 1.", False)
    assert [(part.name, part.sentence) for part in needed.parts] == [
        ("Lanterns", "Done: you hold the certificate of Lanterns, spring."),
        ("Lighthouses", "You passed c+R2 without a certificate. Only its verified track counts here."),
    ]
    assert (chosen.name, chosen.sentence) == ("Light to choose", "2 of 3 are needed; you have 1.")
    assert [part.sentence for part in chosen.parts][:2] == [
        "You have not taken this course yet.",
        "What this program asks for has not been announced, so nobody can complete it yet.",
    ]


def test_a_certificate_that_waits_for_its_date_names_it() -> None:
    paced = RunTerms(is_self_paced=False, available_from=LATER, is_variant=False)
    assert telling.certificate_of_run(Why.NOT_YET, paced) == "You passed. Certificates of this run are given from 1 June 2026."


def test_every_reason_has_its_sentence() -> None:
    of_runs = {Why.HELD, Why.DUE, Why.REVOKED, Why.VARIANT, Why.NOT_GRADED, Why.NOT_PASSED, Why.NOT_PAID}
    of_programs = {Why.HELD, Why.DUE, Why.REVOKED, Why.NOT_ENROLLED, Why.EMPTY, Why.CIRCLE, Why.TOO_FEW}
    assert telling.CERTIFICATE_OF_RUN.keys() == of_runs
    assert telling.CERTIFICATE_OF_PROGRAM.keys() == of_programs
    assert telling.OF_COURSE.keys() | telling.OF_PROGRAM.keys() | of_runs | of_programs | {Why.NOT_YET} == set(Why)


def test_what_is_done_is_counted_among_courses_where_there_is_one_group_of_them() -> None:
    earned = Earned({1: [Attempt("c+R1", passed=True, certified=True)]})
    verdict = evaluate(9, {9: Asked((all_of(course(1), course(2), course(3)),))}, earned)
    assert telling.certificate_of_program(verdict.why, verdict) == "1 of 3 parts are done."
