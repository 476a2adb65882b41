"""A run on the strength of a program: who bought the program takes its courses on the verified track without another purchase."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from corridor.kit import clock
from corridor.kit.errors import Problem
from corridor.mitxonline.catalog import loading, requirements
from corridor.mitxonline.catalog.facts import RunFacts
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.catalog.requirements import Node
from corridor.mitxonline.catalog.rules import is_upgradable
from corridor.mitxonline.catalog.vocabulary import Mode

from . import actions, admission, locks
from .actions import Enrolled
from .changes import By
from .entitlements import covering, grant, standing
from .errors import OuterProgramUnpaid, ProgramNotFound, ProgramsUnrelated, RunNotFound
from .models import Entitlement, ProgramEnrollment, RunEnrollment

Trees = Mapping[int, tuple[Node, ...]]


def draw_from_program(*, user_id: int, courseware_id: str, program_ids: Sequence[str], actor: int | None) -> Enrolled[RunEnrollment]:
    """Take a run by way of a program, or of a program within another: verified where one of them is paid for and contains the course,
    as long as the run's verified track is to be had; for free otherwise.

    Raises RunNotFound, ProgramNotFound (also of programs that the learner is in none of), ProgramsUnrelated, OuterProgramUnpaid and
    what `enroll` raises.
    """
    with transaction.atomic():
        locks.learner(user_id)
        run = _run(courseware_id)
        programs = _programs(user_id, program_ids)
        trees = loading.requirement_trees(programs)
        by = By(actor, f"program {program_ids[0]}")
        right = _right_to(run, _rights(user_id, _outermost_first(programs, trees), trees, by), trees)
        outcome = _take(user_id, run, right, by)
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _run(courseware_id: str) -> RunFacts:
    for run in loading.runs(CourseRun.objects.filter(courseware_id=courseware_id)):
        return run
    raise RunNotFound(courseware_id)


def _programs(user_id: int, named: Sequence[str]) -> list[int]:
    """The programs, one of which at least the learner is in."""
    if not 1 <= len(set(named)) <= 2:
        raise ProgramsUnrelated
    known = dict(Program.objects.filter(readable_id__in=named, b2b_only=False).values_list("readable_id", "pk"))
    for name in named:
        if name not in known:
            raise ProgramNotFound(name)
    if not ProgramEnrollment.objects.filter(user=user_id, program__in=known.values(), active=True).exists():
        raise ProgramNotFound(f"{' or '.join(named)} that you are enrolled in")
    return [known[name] for name in dict.fromkeys(named)]


def _outermost_first(programs: Sequence[int], trees: Trees) -> Sequence[int]:
    if len(programs) == 1:
        return programs
    one, other = programs
    contains = other in requirements.programs(trees[one]), one in requirements.programs(trees[other])
    if sum(contains) != 1:
        raise ProgramsUnrelated
    return (one, other) if contains[0] else (other, one)


def _rights(user_id: int, programs: Sequence[int], trees: Trees, by: By) -> list[Entitlement]:
    """What the learner has of these; who paid for the outer program is enrolled in the inner one, too."""
    held = {each.program_id: each for each in standing(user_id).filter(program__in=programs)}
    if len(programs) == 2:
        outer, inner = programs
        if inner in held and outer not in held:
            raise OuterProgramUnpaid
        if outer in held and inner not in held:
            held[inner] = grant(user_id=user_id, program_id=inner, drawn_from=held[outer], cause=by.cause, actor=by.actor)
    for program in programs:
        if program not in held:
            actions.join_program(user_id, program, Mode.AUDIT, by)
    return [held[program] for program in programs if program in held]


def _right_to(run: RunFacts, rights: Sequence[Entitlement], trees: Trees) -> Entitlement | None:
    return next((each for each in rights if each.program_id and run.course_id in requirements.courses(trees[each.program_id])), None)


def _take(user_id: int, run: RunFacts, right: Entitlement | None, by: By) -> Enrolled[RunEnrollment] | Problem:
    before = RunEnrollment.objects.filter(user=user_id, course_run=run.id).first()
    verified = right is not None and is_upgradable(run, clock.now())
    if before is None or not before.active:
        mode = Mode.VERIFIED if verified else Mode.AUDIT
        refused = admission.refusal(user_id=user_id, run=run, mode=mode, actor=by.actor, cause=by.cause)
        if refused:
            return refused
    if not verified or standing(user_id).filter(course_run=run.id).exists():
        return actions.join(user_id, run.id, Mode.AUDIT, by)
    grant(user_id=user_id, run_id=run.id, drawn_from=right, cause=by.cause, actor=by.actor)
    enrollment = RunEnrollment.objects.get(user=user_id, course_run=run.id)
    return Enrolled(enrollment, created=before is None, changed=True)


def take(*, user_id: int, run_id: int, actor: int | None, cause: str) -> Enrolled[RunEnrollment]:
    """Take a run on the best track that is paid for: drawn from a program that was bought, else as `enroll` does. Raises what that does."""
    with transaction.atomic():
        locks.learner(user_id)
        run = actions.run_facts(run_id)
        outcome = _take(user_id, run, covering(user_id, course_id=run.course_id), By(actor, cause))
    if isinstance(outcome, Problem):
        raise outcome
    return outcome
