"""Learners: who is found, what their timeline tells, and what staff do to their enrollments."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from corridor.accounts.models import User
from corridor.kit.audit.models import AuditEntry
from corridor.kit.outbox.models import OutboxEvent
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade
from corridor.mitxonline.console.strands import STRANDS
from corridor.mitxonline.console.timeline import SIZE, timeline
from corridor.mitxonline.enrollments.actions import enroll, set_emails, unenroll
from corridor.mitxonline.enrollments.changes import SEATS
from corridor.mitxonline.enrollments.models import EnrollmentChange, Entitlement, RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_learner
from tests.fixtures.queries import CountQueries

from .cast import World

pytestmark = pytest.mark.django_db


def text(client: Client, name: str, asked: str = "", **named: object) -> str:
    answer = client.get(reverse(f"registrar:{name}", kwargs=named) + asked)
    assert answer.status_code == 200
    return answer.content.decode()


def do(client: Client, name: str, sent: dict[str, object] | None = None, **named: object) -> str:
    """Send a form. Gives what staff are told: the message, or the page with what is wrong."""
    answer = client.post(reverse(f"registrar:{name}", kwargs=named), {"reason": "A letter of theirs", **(sent or {})})
    if answer.status_code == 200:
        return answer.content.decode()
    assert answer.status_code == 302
    *_, said = get_messages(answer.wsgi_request)
    return str(said).strip()


def newest_change(enrollment: RunEnrollment) -> tuple[str, str, str, str]:
    change = EnrollmentChange.objects.filter(run_enrollment=enrollment).latest("number")
    assert change.actor
    return change.kind, change.actor.username, change.cause, change.reason


@pytest.mark.parametrize("asked", ["ada@", "ADA@EXAMPLE", "reference"])
def test_learners_are_found_by_what_staff_know(client: Client, world: World, asked: str) -> None:
    a_learner("bob@example.org")
    page = text(client, "learners", f"?q={world.order.reference_number if asked == 'reference' else asked}")
    assert world.ada.email in page
    assert "bob@example.org" not in page
    assert "No learners match" in text(client, "learners", "?q=nobody")


def test_the_timeline_tells_everything_with_who_and_why(client: Client, world: World, registrar: User) -> None:
    do(client, "unenroll", pk=world.enrollment.pk)
    page = text(client, "learner", pk=world.ada.pk)
    for told in (
        f"Enrolled: {world.run.courseware_id}",
        f"Unenrolled: {world.run.courseware_id}",
        "active: True → False",
        "A letter of theirs",
        registrar.username,
        f"Order {world.order.reference_number} of $79.20",
        "Payment of $79.20",
        "CyberSource T1",
        "Code LANTERN",
        "I moved to the mountains.",
        "The payer disputes it.",
        "Grade 91%",
        "Certificate of",
        "no such course there",
        "An order&#x27;s state is not what the ledger makes of it",
    ):
        assert told in page, told


def test_every_strand_of_the_timeline_is_told_and_the_newest_first(world: World) -> None:
    page = timeline(world.ada.pk)
    times = [entry.at for entry in page.entries]
    assert times == sorted(times, reverse=True)
    assert page.count == len(page.entries)
    told = {entry.label for entry in page.entries}
    never = {"Audit", "Refund"} - told
    assert told == {strand.label for strand in STRANDS.values()} - never


def test_the_timeline_is_narrowed_and_paged(client: Client, world: World) -> None:
    for _ in range(SIZE):
        enroll(user_id=world.ada.pk, run_id=world.other_run.pk, actor=None, cause="x")
        unenroll(user_id=world.ada.pk, run_id=world.other_run.pk, actor=None, cause="x")
    first, second = (timeline(world.ada.pk, only=["Enrollment"], number=number) for number in (1, 2))
    assert len(first.entries) == SIZE
    assert first.following == 2
    assert second.previous == 1
    assert not second.following or len(second.entries) == SIZE
    assert not {entry.told.what for entry in first.entries} - {
        entry.told.what for entry in timeline(world.ada.pk, only=["Enrollment"]).entries
    }
    assert "Payment of" not in text(client, "learner", "?only=Enrollment", pk=world.ada.pk)
    assert 'rel="prev"' in text(client, "learner", "?only=Enrollment&p=2", pk=world.ada.pk)
    text(client, "learner", "?only=nothing&p=99999999999", pk=world.ada.pk)


def test_a_longer_history_takes_no_more_queries(client: Client, world: World, count_queries: CountQueries) -> None:
    client.get(reverse("registrar:learners"))
    with count_queries("registrar: learner"):
        text(client, "learner", pk=world.ada.pk)
    enrollment = enroll(user_id=world.ada.pk, run_id=world.other_run.pk, actor=None, cause="x").enrollment
    set_emails(enrollment=enrollment, subscribed=False, actor=None)
    with count_queries("registrar: learner"):
        text(client, "learner", pk=world.ada.pk)
    with count_queries("registrar: learners"):
        text(client, "learners", "?q=ada")


def test_staff_enroll_with_a_reason(client: Client, world: World) -> None:
    bob = a_learner("bob@example.org")
    said = do(client, "enroll", {"readable_id": world.run.courseware_id}, pk=bob.pk)
    assert f"is enrolled in {world.run.title}" in said
    assert newest_change(RunEnrollment.objects.get(user=bob))[:3] == ("enrolled", "registrar", "staff")
    assert AuditEntry.objects.get(about=bob, code="enrollment.made").cause == "A letter of theirs"
    assert "is enrolled in" in do(client, "enroll", {"readable_id": world.run.courseware_id}, pk=bob.pk)
    assert "already" in do(client, "enroll", {"readable_id": world.run.courseware_id}, pk=bob.pk)
    assert "There is no course run or program LN.404x" in do(client, "enroll", {"readable_id": "LN.404x"}, pk=bob.pk)


def test_staff_give_the_verified_track(client: Client, world: World, registrar: User) -> None:
    bob = a_learner("bob@example.org")
    do(client, "grant", {"readable_id": world.run.courseware_id}, pk=bob.pk)
    assert Entitlement.objects.get(user=bob).given_by == registrar
    assert RunEnrollment.objects.get(user=bob).mode == "verified"
    assert "has been bought already" in do(client, "grant", {"readable_id": world.run.courseware_id}, pk=bob.pk)


def test_staff_unenroll_and_the_ledger_says_who_and_why(client: Client, world: World) -> None:
    assert "has left" in do(client, "unenroll", pk=world.enrollment.pk)
    assert newest_change(world.enrollment) == ("unenrolled", "registrar", "staff", "A letter of theirs")
    assert "has left" in do(client, "unenroll_program", pk=world.program_enrollment.pk)
    world.program_enrollment.refresh_from_db()
    assert not world.program_enrollment.active


def test_what_was_bought_is_not_just_moved_to_the_audit_track(client: Client, world: World) -> None:
    assert "Refund the order" in do(client, "downgrade", pk=world.enrollment.pk)
    loose = enroll(user_id=world.ada.pk, run_id=world.other_run.pk, mode="verified", actor=None, cause="x").enrollment
    assert "on the audit track" in do(client, "downgrade", pk=loose.pk)
    assert newest_change(loose)[0] == "downgraded"
    assert "already" in do(client, "downgrade", pk=loose.pk)


def test_staff_defer_to_another_run(client: Client, world: World) -> None:
    assert "instead" in do(client, "defer", {"readable_id": world.other_run.courseware_id}, pk=world.enrollment.pk)
    assert RunEnrollment.objects.get(user=world.ada, course_run=world.other_run).mode == "verified"
    assert newest_change(world.enrollment)[0] == "deferred"
    assert "There is no course run" in do(client, "defer", {"readable_id": "LN.404x"}, pk=world.enrollment.pk)


def test_a_grade_is_set_by_hand_and_stays(client: Client, world: World) -> None:
    said = do(client, "grade", {"percent": "45.5", "letter": "F"}, pk=world.enrollment.pk)
    assert said == "The grade is set."
    grade = CourseRunGrade.objects.get(user=world.ada)
    assert (grade.grade, grade.passed, grade.set_by_admin) == (Decimal("0.4550"), False, True)
    assert grade.changes.latest("id").cause == "A letter of theirs"


def test_only_what_was_earned_is_issued(client: Client, world: World) -> None:
    assert "No certificate is due" in do(client, "issue", pk=world.ada.pk, kind="course", id=world.run.pk)
    bob = a_learner("bob@example.org")
    assert "No certificate is due" in do(client, "issue", pk=bob.pk, kind="program", id=world.program_enrollment.program_id)
    assert "none of a diploma" in do(client, "issue", pk=bob.pk, kind="diploma", id=world.run.pk)
    assert Certificate.objects.count() == 1


def test_stuck_seats_are_listed_with_what_went_wrong_and_sent_again(client: Client, world: World) -> None:
    page = text(client, "seats", "?stuck=true")
    assert "no such course there" in page
    assert "on its way" in do(client, "send_again", pk=world.enrollment.pk)
    world.enrollment.seat.refresh_from_db()
    assert world.enrollment.seat.stuck_at is None
    assert OutboxEvent.objects.filter(topic=SEATS, aggregate=str(world.enrollment.pk)).count() == 1
    assert AuditEntry.objects.get(code="seat.sent_again").cause == "A letter of theirs"
    assert "no such course there" not in text(client, "seats", "?stuck=true")


def test_all_that_is_stuck_is_sent_at_once(client: Client, world: World) -> None:
    assert "1 are on their way" in do(client, "send_all")
    assert "0 are on their way" in do(client, "send_all")


def test_a_certificate_is_revoked_and_issued_anew(client: Client, world: World) -> None:
    assert "was revoked" in do(client, "revoke", uuid=world.certificate.uuid)
    assert "was revoked before" in do(client, "revoke", uuid=world.certificate.uuid)
    assert "issued in its place" in do(client, "reissue", uuid=world.certificate.uuid)
    old, new = Certificate.objects.order_by("id")
    assert (old.is_revoked, old.revoked_because, new.replaces) == (True, "A letter of theirs", old)
    assert str(new.uuid) in text(client, "certificate", uuid=old.uuid)
    assert str(old.uuid) in text(client, "certificate", uuid=new.uuid)
    assert "revoked" in text(client, "certificates", "?is_revoked=true")
