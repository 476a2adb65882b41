"""What a learner sees of all that is theirs, and what they do there."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from corridor.accounts.models import User
from corridor.kit import clock
from corridor.mitxonline.catalog import documents
from corridor.mitxonline.catalog.models import BlockedCountry, Course, Program
from corridor.mitxonline.catalog.tests.cast import NOW, at
from corridor.mitxonline.certificates.models import Certificate, CourseRunGrade
from corridor.mitxonline.enrollments import actions
from corridor.mitxonline.enrollments.entitlements import grant
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_line, a_program_of, a_sold_run
from tests.fixtures.queries import CountQueries

pytestmark = pytest.mark.django_db
DASHBOARD = "/mitxonline/dashboard/"


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


def read(client: Client, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.content
    return answer.text


def test_who_takes_nothing_is_led_to_the_courses(ada: User, client: Client) -> None:
    assert "You take no course now." in read(client, DASHBOARD)


def test_a_course_is_shown_with_its_state_price_and_deadline(ada: User, client: Client) -> None:
    run = a_sold_run(upgrade_deadline=at(20))
    done = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    html = read(client, DASHBOARD)
    for words in ("Free track", "Get the verified track – $99", "until March 20, 2026", "is being prepared"):
        assert words in html
    actions.note_courseware(done.enrollment.pk, True)
    assert "is being prepared" not in read(client, DASHBOARD)


def test_courseware_is_opened_once_the_place_is_ready(ada: User, client: Client, settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"courseware_base": "https://courseware.example.org"})
    run = a_sold_run()
    done = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
    assert "Open the courseware" not in read(client, DASHBOARD)
    actions.note_courseware(done.enrollment.pk, True)
    assert f'href="https://courseware.example.org/{run.courseware_id}/home"' in read(client, DASHBOARD)


def test_grade_and_certificate_are_shown_of_what_is_over(ada: User, client: Client) -> None:
    run = a_sold_run(start_date=at(1, 1), end_date=at(1, 2))
    actions.enroll(user_id=ada.pk, run_id=run.pk, mode="verified", actor=None, cause="staff")
    CourseRunGrade.objects.create(user=ada, course_run=run, grade=Decimal("0.88"), letter_grade="B", passed=True)
    issued = Certificate.objects.create(user=ada, course_run=run, issue_date=NOW, snapshot={})
    html = read(client, DASHBOARD)
    assert "Past courses" in html
    assert "Grade 88 % (B), passed" in html
    assert f'href="/mitxonline/certificate/{issued.uuid}/"' in html


def test_letters_are_switched_and_leaving_is_asked_twice(ada: User, client: Client) -> None:
    run = a_sold_run()
    done = actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner").enrollment
    assert client.post(f"{DASHBOARD}emails/{done.pk}/", {"emails": "off"})["Location"] == DASHBOARD
    assert "The course does not write to you." in read(client, DASHBOARD)
    assert "You can come back while the course takes people in." in read(client, f"{DASHBOARD}leave/{done.pk}/")
    assert RunEnrollment.objects.get().active
    assert client.post(f"{DASHBOARD}leave/{done.pk}/").status_code == 303
    assert f"You have left {run.title}." in read(client, DASHBOARD)
    assert client.get(f"{DASHBOARD}leave/{done.pk}/").status_code == 404


def test_a_program_shows_how_far_one_has_come_and_pays_for_its_courses(ada: User, client: Client) -> None:
    run = a_sold_run()
    actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner", keep_window=False)
    program = a_program_of(run)
    run.upgrade_deadline = at(1)
    run.save()
    grant(user_id=ada.pk, program_id=program.pk, line_id=a_line(ada, program).pk, cause="order 1")
    run.upgrade_deadline = None
    run.save()
    html = read(client, DASHBOARD)
    assert "What it asks for" in html
    assert "Move to the verified track" in html
    client.post(f"/mitxonline/enroll/run/{run.pk}/")
    assert RunEnrollment.objects.get().mode == "verified"
    client.post(f"{DASHBOARD}leave-program/{program.pk}/")
    assert "has been paid for" in read(client, DASHBOARD)


def test_enrolling_on_the_page_of_a_course(ada: User, client: Client) -> None:
    run = a_sold_run()
    publish()
    page = f"/mitxonline/courses/{run.course.readable_id}/"
    assert "Enrol for free" in read(client, page)
    assert "Enrol in" in read(client, f"/mitxonline/enroll/run/{run.pk}/")
    assert client.post(f"/mitxonline/enroll/run/{run.pk}/")["Location"] == DASHBOARD
    html = read(client, page)
    assert "You are enrolled, free of charge." in html
    assert "Enrol for free" not in html


def test_enrolling_in_a_program_on_its_page(ada: User, client: Client) -> None:
    program = a_program_of(a_sold_run())
    publish()
    page = f"/mitxonline/programs/{program.readable_id}/"
    assert "Enrol in the program" in read(client, page)
    client.post(f"/mitxonline/enroll/program/{program.pk}/")
    assert "You are enrolled in this program." in read(client, page)


def test_who_is_not_signed_in_comes_back_to_finish(client: Client) -> None:
    run = a_sold_run()
    publish()
    html = read(client, f"/mitxonline/courses/{run.course.readable_id}/")
    assert f'href="/mitxonline/enroll/run/{run.pk}/"' in html
    assert "csrfmiddlewaretoken" not in html  # the page is the same for everybody
    asked = client.get(f"/mitxonline/enroll/run/{run.pk}/")
    assert asked["Location"] == f"/accounts/login/?next=/mitxonline/enroll/run/{run.pk}/"


def test_a_refusal_is_a_page_that_says_why(ada: User, client: Client) -> None:
    run = a_sold_run()
    BlockedCountry.objects.create(course_id=run.course_id, country="DE")
    answer = client.post(f"/mitxonline/enroll/run/{run.pk}/", headers={"Accept": "text/html"})
    assert (answer.status_code, "cannot be offered in the country of your address" in answer.text) == (403, True)


@pytest.mark.parametrize("number", [1, 5])
def test_the_dashboard_takes_as_many_queries_for_one_as_for_many(
    number: int, ada: User, client: Client, count_queries: CountQueries
) -> None:
    for each in range(number):
        run = a_sold_run(f"LN.{each:02}x")
        program = a_program_of(run, code=f"P{each}")
        actions.enroll(user_id=ada.pk, run_id=run.pk, actor=ada.pk, cause="learner")
        actions.enroll_in_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")
    with count_queries("mitxonline: dashboard"):
        html = read(client, DASHBOARD)
    assert html.count("Leave the course") == number
