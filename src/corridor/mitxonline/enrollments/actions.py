"""Changes of what learners take. Each is one transaction, or joins the one that is open, and takes the learner's lock first."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import transaction

from corridor.kit import clock
from corridor.kit.outbox import publish
from corridor.mitxonline.catalog import loading
from corridor.mitxonline.catalog.facts import RunFacts
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.catalog.vocabulary import Mode

from . import admission, changes, locks, rules
from .changes import AnyEnrollment, By, view_of
from .errors import EnrollmentClosed, NotEnrolled, ProgramNotFound, ProgramPaid, ReasonMissing, RunNotFound
from .models import Entitlement, ProgramEnrollment, RunEnrollment
from .vocabulary import ChangeKind

Kind = TypeVar("Kind", RunEnrollment, ProgramEnrollment)


@dataclass(frozen=True)
class Enrolled(Generic[Kind]):
    """What somebody now takes; `changed` where it was not so before, `created` where they never took it."""

    enrollment: Kind
    created: bool
    changed: bool


def enroll(
    *, user_id: int, run_id: int, mode: str = Mode.AUDIT, actor: int | None, cause: str, keep_window: bool = True
) -> Enrolled[RunEnrollment]:
    """Have somebody take a run, once however often it is asked, and never in a lower mode than before.

    Raises RunNotFound; and, unless they are enrolled already or `keep_window` is off, ContractRun, EnrollmentClosed, NothingFree and
    CountryBlocked. The evidence of a refusal stays where no outer transaction takes it back.
    """
    with transaction.atomic():
        learner = locks.learner(user_id)
        run, known = run_facts(run_id), _in_run(user_id, run_id)
        is_in = known is not None and known.active
        refused = None
        if keep_window and not is_in:
            refused = admission.refusal(user_id=user_id, run=run, mode=mode, actor=actor, cause=cause)
        if refused is None:
            return _join(known or RunEnrollment(user=learner, course_run_id=run_id), known is None, mode, By(actor, cause))
    raise refused


def run_facts(run_id: int) -> RunFacts:
    """Raises RunNotFound."""
    for run in loading.runs(CourseRun.objects.filter(pk=run_id)):
        return run
    raise RunNotFound(run_id)


def join(user_id: int, run_id: int, mode: str, by: By) -> Enrolled[RunEnrollment]:
    """Enroll whoever may, under their lock."""
    known = _in_run(user_id, run_id)
    return _join(known or RunEnrollment(user_id=user_id, course_run_id=run_id), known is None, mode, by)


def _in_run(user_id: int, run_id: int) -> RunEnrollment | None:
    return RunEnrollment.objects.filter(user=user_id, course_run=run_id).first()


def _join(enrollment: Kind, is_new: bool, mode: str, by: By) -> Enrolled[Kind]:
    step = rules.enrolled(None if is_new else view_of(enrollment), mode)
    if step:
        (changes.begin if is_new else changes.keep)(enrollment, step, by)
    return Enrolled(enrollment, created=is_new, changed=step is not None)


@transaction.atomic
def enroll_in_program(
    *, user_id: int, program_id: int, mode: str = Mode.AUDIT, actor: int | None, cause: str, keep_window: bool = True
) -> Enrolled[ProgramEnrollment]:
    """As `enroll`, of a program. Raises ProgramNotFound and EnrollmentClosed."""
    locks.learner(user_id)
    program = Program.objects.filter(pk=program_id, b2b_only=False).first()
    if program is None or not program.live:
        raise ProgramNotFound(program_id)
    known = _in_program(user_id, program_id)
    window = rules.ProgramWindow(program.live, program.enrollment_start, program.enrollment_end)
    if keep_window and not (known and known.active) and not rules.program_takes_in(window, clock.now()):
        raise EnrollmentClosed(program.title)
    return join_program(user_id, program_id, mode, By(actor, cause))


def join_program(user_id: int, program_id: int, mode: str, by: By) -> Enrolled[ProgramEnrollment]:
    """Enroll whoever may, under their lock."""
    known = _in_program(user_id, program_id)
    return _join(known or ProgramEnrollment(user_id=user_id, program_id=program_id), known is None, mode, by)


def _in_program(user_id: int, program_id: int) -> ProgramEnrollment | None:
    return ProgramEnrollment.objects.filter(user=user_id, program=program_id).first()


# --- leaving


@transaction.atomic
def unenroll(*, user_id: int, run_id: int, actor: int | None, cause: str, reason: str = "") -> RunEnrollment:
    """Have somebody leave a run. Who bought it keeps the right to come back to the verified track; one that was given or drawn from a
    program's ends, and with it the track. Nothing happens to who has left. Raises NotEnrolled.
    """
    locks.learner(user_id)
    enrollment = _in_run(user_id, run_id)
    if enrollment is None:
        raise NotEnrolled
    standing = Entitlement.objects.filter(user=user_id, course_run=run_id, ended_on=None)
    step = rules.unenrolled(_is_so(enrollment), keeps_mode=standing.filter(line__isnull=False).exists())
    if step:
        standing.filter(line=None).update(ended_on=clock.now(), end_reason="unenrolled")
        changes.keep(enrollment, step, By(actor, cause, reason))
    return enrollment


def _is_so(enrollment: AnyEnrollment) -> rules.View:
    return rules.View(enrollment.active, enrollment.mode, enrollment.change_status)


@transaction.atomic
def unenroll_from_program(*, user_id: int, program_id: int, actor: int | None, cause: str, reason: str = "") -> ProgramEnrollment:
    """Have somebody leave a program; its runs they keep taking, and a right that staff gave waits for them. Raises NotEnrolled and ProgramPaid."""
    locks.learner(user_id)
    enrollment = _in_program(user_id, program_id)
    if enrollment is None:
        raise NotEnrolled
    step = rules.unenrolled(_is_so(enrollment), keeps_mode=True)
    if step:
        if Entitlement.objects.filter(user=user_id, program=program_id, ended_on=None, given_by=None).exists():
            raise ProgramPaid
        changes.keep(enrollment, step, By(actor, cause, reason))
    return enrollment


@transaction.atomic
def downgrade(*, enrollment: AnyEnrollment, kind: ChangeKind, actor: int | None, cause: str, reason: str) -> bool:
    """Move an enrollment to the audit track, as DOWNGRADED or REFUNDED; whether that changed anything. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    locks.learner(enrollment.user_id)
    enrollment.refresh_from_db()
    step = rules.lowered(_is_so(enrollment), kind)
    if step:
        changes.keep(enrollment, step, By(actor, cause, reason))
    return step is not None


# --- what the courseware has to do with it


@transaction.atomic
def set_emails(*, enrollment: RunEnrollment, subscribed: bool, actor: int | None) -> None:
    """Whether a course writes to its learner. No change of enrollment, so nothing in the ledger. Raises NotEnrolled for who has left."""
    locks.learner(enrollment.user_id)
    enrollment.refresh_from_db()
    if not enrollment.active:
        raise NotEnrolled
    if enrollment.emails_subscribed != subscribed:
        enrollment.emails_subscribed, enrollment.updated_on = subscribed, clock.now()
        enrollment.save(update_fields=["emails_subscribed", "updated_on"])
        publish(changes.SEATS, [str(enrollment.pk)])


def note_courseware(enrollment_id: int, confirmed: bool) -> None:
    """Whether the courseware has what is so here."""
    RunEnrollment.objects.filter(pk=enrollment_id).update(edx_enrolled=confirmed)


# --- programs that their courses have paid for


@transaction.atomic
def upgrade_program_enrollment(*, enrollment: ProgramEnrollment, cause: str) -> bool:
    """Move a program's enrollment to the verified track when all that it asks for is taken there; whether that changed anything.

    It gives no right to more courses: what else the program holds is bought, singly or with the program.
    """
    locks.learner(enrollment.user_id)
    enrollment.refresh_from_db()
    tree = loading.requirement_trees([enrollment.program_id])[enrollment.program_id]
    taken = RunEnrollment.objects.filter(user=enrollment.user_id, active=True, mode=Mode.VERIFIED)
    programs = ProgramEnrollment.objects.filter(user=enrollment.user_id, active=True, mode=Mode.VERIFIED)
    courses = frozenset(taken.values_list("course_run__course", flat=True))
    if not enrollment.active or not rules.is_verified_throughout(tree, courses, frozenset(programs.values_list("program", flat=True))):
        return False
    return _join(enrollment, False, Mode.VERIFIED, By(None, cause)).changed


def upgrade_program_enrollments(cause: str = "nightly upgrade of program enrollments") -> int:
    """Every audit enrollment in a program with a verified track, each in a transaction of its own. Gives how many changed."""
    waiting = ProgramEnrollment.objects.filter(active=True, mode=Mode.AUDIT, program__enrollment_modes__mode_slug=Mode.VERIFIED)
    return sum(upgrade_program_enrollment(enrollment=each, cause=cause) for each in waiting.iterator(chunk_size=500))
