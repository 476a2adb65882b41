"""What somebody takes, over the API: their own, as the published versions tell it, and never less than before."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.catalog import documents
from corridor.mitxonline.catalog.models import BlockedCountry, Course, CourseRun, Program
from corridor.mitxonline.catalog.tests.cast import NOW, at
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade
from corridor.mitxonline.enrollments import actions
from corridor.mitxonline.enrollments.entitlements import grant
from corridor.mitxonline.enrollments.models import EnrollmentChange, ProgramEnrollment, RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_line, a_program_of, a_sold_run
from tests.fixtures.queries import CountQueries

pytestmark = pytest.mark.django_db
V = "/mitxonline/api"
NONE = 2**31 - 1


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def ada(client: Client) -> User:
    person = a_learner(country="DE")
    client.force_login(person)
    return person


@transaction.atomic
def publish() -> None:
    documents.publish(
        courses=list(Course.objects.values_list("id", flat=True)), programs=list(Program.objects.values_list("id", flat=True))
    )


def sent(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return client.generic(method, f"{V}{path}", "" if body is None else json.dumps(body), "application/json", headers=headers)


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_somebody_enrols_sees_it_and_leaves(version: str, ada: User, client: Client) -> None:
    run = a_sold_run()
    publish()
    made = sent(client, "POST", f"/{version}/enrollments/", {"run_id": run.pk, "edx_emails_subscription": False})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["enrollment_mode"], told["edx_emails_subscription"], told["run"]["courseware_id"]) == ("audit", False, run.courseware_id)
    assert client.get(f"{V}/{version}/enrollments/").json() == [told]
    assert sent(client, "DELETE", f"/{version}/enrollments/{told['id']}/").status_code == 204
    assert client.get(f"{V}/{version}/enrollments/").json() == []
    assert sent(client, "DELETE", f"/{version}/enrollments/{told['id']}/").status_code == 404


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_who_is_verified_and_posts_again_stays_verified(version: str, ada: User, client: Client) -> None:
    run = a_sold_run()
    publish()
    grant(user_id=ada.pk, run_id=run.pk, line_id=a_line(ada, run).pk, cause="order 1")
    assert sent(client, "POST", f"/{version}/enrollments/", {"run_id": run.pk}).json()["enrollment_mode"] == "verified"
    assert EnrollmentChange.objects.count() == 1


def test_grades_and_certificates_are_told(ada: User, client: Client) -> None:
    run = a_sold_run()
    publish()
    actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    CourseRunGrade.objects.create(user=ada, course_run=run, grade=Decimal("0.875"), letter_grade="B", passed=True)
    issued = Certificate.objects.create(user=ada, course_run=run, issue_date=NOW, snapshot={})
    for version in ("v1", "v2", "v3"):
        told = client.get(f"{V}/{version}/enrollments/").json()[0]
        assert told["grades"] == [{"grade": 0.875, "letter_grade": "B", "passed": True, "set_by_admin": False, "grade_percent": 87.5}]
        assert told["certificate"]["uuid"] == str(issued.uuid)
    assert told["run"]["upgrade_product_price"] == "99.00"


def test_what_is_refused_says_why(ada: User, client: Client) -> None:
    blocked, closed, contract = a_sold_run("LN.01x"), a_sold_run("LN.02x", enrollment_end=at(1)), a_sold_run("LN.03x", b2b_contract=1)
    BlockedCountry.objects.create(course_id=blocked.course_id, country="DE")
    wanted = {blocked.pk: (403, "country_blocked"), closed.pk: (400, "enrollment_closed"), contract.pk: (400, "contract_run"), NONE: (404, "run_not_found")}  # fmt: skip
    for version in ("v1", "v2", "v3"):
        for run, expected in wanted.items():
            answer = sent(client, "POST", f"/{version}/enrollments/", {"run_id": run})
            assert (answer.status_code, answer.json()["code"]) == expected
    assert sent(client, "POST", "/v3/enrollments/", {}).json()["errors"] == {"run_id": ["Name the run to enroll in."]}
    assert RunEnrollment.objects.count() == 0
    assert AuditEntry.objects.filter(code="country.refused").count() == 3


def test_nobody_touches_what_others_take(client: Client) -> None:
    ben, run = a_learner("ben@example.org"), a_sold_run()
    publish()
    theirs = actions.enroll(user_id=ben.pk, run_id=run.pk, actor=ben.pk, cause="learner").enrollment
    assert client.get(f"{V}/v2/enrollments/").status_code == 401
    client.force_login(a_learner())
    for method, version in (("DELETE", "v1"), ("DELETE", "v2"), ("DELETE", "v3"), ("GET", "v3"), ("PATCH", "v1")):
        assert sent(client, method, f"/{version}/enrollments/{theirs.pk}/", {}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.active


def test_letters_are_switched_off_and_on(ada: User, client: Client) -> None:
    run = a_sold_run()
    publish()
    made = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner").enrollment
    for method, body, expected in (
        ("PATCH", {"receive_emails": False}, False),
        ("PUT", {"run_id": run.pk, "edx_emails_subscription": True}, True),
        ("PATCH", {}, True),
    ):
        answer = sent(client, method, f"/v1/enrollments/{made.pk}/", body)
        assert (answer.status_code, answer.json()["edx_emails_subscription"]) == (200, expected)
    assert sent(client, "PUT", f"/v1/enrollments/{made.pk}/", {"run_id": run.pk + 1}).status_code == 400


def test_a_command_that_is_sent_twice_is_carried_out_once(ada: User, client: Client) -> None:
    run = a_sold_run()
    publish()
    answers = [sent(client, "POST", "/v3/enrollments/", {"run_id": run.pk}, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_programs_are_joined_told_with_their_runs_and_left(ada: User, client: Client) -> None:
    run, other = a_sold_run("LN.01x"), a_sold_run("LN.02x")
    program = a_program_of(run)
    publish()
    for each in (run, other):
        actions.enroll(user_id=ada.pk, run_id=each.pk, actor=ada.pk, cause="learner")
    made = [sent(client, "POST", "/v3/program_enrollments/", {"program_id": program.pk}) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 200]
    assert made[0].json()["program"]["readable_id"] == program.readable_id
    assert sent(client, "GET", f"/v3/program_enrollments/{program.pk}/").json() == made[1].json()
    for version in ("v1", "v2"):
        (told,) = client.get(f"{V}/{version}/program_enrollments/").json()
        assert [each["run"]["id"] for each in told["enrollments"]] == [run.pk]
        assert client.get(f"{V}/{version}/program_enrollments/{program.pk}/").json() == told
    assert sent(client, "DELETE", f"/v1/program_enrollments/{program.pk}/").json()["program"]["id"] == program.pk
    assert client.get(f"{V}/v3/program_enrollments/").json() == []
    assert [sent(client, "DELETE", f"/v3/program_enrollments/{id}/").status_code for id in (program.pk, NONE)] == [204, 204]


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_a_program_that_was_paid_for_is_not_left(version: str, ada: User, client: Client) -> None:
    program = a_program_of(a_sold_run())
    publish()
    grant(user_id=ada.pk, program_id=program.pk, line_id=a_line(ada, program).pk, cause="order 1")
    answer = sent(client, "DELETE", f"/{version}/program_enrollments/{program.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (400, "program_paid")
    assert ProgramEnrollment.objects.get().active


def test_a_run_is_drawn_from_a_program_that_was_bought(ada: User, client: Client) -> None:
    run = a_sold_run()
    program = a_program_of(run)
    publish()
    address = f"/v2/verified_program_enrollments/{run.courseware_id}/"
    assert sent(client, "POST", address, [program.readable_id]).status_code == 404
    grant(user_id=ada.pk, program_id=program.pk, line_id=a_line(ada, program).pk, cause="order 1")
    made = sent(client, "POST", address, [program.readable_id])
    assert (made.status_code, made.json()["enrollment_mode"]) == (201, "verified")
    assert sent(client, "POST", address, [program.readable_id]).status_code == 204
    assert sent(client, "POST", address, []).status_code == 400
    assert sent(client, "POST", address, {"a": 1}).status_code == 400


def test_older_forms_lead_to_the_dashboard(ada: User, client: Client) -> None:
    run = a_sold_run()

    def post(form: str) -> Any:
        return client.generic("POST", "/mitxonline/enrollments/", form, "application/x-www-form-urlencoded")

    answer = post(f"run={run.pk}")
    assert (answer.status_code, answer["Location"]) == (302, "/mitxonline/dashboard/")
    assert [post(f"run={id}&isapi=true").content for id in (run.pk, NONE)] == [b"Ok", b"Fail"]


@pytest.mark.parametrize("number", [1, 6])
def test_lists_take_as_many_queries_for_one_as_for_many(number: int, ada: User, client: Client, count_queries: CountQueries) -> None:
    runs = [a_sold_run(f"LN.{each:02}x") for each in range(number)]
    programs = [a_program_of(run, code=f"P{run.pk}") for run in runs]
    publish()
    for run, program in zip(runs, programs, strict=True):
        actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
        actions.enroll_in_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")
    for version in ("v1", "v2", "v3"):
        for kind in ("enrollments", "program_enrollments"):
            with count_queries(f"mitxonline api: {kind}, {version}"):
                assert len(client.get(f"{V}/{version}/{kind}/").json()) == number


def test_enrolling_takes_its_number_of_queries(ada: User, client: Client, count_queries: CountQueries) -> None:
    run = a_sold_run()
    publish()
    with count_queries("mitxonline api: enrol"):
        assert sent(client, "POST", "/v3/enrollments/", {"run_id": run.pk}).status_code == 201
    with count_queries("mitxonline api: enrol again"):
        assert sent(client, "POST", "/v3/enrollments/", {"run_id": run.pk}).status_code == 201
    assert CourseRun.objects.get().enrollments.count() == 1
