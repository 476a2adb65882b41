"""Learners who move to another run of their course: a row names who, from where, to where and who agreed."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from corridor.accounts.models import User
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.enrollments.deferrals import defer
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.enrollments.vocabulary import ChangeStatus

from . import rows
from .errors import RowRefused
from .rows import Outcome, Row, Told

FROM, TO = "FROM: course run id", "TO: course run id"
COLUMNS = ("Learner Email", "Zendesk Ticket", "Deferral Approved By", FROM, TO, "Deferral Complete Date", "Ignore?")
MAY = "mitxonline.change_runenrollment"


def make_deferrals(file: Path, *, by: str, apply: bool) -> Sequence[Told]:
    """Defer whom a sheet names, once however often it is read. Raises SheetUnreadable and NotStaff."""
    actor = rows.staff(by, MAY)
    return rows.work(rows.read(file, COLUMNS), partial(_defer, actor=actor), apply=apply)


def _defer(row: Row, *, actor: User) -> Told:
    if row["Ignore?"].upper() == "TRUE" or row["Deferral Complete Date"]:
        return Told(row.line, Outcome.BEFORE, f"{row['Learner Email']}: passed over, as the sheet says.")
    learner, old, new = _learner(row.needed("Learner Email")), _run(row.needed(FROM)), _run(row.needed(TO))
    moved = f"{learner.email}: from {old.courseware_id} to {new.courseware_id}"
    before = _is_deferred(learner, old)
    reason = f"Ticket {row['Zendesk Ticket'] or 'without number'}, approved by {row.needed('Deferral Approved By')}"
    defer(user_id=learner.pk, from_run=old.pk, to_run=new.pk, actor=actor.pk, reason=reason)
    return Told(row.line, Outcome.BEFORE, f"{moved} before.") if before else Told(row.line, Outcome.DONE, f"{moved}.")


def _is_deferred(learner: User, run: CourseRun) -> bool:
    return RunEnrollment.objects.filter(user=learner, course_run=run, change_status=ChangeStatus.DEFERRED).exists()


def _learner(email: str) -> User:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise RowRefused(f"Nobody here has the address {email}.")
    return person


def _run(key: str) -> CourseRun:
    if key.startswith("program-"):
        raise RowRefused(f"{key} is a program. Defer its runs one by one.")
    run = CourseRun.objects.filter(courseware_id=key).first()
    if run is None:
        raise RowRefused(f"There is no run {key}.")
    return run
