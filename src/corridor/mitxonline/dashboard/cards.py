"""The cards of the dashboard: what somebody takes, in words and with what can be done about it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from corridor.mitxonline.catalog import telling
from corridor.mitxonline.catalog.facts import Json
from corridor.mitxonline.catalog.vocabulary import Mode
from corridor.mitxonline.certificates.addresses import certificate_path
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade
from corridor.mitxonline.certificates.queries import Explained
from corridor.mitxonline.enrollments.queries import Taken, TakenProgram
from corridor.mitxonline.enrollments.vocabulary import ChangeStatus
from corridor.mitxonline.openedx.queries import Where
from corridor.mitxonline.openedx.vocabulary import Standing

TRACKS: dict[str, str] = {Mode.AUDIT: "Free track", Mode.VERIFIED: "Verified track"}
STATES: dict[str, str] = {
    ChangeStatus.REFUNDED: "Your money was given back; you keep the free track.",
    ChangeStatus.DEFERRED: "You moved to another run; this one stays open on the free track.",
}


@dataclass(frozen=True)
class Upgrade:
    """The verified track, while it can be had: for money, or for nothing by way of a program that was bought."""

    price: str
    until: str
    product: int | None
    run: int


@dataclass(frozen=True)
class Card:
    id: int
    title: str
    tag: str
    path: str
    dates: str
    track: str
    state: str
    is_over: bool
    grade: str
    certificate: str
    upgrade: Upgrade | None
    courseware: str | None
    where: Where
    emails: bool


def card(taken: Taken, run: Json, where: Where, *, paid_for: bool, now: datetime) -> Card:
    """`paid_for`: by a program."""
    enrollment, ready = taken.enrollment, where.standing == Standing.DELIVERED
    return Card(
        id=enrollment.pk,
        title=run["title"],
        tag=run["run_tag"],
        path=f"/mitxonline/courses/{enrollment.course_run.course.readable_id}/",
        dates=telling.dates(run, now),
        track=TRACKS[enrollment.mode],
        state=STATES.get(enrollment.change_status or "", ""),
        is_over=telling.is_over(run, now),
        grade=grade(taken.grade),
        certificate=path_of(taken.certificate),
        upgrade=upgrade(run, paid_for=paid_for) if enrollment.mode == Mode.AUDIT else None,
        courseware=run["courseware_url"] if ready else None,
        where=where,
        emails=enrollment.emails_subscribed,
    )


def upgrade(run: Json, *, paid_for: bool) -> Upgrade | None:
    sold = telling.product(run)
    if not sold or not run["is_upgradable"]:
        return None
    until = telling.day(run["upgrade_deadline"]) if run["upgrade_deadline"] else ""
    return Upgrade("" if paid_for else telling.money(sold["price"]), until, None if paid_for else sold["id"], run["id"])


def grade(found: CourseRunGrade | None) -> str:
    """`88 % (B), passed`."""
    if found is None:
        return ""
    letter = f" ({found.letter_grade})" if found.letter_grade else ""
    return f"{found.grade * 100:.0f} %{letter}, {'passed' if found.passed else 'not passed yet'}"


def path_of(found: Certificate | None) -> str:
    return certificate_path(found) if found else ""


@dataclass(frozen=True)
class ProgramCard:
    id: int
    title: str
    path: str
    record: str
    track: str
    is_verified: bool
    certificate: str
    why: Explained


def program_card(taken: TakenProgram, why: Explained) -> ProgramCard:
    program = taken.enrollment.program
    return ProgramCard(
        id=program.pk,
        title=program.title,
        path=f"/mitxonline/programs/{program.readable_id}/",
        record=f"/mitxonline/records/{program.readable_id}/",
        track=TRACKS[taken.enrollment.mode],
        is_verified=taken.enrollment.mode == Mode.VERIFIED,
        certificate=path_of(taken.certificate),
        why=why,
    )
