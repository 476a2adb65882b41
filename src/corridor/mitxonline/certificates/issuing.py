"""Making certificates: the row with its snapshot, the credential, the entry of the audit and the letter, in the caller's transaction."""

from collections.abc import Collection, Mapping

from django.core.mail import send_mail
from django.template.loader import render_to_string

from corridor.accounts.models import User
from corridor.kit import audit, clock
from corridor.mitxonline.catalog.models import CourseRun
from corridor.mitxonline.catalog.pages import absolute

from . import credentials, loading, proofs, snapshots, status_list
from .addresses import certificate_path, status_path
from .keys import issuer_key
from .loading import Pair
from .models import Certificate, Credential
from .snapshots import Snapshot


def issue_for_runs(pairs: Collection[Pair], *, actor: int | None, cause: str) -> list[Certificate]:
    """For people who have earned them and hold none. Gives what was issued."""
    if not pairs:
        return []
    said = loading.run_snapshots(pairs)
    courses = dict(CourseRun.objects.filter(id__in={run for _, run in pairs}).values_list("id", "course"))
    unsigned = loading.without_credential("course", set(courses.values()))
    now = clock.now()
    rows = [Certificate(user_id=user, course_run_id=run, issue_date=now, snapshot=said[user, run].told()) for user, run in pairs]
    return _issue(rows, signed={run for run, course in courses.items() if course not in unsigned}, actor=actor, cause=cause)


def issue_for_programs(pairs: Collection[Pair], *, actor: int | None, cause: str) -> list[Certificate]:
    if not pairs:
        return []
    said, programs, now = loading.program_snapshots(pairs), {program for _, program in pairs}, clock.now()
    unsigned = loading.without_credential("program", programs)
    rows = [Certificate(user_id=user, program_id=id, issue_date=now, snapshot=said[user, id].told()) for user, id in pairs]
    return _issue(rows, signed=programs - unsigned, actor=actor, cause=cause)


def _issue(rows: list[Certificate], *, signed: Collection[int], actor: int | None, cause: str) -> list[Certificate]:
    issued = Certificate.objects.bulk_create(rows)
    sign([row for row in issued if (row.course_run_id or row.program_id) in signed])
    people = User.objects.in_bulk({row.user_id for row in issued})
    for row in issued:
        tell(row, people[row.user_id])
        after = {"of": row.snapshot["readable_id"], "name": row.snapshot["learner"], "replaces": row.replaces_id}
        audit.record(about=row.user_id, actor=actor, code="certificate.issued", cause=cause, object=("certificate", row.uuid), after=after)
    return issued


def again(old: Certificate, *, actor: int, cause: str) -> Certificate:
    """Issue what took the place of another, with a name and words of today."""
    run, program = old.course_run_id, old.program_id
    if run is not None:
        said: Mapping[Pair, Snapshot] = loading.run_snapshots([(old.user_id, run)])
        unsigned = loading.without_credential("course", [CourseRun.objects.values_list("course", flat=True).get(id=run)])
    else:
        said = loading.program_snapshots([(old.user_id, program or 0)])
        unsigned = loading.without_credential("program", [program or 0])
    [snapshot] = said.values()
    row = Certificate(
        user_id=old.user_id, course_run_id=run, program_id=program, issue_date=clock.now(), snapshot=snapshot.told(), replaces=old
    )
    return _issue([row], signed=() if unsigned else [run or program or 0], actor=actor, cause=cause)[0]


def sign(rows: Collection[Certificate]) -> int:
    """Make their credentials, as far as there is a key. Gives how many."""
    key = issuer_key()
    if key is None:
        return 0
    now = clock.now()
    made = [Credential(certificate=row, document=proofs.signed(_document(row, proofs.did_of(key)), key, now)) for row in rows]
    return len(Credential.objects.bulk_create(made))


def _document(row: Certificate, issuer: str) -> proofs.Json:
    address = absolute(status_path(status_list.place(row.pk)[0]))
    said = snapshots.read(row.snapshot)
    return credentials.document(row.uuid, row.pk, said, issued=row.issue_date, issuer=issuer, status_address=address)


def tell(row: Certificate, person: User) -> None:
    """The letter to the learner, handed over after the commit."""
    if not person.email:
        return
    said = snapshots.read(row.snapshot)
    context = {"said": said, "address": absolute(certificate_path(row)), "replaces": row.replaces_id is not None}
    text = render_to_string("mitxonline/letters/certificate.txt", context)
    send_mail(" ".join(f"Your certificate: {said.product_name}".split()), text, None, [person.email])
