"""Grades come from the courseware; certificates follow, once, and stay."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction

from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog.models import Course, CourseRun, Program
from corridor.mitxonline.catalog.requirements import all_of, course, min_number_of, program
from corridor.mitxonline.catalog.tests.cast import NOW, a_course, a_mode, a_program, a_run
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates import actions
from corridor.mitxonline.certificates.errors import AlreadyReplaced, AlreadyRevoked, GradeRefused, NotYours, ReasonMissing
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade, GradeChange, Signatory

from .cast import a_learner, enrolled, graded, in_program, passes, staff

pytestmark = pytest.mark.django_db


def self_paced(number: str = "LN.01x", **fields: object) -> CourseRun:
    return a_run(a_course(number), is_self_paced=True, **fields)


def a_verified_program(code: str, *tree: object) -> Program:
    found = a_program(code)
    found.enrollment_modes.add(a_mode("verified"))
    set_requirements(found.pk, tree)
    return found


def held(user: object) -> list[str]:
    return [row.snapshot["readable_id"] for row in Certificate.objects.filter(user=user, is_revoked=False)]


# --- of runs


def test_who_passes_a_self_paced_run_on_the_verified_track_gets_a_certificate_and_a_letter(mailoutbox: list[EmailMessage]) -> None:
    ada, run = a_learner(), self_paced()
    enrolled(ada, run)
    [issued] = passes(ada, run).issued
    assert (issued.course_run, issued.issue_date, issued.snapshot["learner"]) == (run, NOW, "Ada Byron")
    assert issued.snapshot["heading"] == "Certificate of Completion"
    assert AuditEntry.objects.filter(about=ada).values_list("code", flat=True)[::1] == ["grade.recorded", "certificate.issued"]
    [letter] = mailoutbox
    assert (letter.to, letter.subject) == (["ada.byron@example.com"], "Your certificate: Lanterns LN.01x")
    assert f"/mitxonline/certificate/{issued.uuid}/" in letter.body


def test_nobody_gets_one_on_the_free_track_or_after_leaving() -> None:
    run = self_paced()
    for name, fields in {"Free": {"mode": "audit"}, "Left": {"active": False}, "Refunded": {"change_status": "refunded"}}.items():
        someone = a_learner(name)
        enrolled(someone, run, **fields)
        assert not passes(someone, run).issued


def test_a_paced_run_gives_certificates_from_its_date_unless_the_courseware_says_so() -> None:
    ada, run = a_learner(), a_run(a_course(), certificate_available_date=NOW + timedelta(days=9))
    enrolled(ada, run)
    assert not passes(ada, run).issued
    assert len(passes(ada, run, forced=True).issued) == 1


def test_the_same_grade_again_changes_nothing() -> None:
    ada, run = a_learner(), self_paced()
    enrolled(ada, run)
    passes(ada, run)
    again = passes(ada, run)
    assert (again.changed, again.issued) == (False, ())
    assert (GradeChange.objects.count(), Certificate.objects.count()) == (1, 1)


def test_a_grade_of_zero_leaves_the_certificate() -> None:
    ada, run = a_learner(), self_paced()
    enrolled(ada, run)
    passes(ada, run)
    graded(ada, run, "0", passed=False)
    assert held(ada) == [run.course.readable_id]
    assert [change.passed for change in GradeChange.objects.all()] == [True, False]


@pytest.mark.parametrize("grade", ["1.01", "-0.1", "nan", "much"])
def test_what_is_no_share_is_no_grade(grade: str) -> None:
    with pytest.raises(GradeRefused):
        actions.record_grade(user_id=a_learner().pk, run_id=self_paced().pk, grade=grade, letter="A", passed=True, cause="courseware")


# --- of programs


def test_the_last_course_brings_the_program_with_it() -> None:
    ada, first, second = a_learner(), self_paced("LN.01x"), self_paced("LN.02x")
    whole = a_verified_program("LANTERNS", all_of(course(first.course_id), course(second.course_id)))
    in_program(ada, whole)
    for run in (first, second):
        enrolled(ada, run)
    assert len(passes(ada, first).issued) == 1
    assert [row.program for row in passes(ada, second).issued] == [None, whole]


def test_programs_around_a_program_come_at_once_too() -> None:
    ada, run = a_learner(), self_paced()
    inner = a_verified_program("INNER", course(run.course_id))
    around = a_verified_program("AROUND", program(inner.pk))
    outermost = a_verified_program("OUTERMOST", min_number_of(1, program(around.pk), course(run.course_id)))
    for each in (outermost, around, inner):
        in_program(ada, each)
    enrolled(ada, run)
    passes(ada, run)
    assert set(held(ada)) == {run.course.readable_id, inner.readable_id, around.readable_id, outermost.readable_id}


def test_a_passing_grade_is_enough_where_no_certificate_can_be_had() -> None:
    ada, free = a_learner(), a_run(a_course(), modes=("audit",), is_self_paced=True)
    whole = a_verified_program("LANTERNS", course(free.course_id))
    in_program(ada, whole)
    enrolled(ada, free, mode="audit")
    assert [row.program for row in passes(ada, free).issued] == [whole]


def test_a_program_that_asks_for_nothing_or_is_taken_for_free_gives_none() -> None:
    ada, run = a_learner(), self_paced()
    in_program(ada, a_program("EMPTY"))
    in_program(ada, a_verified_program("FREE", course(run.course_id)), mode="audit")
    enrolled(ada, run)
    passes(ada, run)
    assert held(ada) == [run.course.readable_id]


# --- by staff


def test_a_grade_that_staff_set_is_left_alone_by_the_courseware() -> None:
    ada, run, registrar = a_learner(), self_paced(), staff()
    enrolled(ada, run)
    done = actions.override_grade(
        actor=registrar, user_id=ada.pk, run_id=run.pk, grade="0.9", letter="A", passed=True, reason="The exam was marked again."
    )
    assert len(done.issued) == 1
    assert graded(ada, run, "0.2", passed=False).kept
    assert CourseRunGrade.objects.get().letter_grade == "A"
    assert GradeChange.objects.get().actor == registrar


def test_changing_grades_and_certificates_needs_a_role_and_a_reason() -> None:
    ada, run = a_learner(), self_paced()
    enrolled(ada, run)
    [issued] = passes(ada, run).issued
    with pytest.raises(NotYours):
        actions.revoke(actor=ada, certificate=issued.uuid, reason="I may")
    with pytest.raises(ReasonMissing):
        actions.revoke(actor=staff(), certificate=issued.uuid, reason=" ")


def test_a_revoked_certificate_is_not_issued_again_by_any_job() -> None:
    ada, run, registrar = a_learner(), self_paced(), staff()
    whole = a_verified_program("LANTERNS", course(run.course_id))
    in_program(ada, whole)
    enrolled(ada, run)
    for issued in passes(ada, run).issued:
        actions.revoke(actor=registrar, certificate=issued.uuid, reason="Somebody else took the exam.")
    assert not passes(ada, run, "0.99").issued
    assert not actions.issue_due_programs([(ada.pk, whole.pk)], actor=None, cause="nightly")
    with pytest.raises(AlreadyRevoked):
        actions.revoke(actor=registrar, certificate=issued.uuid, reason="Again.")


def test_a_revoked_course_certificate_no_longer_counts_for_a_program() -> None:
    ada, first, second = a_learner(), self_paced("LN.01x"), self_paced("LN.02x")
    in_program(ada, a_verified_program("LANTERNS", course(first.course_id), course(second.course_id)))
    for run in (first, second):
        enrolled(ada, run)
    [issued] = passes(ada, first).issued
    actions.revoke(actor=staff(), certificate=issued.uuid, reason="Somebody else took the exam.")
    assert [row.program for row in passes(ada, second).issued] == [None]


def test_issued_anew_it_has_another_address_and_the_name_of_today() -> None:
    ada, run, registrar = a_learner(), self_paced(), staff()
    enrolled(ada, run)
    [old] = passes(ada, run).issued
    ada.name = "Ada Lovelace"
    ada.save()
    new = actions.reissue(actor=registrar, certificate=old.uuid, reason="A new name.")
    old.refresh_from_db()
    assert (old.is_revoked, old.replaced_by, old.snapshot["learner"]) == (True, new, "Ada Byron")
    assert (new.snapshot["learner"], new.uuid == old.uuid) == ("Ada Lovelace", False)
    with pytest.raises(AlreadyReplaced):
        actions.reissue(actor=registrar, certificate=old.uuid, reason="Twice.")


# --- what the database holds


def test_what_a_certificate_says_outlives_every_change_of_the_course() -> None:
    ada, run = a_learner(), self_paced()
    enrolled(ada, run)
    [issued] = passes(ada, run).issued
    Course.objects.update(title="Candles")
    Signatory.objects.all().delete()
    issued.refresh_from_db()
    assert issued.snapshot["title"] == "Lanterns LN.01x"


@pytest.mark.parametrize(
    "change",
    ["UPDATE {} SET snapshot = '{{}}'", "UPDATE {} SET issue_date = now()", "UPDATE {} SET uuid = gen_random_uuid()", "DELETE FROM {}"],
)
def test_the_database_lets_nobody_alter_a_certificate(change: str) -> None:
    ada, run = a_learner(), self_paced()
    enrolled(ada, run)
    passes(ada, run)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format("mitxonline_certificate"))


def test_the_database_takes_no_second_certificate_and_no_way_back_from_revoked() -> None:
    ada, run = a_learner(), self_paced()
    enrolled(ada, run)
    [issued] = passes(ada, run).issued
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(user=ada, course_run=run, issue_date=NOW, snapshot={})
    actions.revoke(actor=staff(), certificate=issued.uuid, reason="A mistake.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=issued.pk).update(is_revoked=False, revoked_on=None, revoked_because="")
