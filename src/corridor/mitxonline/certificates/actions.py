"""Giving grades and the certificates that follow from them; revoking certificates and issuing them anew.

Each action holds the learner, as those of enrollment do: two courses that are passed at once and complete a program together see one
another, and nobody leaves the verified track while a certificate is made.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from corridor.accounts.models import User
from corridor.kit import audit, clock
from corridor.mitxonline.catalog.models import CourseRun

from . import issuing, loading
from .errors import AlreadyReplaced, AlreadyRevoked, CertificateNotFound, GradeRefused, NotYours, ReasonMissing
from .loading import Pair
from .models import Certificate, CourseRunGrade, Credential, GradeChange
from .rules import Asked, Why, evaluate, of_program, of_run

BATCH = 500
LETTERS = ("A", "B", "C", "D", "E", "F")


@dataclass(frozen=True)
class Recorded:
    """What came of a grade. `kept`: staff set it, so the courseware's was not taken."""

    grade: CourseRunGrade
    changed: bool
    kept: bool = False
    issued: Sequence[Certificate] = field(default_factory=tuple)


@transaction.atomic
def record_grade(
    *, user_id: int, run_id: int, grade: Decimal | float | str, letter: str, passed: bool, cause: str, forced: bool = False
) -> Recorded:
    """Take a grade from the courseware, and issue the certificates that are due with it. `forced` passes over the run's date.

    A grade never takes a certificate away. Raises GradeRefused for what is no share.
    """
    row, is_new = _grade(user_id, run_id)
    changed = not row.set_by_admin and _put(row, share(grade), letter, passed, actor=None, cause=cause, is_new=is_new)
    issued = issue_due([(user_id, run_id)], actor=None, cause=cause, forced=forced)
    return Recorded(row, changed, kept=row.set_by_admin, issued=tuple(issued))


@transaction.atomic
def override_grade(
    *, actor: User, user_id: int, run_id: int, grade: Decimal | float | str, letter: str, passed: bool, reason: str
) -> Recorded:
    """Set a grade that the courseware no longer changes. Raises NotYours, ReasonMissing and GradeRefused."""
    _check(actor, "mitxonline.change_courserungrade", "grades", reason)
    if letter not in LETTERS:
        raise GradeRefused(f"A letter is one of {', '.join(LETTERS)}.")
    row, is_new = _grade(user_id, run_id)
    row.set_by_admin = True
    _put(row, share(grade), letter, passed, actor=actor.pk, cause=reason, is_new=is_new)
    issued = issue_due([(user_id, run_id)], actor=actor.pk, cause=reason)
    return Recorded(row, changed=True, issued=tuple(issued))


def share(grade: Decimal | float | str) -> Decimal:
    """A grade as the tables keep it. Raises GradeRefused."""
    try:
        found = Decimal(str(grade)).quantize(Decimal("0.0001"))
        if 0 <= found <= 1:
            return found
    except InvalidOperation:  # no number, or one that cannot be compared
        pass
    raise GradeRefused(f"A grade is a number from 0 to 1, not {str(grade)[:40]}.")


def _grade(user_id: int, run_id: int) -> tuple[CourseRunGrade, bool]:
    """The grade, its learner held until the end of the transaction; a new one with nothing reached."""
    _hold([user_id])
    return CourseRunGrade.objects.get_or_create(user_id=user_id, course_run_id=run_id, defaults={"grade": 0})


def _hold(people: Collection[int]) -> None:
    """By number, so that two who hold several do not wait for one another."""
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))


def _put(row: CourseRunGrade, grade: Decimal, letter: str, passed: bool, *, actor: int | None, cause: str, is_new: bool) -> bool:
    """Write and log it. Gives whether anything is otherwise than before."""
    before = None if is_new else marks(row)
    row.grade, row.letter_grade, row.passed = grade, letter, passed
    if marks(row) == before:
        return False
    row.updated_on = clock.now()
    row.save()
    GradeChange.objects.create(
        of=row, grade=grade, letter_grade=letter, passed=passed, set_by_admin=row.set_by_admin, actor_id=actor, cause=cause[:200]
    )
    code = "grade.set" if actor else "grade.recorded"
    audit.record(about=row.user_id, actor=actor, code=code, cause=cause, object=("grade", row.pk), before=before, after=marks(row))
    return True


def marks(row: CourseRunGrade) -> dict[str, object]:
    told = {"grade": str(Decimal(row.grade).quantize(Decimal("0.0001"))), "letter": row.letter_grade, "passed": row.passed}
    return {**told, "run": row.course_run_id, "set_by_staff": row.set_by_admin}


# --- what is due


@transaction.atomic
def issue_due(pairs: Collection[Pair], *, actor: int | None, cause: str, forced: bool = False) -> list[Certificate]:
    """Issue the certificates of runs that these people have earned, and those of programs that are complete with them."""
    _hold({user for user, _ in pairs})
    now, runs = clock.now(), CourseRun.objects.in_bulk({run for _, run in pairs})
    found = loading.standings(pairs)
    due = [pair for pair, standing in found.items() if of_run(loading.terms(runs[pair[1]]), standing, now, forced=forced) == Why.DUE]
    issued = issuing.issue_for_runs(due, actor=actor, cause=cause)
    passed = [pair for pair in found if pair in due or found[pair].passed]
    courses = {runs[run].course_id for _, run in passed}
    return issued + _complete({user for user, _ in passed}, loading.programs_above(courses), actor=actor, cause=cause)


@transaction.atomic
def issue_due_programs(pairs: Collection[Pair], *, actor: int | None, cause: str) -> list[Certificate]:
    """Issue the certificates of programs that these people have completed, and those of programs around them."""
    _hold({user for user, _ in pairs})
    programs = {program for _, program in pairs}
    above = programs | loading.programs_above((), programs)
    return _complete({user for user, _ in pairs}, above, actor=actor, cause=cause)


def _complete(people: Collection[int], programs: Collection[int], *, actor: int | None, cause: str) -> list[Certificate]:
    """Programs within first: what they give may complete those around them."""
    rows = loading.verified_in_programs().filter(user__in=people, program__in=programs)
    enrolled = set(rows.values_list("user", "program"))
    trees = loading.asked({program for _, program in enrolled}) if enrolled else {}
    issued: list[Certificate] = []
    while due := _due(enrolled, trees):
        issued += issuing.issue_for_programs(sorted(due), actor=actor, cause=cause)
        enrolled -= due
    return issued


def _due(enrolled: Collection[Pair], trees: Mapping[int, Asked]) -> set[Pair]:
    people = {user for user, _ in enrolled}
    revoked = set(Certificate.objects.filter(user__in=people, is_revoked=True).exclude(program=None).values_list("user", "program"))
    earned = loading.earned(people, trees) if people else {}
    return {
        (user, id)
        for user, id in enrolled
        if of_program(
            evaluate(id, trees, earned[user]), is_verified=True, holds=id in earned[user].programs, was_revoked=(user, id) in revoked
        )
        == Why.DUE
    }


# --- taking back, and giving anew


@transaction.atomic
def revoke(*, actor: User, certificate: UUID, reason: str) -> Certificate:
    """Take a certificate back, for good: no job gives it again. Raises CertificateNotFound, AlreadyRevoked, NotYours and ReasonMissing."""
    _check(actor, "mitxonline.change_certificate", "certificates", reason)
    row = _held(certificate)
    if row.is_revoked:
        raise AlreadyRevoked
    return _revoke(row, actor=actor.pk, reason=reason)


@transaction.atomic
def reissue(*, actor: User, certificate: UUID, reason: str) -> Certificate:
    """Give another in place of this one, which stays revoked and points on. What it says is as of today; its address is new."""
    _check(actor, "mitxonline.change_certificate", "certificates", reason)
    old = _held(certificate)
    if Certificate.objects.filter(replaces=old).exists() or _others_of(old).filter(is_revoked=False).exists():
        raise AlreadyReplaced
    if not old.is_revoked:
        _revoke(old, actor=actor.pk, reason=reason)
    return issuing.again(old, actor=actor.pk, cause=reason)


def _held(certificate: UUID) -> Certificate:
    row = Certificate.objects.filter(uuid=certificate).first()
    if row is None:
        raise CertificateNotFound(certificate)
    _hold([row.user_id])
    row.refresh_from_db()
    return row


def _others_of(row: Certificate) -> QuerySet[Certificate]:
    same = Certificate.objects.filter(user=row.user_id, course_run=row.course_run_id, program=row.program_id)
    return same.exclude(pk=row.pk)


def _revoke(row: Certificate, *, actor: int, reason: str) -> Certificate:
    row.is_revoked, row.revoked_on, row.revoked_by_id, row.revoked_because = True, clock.now(), actor, reason
    row.save(update_fields=["is_revoked", "revoked_on", "revoked_by", "revoked_because"])
    audit.record(
        about=row.user_id, actor=actor, code="certificate.revoked", cause=reason, object=("certificate", row.uuid),
        before={"is_revoked": False}, after={"is_revoked": True},
    )  # fmt: skip
    return row


def _check(actor: User, permission: str, what: str, reason: str) -> None:
    if not actor.has_perm(permission):
        raise NotYours(what)
    if not reason.strip():
        raise ReasonMissing


# --- credentials


@transaction.atomic
def sign_missing() -> int:
    """Sign certificates that were issued while there was no key. Gives how many."""
    unsigned = ~Exists(Credential.objects.filter(certificate=OuterRef("pk")))
    rows = Certificate.objects.filter(unsigned, is_revoked=False).exclude(_unwanted()).order_by("pk")
    return issuing.sign(list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH]))


def _unwanted() -> Q:
    """Certificates that staff want unsigned."""
    of_course = Q(course_run__course__certificate_template__provisions_credential=False)
    return of_course | Q(program__certificate_template__provisions_credential=False)
