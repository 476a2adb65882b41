"""Letting others read one's record, and taking that back."""

from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from corridor.accounts.models import User
from corridor.kit import audit, clock
from corridor.mitxonline.catalog.models import Program
from corridor.mitxonline.catalog.pages import absolute
from corridor.mitxonline.certificates import loading

from .addresses import shared_path
from .errors import SchoolNotFound, ShareNotFound
from .models import PartnerSchoolProgram, RecordShare


@transaction.atomic
def share(*, user: User, program: Program, school_id: int | None = None) -> RecordShare:
    """Give a school, or without one whoever has the link, leave to read. A school gets a letter, once. Raises SchoolNotFound."""
    taken = _taken(program, school_id)
    row, is_new = RecordShare.objects.get_or_create(user=user, program=program, partner_school_id=school_id, is_active=True)
    if is_new:
        _record(row, user, "record.shared")
        if taken:
            _tell(row, taken.email)
    return row


def _taken(program: Program, school_id: int | None) -> PartnerSchoolProgram | None:
    if school_id is None:
        return None
    found = PartnerSchoolProgram.objects.filter(program=program, school=school_id, school__is_active=True).first()
    if found is None:
        raise SchoolNotFound
    return found


def _tell(row: RecordShare, address: str) -> None:
    learner = loading.names([row.user_id])[row.user_id]
    told = {"learner": learner, "program": row.program, "address": absolute(shared_path(row.uuid))}
    subject = " ".join(f"Learner record of {learner}: {row.program.title}".split())
    send_mail(subject, render_to_string("mitxonline/letters/record.txt", told), None, [address])


@transaction.atomic
def take_back_links(*, user: User, program: Program) -> int:
    """No public link of this record works any more; schools keep theirs. Gives how many there were."""
    return _end(user, list(RecordShare.objects.select_for_update().filter(user=user, program=program, partner_school=None, is_active=True)))


@transaction.atomic
def take_back(*, user: User, share: UUID) -> None:
    """One link, a school's too. Raises ShareNotFound."""
    if not _end(user, list(RecordShare.objects.select_for_update().filter(user=user, uuid=share, is_active=True))):
        raise ShareNotFound


def _end(user: User, rows: list[RecordShare]) -> int:
    for row in rows:
        row.is_active, row.updated_on = False, clock.now()
        row.save(update_fields=["is_active", "updated_on"])
        _record(row, user, "record.taken_back")
    return len(rows)


def _record(row: RecordShare, user: User, code: str) -> None:
    after = {"program": row.program_id, "school": row.partner_school_id}
    audit.record(about=user.pk, actor=user.pk, code=code, cause="learner", object=("record share", row.uuid), after=after)
