"""Learners see where they stand in a program, and let others see it, as long as they like."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from corridor.accounts.models import User
from corridor.mitxonline.catalog.models import Program
from corridor.mitxonline.catalog.requirements import all_of, course, min_number_of
from corridor.mitxonline.catalog.tests.cast import a_course, a_mode, a_program, a_run
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates.tests.cast import a_learner, enrolled, graded, in_program, passes
from corridor.mitxonline.records.models import PartnerSchool, PartnerSchoolProgram, RecordShare
from tests.fixtures.queries import CountQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def lanterns() -> Program:
    """Two courses and one of another two."""
    runs = [a_run(a_course(f"LN.0{n}x"), is_self_paced=True) for n in (1, 2, 3, 4)]
    found = a_program()
    found.enrollment_modes.add(a_mode("verified"))
    ids = [run.course_id for run in runs]
    set_requirements(found.pk, [all_of(course(ids[0]), course(ids[1])), min_number_of(1, course(ids[2]), course(ids[3]))])
    return found


@pytest.fixture
def ada(lanterns: Program) -> User:
    """Holds the certificate of the first course and has failed the second."""
    person = a_learner()
    in_program(person, lanterns)
    first, second = [node.course.runs.get() for node in lanterns.requirements.exclude(course=None).order_by("id")[:2]]
    enrolled(person, first)
    enrolled(person, second)
    passes(person, first)
    graded(person, second, "0.31", passed=False)
    return person


@pytest.fixture
def her(ada: User) -> Client:
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def school(lanterns: Program) -> PartnerSchool:
    found = PartnerSchool.objects.create(name="Northmere Graduate School")
    PartnerSchoolProgram.objects.create(school=found, program=lanterns, email="records@northmere.example")
    return found


def page(program: Program) -> str:
    return f"/mitxonline/records/{program.readable_id}/"


def api(program: Program, what: str = "") -> str:
    return f"/mitxonline/api/records/program/{program.pk}/{what}"


def posted(client: Client, address: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(address, body or {}, content_type="application/json")


def test_a_learner_sees_grades_certificates_and_what_is_missing(her: Client, lanterns: Program) -> None:
    told = her.get(page(lanterns)).content.decode()
    for text in (
        "87 % (B), passed",
        "31 % (F), not passed",
        "0 of 2 parts are done.",
        "All 2 are needed; you have 1.",
        "You have not taken this course yet.",
    ):
        assert text in told


def test_a_record_is_for_those_who_are_signed_in(client: Client, lanterns: Program) -> None:
    assert client.get(page(lanterns)).status_code == 302
    assert client.get(api(lanterns)).status_code == 401


def test_the_api_tells_the_same(her: Client, lanterns: Program, ada: User) -> None:
    told = her.get(api(lanterns)).json()
    assert told["user"] == {"name": "Ada Byron", "email": ada.email, "username": ""}
    assert [row["reqtype"] for row in told["program"]["courses"]] == ["Required Courses"] * 2 + ["Elective Courses"] * 2
    assert [row["grade"] and row["grade"]["grade"] for row in told["program"]["courses"]] == [0.87, 0.31, None, None]
    assert [bool(row["certificate"]) for row in told["program"]["courses"]] == [True, False, False, False]


def test_whoever_has_the_link_reads_the_record_and_no_address(her: Client, client: Client, lanterns: Program, ada: User) -> None:
    [share] = posted(her, api(lanterns, "share/")).json()["sharing"]
    answer = client.get(f"/mitxonline/api/records/shared/{share['share_uuid']}/")
    assert (answer.json()["user"], answer.json()["sharing"]) == ({"name": "Ada Byron"}, [])
    shown = client.get(f"/mitxonline/records/shared/{share['share_uuid']}/")
    assert ada.email not in answer.content.decode() + shown.content.decode()
    assert shown.headers["X-Robots-Tag"].startswith("noindex")


def test_sharing_twice_gives_one_link_until_it_is_taken_back(her: Client, client: Client, lanterns: Program) -> None:
    for _ in range(2):
        [share] = posted(her, api(lanterns, "share/")).json()["sharing"]
    assert posted(her, api(lanterns, "revoke/")).json()["sharing"] == []
    assert client.get(f"/mitxonline/records/shared/{share['share_uuid']}/").status_code == 404
    [other] = posted(her, api(lanterns, "share/")).json()["sharing"]
    assert other["share_uuid"] != share["share_uuid"]


def test_a_school_is_written_to_once_and_keeps_its_link(
    her: Client, lanterns: Program, school: PartnerSchool, mailoutbox: list[EmailMessage]
) -> None:
    mailoutbox.clear()
    for _ in range(2):
        posted(her, api(lanterns, "share/"), {"partnerSchool": school.pk})
    [letter] = mailoutbox
    assert letter.to == ["records@northmere.example"]
    assert f"/mitxonline/records/shared/{RecordShare.objects.get().uuid}/" in letter.body
    [share] = posted(her, api(lanterns, "revoke/")).json()["sharing"]
    assert share["partner_school"] == school.pk


def test_a_school_that_does_not_take_the_program_gets_nothing(her: Client, lanterns: Program) -> None:
    other = PartnerSchool.objects.create(name="Elsewhere")
    answer = posted(her, api(lanterns, "share/"), {"partnerSchool": other.pk})
    assert (answer.status_code, answer.json()["code"]) == (400, "school_not_found")
    assert posted(her, api(lanterns, "share/"), {"name": "Elsewhere"}).status_code == 400


def test_sharing_works_from_the_page(her: Client, client: Client, lanterns: Program, school: PartnerSchool) -> None:
    her.post(f"{page(lanterns)}share/", {"school": school.pk})
    told = her.get(page(lanterns)).content.decode()
    assert "has been written to" in told
    share = RecordShare.objects.get()
    her.post(f"{page(lanterns)}take-back/", {"share": str(share.uuid)})
    assert client.get(f"/mitxonline/records/shared/{share.uuid}/").status_code == 404
    assert her.post(f"{page(lanterns)}take-back/", {"share": "nothing"}).status_code == 404


def test_nobody_takes_back_what_somebody_else_shares(her: Client, lanterns: Program) -> None:
    bess = a_learner("Bess")
    share = RecordShare.objects.create(user=bess, program=lanterns)
    assert her.post(f"{page(lanterns)}take-back/", {"share": str(share.uuid)}).status_code == 404


def test_a_program_of_an_organization_has_records_for_its_learners_alone(her: Client, lanterns: Program) -> None:
    closed = a_program("CLOSED", b2b_only=True)
    assert her.get(api(closed)).status_code == 404
    Program.objects.filter(pk=lanterns.pk).update(b2b_only=True)
    assert her.get(api(lanterns)).status_code == 200


def test_a_record_takes_as_many_queries_however_long_it_is(
    her: Client, client: Client, lanterns: Program, count_queries: CountQueries
) -> None:
    [share] = posted(her, api(lanterns, "share/")).json()["sharing"]
    with count_queries("mitxonline: learner record"):
        assert her.get(page(lanterns)).status_code == 200
    with count_queries("mitxonline: learner record, shared"):
        assert client.get(f"/mitxonline/api/records/shared/{share['share_uuid']}/").status_code == 200
