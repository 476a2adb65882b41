"""Reads of certificates, and of what stands between a learner and one."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from corridor.kit import clock
from corridor.mitxonline.catalog import requirements
from corridor.mitxonline.catalog.models import Course, CourseRun, Program
from corridor.mitxonline.catalog.vocabulary import Mode
from corridor.mitxonline.enrollments.models import RunEnrollment

from . import loading, telling
from .errors import CertificateNotFound, CredentialNotFound
from .loading import Pair
from .models import Certificate, CourseRunGrade, Credential
from .rules import Asked, Why, evaluate, of_program, of_run
from .snapshots import Kind
from .status_list import SIZE
from .telling import Names, Told

LOOK_BACK = timedelta(days=31)
OF_KIND = {"course": Q(course_run__isnull=False), "program": Q(program__isnull=False)}


def certificate(uuid: UUID, kind: Kind) -> Certificate:
    """Open to everybody who has the address, revoked ones too. Raises CertificateNotFound."""
    rows = Certificate.objects.filter(OF_KIND[kind], uuid=uuid).select_related("credential", "replaced_by", "user")
    found = rows.first()
    if found is None:
        raise CertificateNotFound(uuid)
    return found


def credential(id: UUID, kind: Kind) -> Credential:
    """By its own number or its certificate's. Raises CredentialNotFound."""
    rows = Credential.objects.filter(Q(id=id) | Q(certificate__uuid=id)).select_related("certificate")
    found = rows.filter(certificate__course_run__isnull=kind == "program").first()
    if found is None:
        raise CredentialNotFound("credential", id)
    return found


def revoked_in(list_number: int) -> list[int]:
    """The bits of a status list that are set. Raises CredentialNotFound for a list that no certificate names."""
    first = list_number * SIZE
    here = Certificate.objects.filter(id__gte=first, id__lt=first + SIZE)
    if not here.exists():
        raise CredentialNotFound("status list", list_number)
    return [id - first for id in here.filter(is_revoked=True).order_by("id").values_list("id", flat=True)]


# --- who is due


def candidates_in_runs(now: datetime, *, window: timedelta | None = None) -> list[Pair]:
    """People who passed a run on its verified track and never had its certificate. With a `window`: of runs whose date is no older."""
    runs = CourseRun.objects.filter(variant_length="", variant_industry="")
    if window:
        dated = Q(certificate_available_date=None) | Q(certificate_available_date__gt=now - window)
        runs = runs.filter(dated, live=True)
    same = {"user": OuterRef("user"), "course_run": OuterRef("course_run")}
    paid = RunEnrollment.objects.filter(**same, active=True, change_status=None, mode=Mode.VERIFIED)
    rows = CourseRunGrade.objects.filter(Exists(paid), ~Exists(Certificate.objects.filter(**same)), passed=True, course_run__in=runs)
    return list(rows.order_by("id").values_list("user", "course_run"))


def candidates_in_programs() -> list[Pair]:
    """People on the verified track of a program who passed something and never had its certificate."""
    same = {"user": OuterRef("user"), "program": OuterRef("program")}
    passed = CourseRunGrade.objects.filter(user=OuterRef("user"), passed=True)
    rows = loading.verified_in_programs().filter(Exists(passed), ~Exists(Certificate.objects.filter(**same)))
    return list(rows.order_by("id").values_list("user", "program"))


@dataclass(frozen=True)
class Due:
    """A certificate that somebody has earned and nobody has issued."""

    user_id: int
    kind: Kind
    id: int


def due() -> Iterator[Due]:
    """Everything that is due at this moment: what reconciliation reports."""
    now, pairs = clock.now(), candidates_in_runs(clock.now())
    runs = CourseRun.objects.in_bulk({run for _, run in pairs})
    for (user, run), standing in loading.standings(pairs).items():
        if of_run(loading.terms(runs[run]), standing, now) == Why.DUE:
            yield Due(user, "course", run)
    programs = candidates_in_programs()
    trees = loading.asked({program for _, program in programs})
    earned = loading.earned({user for user, _ in programs}, trees)
    for user, program in programs:
        if evaluate(program, trees, earned[user]).met:
            yield Due(user, "program", program)


# --- why


@dataclass(frozen=True)
class Explained:
    """Why a learner has or has not a certificate: a sentence, and for a program where each requirement stands."""

    why: Why
    sentence: str
    requirements: Sequence[Told] = ()
    certificate: Certificate | None = None


def why_run(user_id: int, run: CourseRun) -> Explained:
    pair = (user_id, run.pk)
    standing = loading.standings([pair])[pair]
    terms = loading.terms(run)
    why = of_run(terms, standing, clock.now())
    return Explained(why, telling.certificate_of_run(why, terms), certificate=_standing_certificate(user_id, course_run=run.pk))


def why_program(user_id: int, program: Program) -> Explained:
    return why_programs(user_id, [program.pk])[program.pk]


def why_programs(user_id: int, ids: Collection[int]) -> dict[int, Explained]:
    """Of many programs, in as many queries as of one."""
    trees = loading.asked(ids)
    earned, names = loading.earned([user_id], trees)[user_id], _names(trees)
    verified = set(loading.verified_in_programs().filter(user=user_id, program__in=ids).values_list("program", flat=True))
    certificates = list(Certificate.objects.filter(user=user_id, program__in=ids))
    standing = {each.program_id: each for each in certificates if not each.is_revoked}
    revoked = {each.program_id for each in certificates if each.is_revoked}
    explained = {}
    for id in ids:
        verdict = evaluate(id, trees, earned)
        why = of_program(verdict, is_verified=id in verified, holds=id in earned.programs, was_revoked=id in revoked)
        told = telling.requirements(verdict.parts, names)
        explained[id] = Explained(why, telling.certificate_of_program(why, verdict), told, standing.get(id))
    return explained


def _standing_certificate(user_id: int, **of: int) -> Certificate | None:
    return Certificate.objects.filter(user=user_id, is_revoked=False, **of).first()


def _names(trees: dict[int, Asked]) -> Names:
    nodes = [node for each in trees.values() for node in requirements.walk(each.tree)]
    courses = {node.course for node in nodes if node.course is not None}
    runs = CourseRun.objects.filter(course__in=courses).values_list("courseware_id", "title", "run_tag")
    return Names(
        courses=dict(Course.objects.filter(id__in=courses).values_list("id", "title")),
        programs=dict(Program.objects.filter(id__in=trees).values_list("id", "title")),
        runs={key: f"{title} ({tag})" for key, title, tag in runs},
    )
