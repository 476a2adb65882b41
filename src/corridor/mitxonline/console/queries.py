"""What pages of the registrar read that no other domain has a question for. Each is a constant number of queries."""

from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from corridor.accounts.models import User
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade
from corridor.mitxonline.certificates.queries import due
from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.enrollments.models import Entitlement, ProgramEnrollment, RunEnrollment
from corridor.web.console.errors import NoSuchThing


def learners(text: str = "") -> QuerySet[User]:
    """People by words of their name, e-mail or username, or by the number of an order of theirs."""
    people = User.objects.annotate(
        runs=Coalesce(_counted(RunEnrollment.objects.filter(user=OuterRef("pk"), active=True), "user"), 0),
        bought=Coalesce(_counted(Order.objects.filter(purchaser=OuterRef("pk")).exclude(fulfilled_on=None), "purchaser"), 0),
    )
    if not text:
        return people
    called = Q(name__icontains=text) | Q(email__icontains=text) | Q(username__icontains=text)
    return people.filter(called | Q(pk__in=Order.objects.filter(reference_number__iexact=text).values("purchaser")))


def _counted(rows: "QuerySet[RunEnrollment] | QuerySet[Order]", owner: str) -> Subquery:
    return Subquery(rows.order_by().values(owner).annotate(number=Count("pk")).values("number"))


def learner(pk: int) -> User:
    """Raises NoSuchThing."""
    if found := User.objects.select_related("legal_address", "openedx_user").filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such learner.")


def runs_of(user_id: int) -> QuerySet[RunEnrollment]:
    """What a learner takes or took, with grade, right and certificate by annotations. One query."""
    same = {"user": OuterRef("user"), "course_run": OuterRef("course_run")}
    return (
        RunEnrollment.objects.filter(user=user_id)
        .select_related("course_run__course", "seat")
        .annotate(
            marks=Subquery(CourseRunGrade.objects.filter(**same).values("grade")[:1]),
            right=Subquery(Entitlement.objects.filter(**same, ended_on=None).values("pk")[:1]),
            certificate=Subquery(Certificate.objects.filter(**same, is_revoked=False).values("uuid")[:1]),
        )
        .order_by("-id")
    )


def programs_of(user_id: int) -> QuerySet[ProgramEnrollment]:
    same = {"user": OuterRef("user"), "program": OuterRef("program")}
    return (
        ProgramEnrollment.objects.filter(user=user_id)
        .select_related("program")
        .annotate(
            right=Subquery(Entitlement.objects.filter(**same, ended_on=None).values("pk")[:1]),
            certificate=Subquery(Certificate.objects.filter(**same, is_revoked=False).values("uuid")[:1]),
        )
        .order_by("-id")
    )


def enrollment(pk: int) -> RunEnrollment:
    """Raises NoSuchThing."""
    if found := RunEnrollment.objects.select_related("user", "course_run").filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such enrollment.")


def program_enrollment(pk: int) -> ProgramEnrollment:
    """Raises NoSuchThing."""
    if found := ProgramEnrollment.objects.select_related("user", "program").filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such enrollment.")


@dataclass(frozen=True)
class Due:
    """A certificate that is due, with names."""

    learner: User
    kind: str
    id: int
    title: str
    key: str


def certificates_due(limit: int = 200) -> list[Due]:
    """Set-wise: the number of queries does not grow with what is due."""
    rows = list(islice(due(), limit))
    people = User.objects.in_bulk({row.user_id for row in rows})
    runs = CourseRun.objects.in_bulk({row.id for row in rows if row.kind == "course"})
    programs = Program.objects.in_bulk({row.id for row in rows if row.kind == "program"})
    named = {
        **{("course", id): (run.title, run.courseware_id) for id, run in runs.items()},
        **{("program", id): (program.title, program.readable_id) for id, program in programs.items()},
    }
    return [Due(people[row.user_id], row.kind, row.id, *named[row.kind, row.id]) for row in rows]
