"""From the page of a course to the dashboard and out again, with scripts and without, by whoever comes signed out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from corridor.accounts.tests.cast import PASSWORD
from corridor.kit import clock
from corridor.mitxonline.catalog import documents
from corridor.mitxonline.catalog.models import Course, CourseRun, Program
from corridor.mitxonline.catalog.tests.cast import a_course, a_product, a_run
from corridor.mitxonline.enrollments import actions
from corridor.mitxonline.enrollments.models import RunEnrollment
from corridor.mitxonline.enrollments.tests.cast import a_learner, a_program_of

from .test_accessibility import WIDTHS, wrong_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_limits")]


@pytest.fixture(params=["with scripts", "without scripts"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=request.param == "with scripts", viewport={"width": 360, "height": 800}) as context:
        yield context.new_page()


@pytest.fixture
def runs(site: str) -> list[CourseRun]:
    """Two open runs of a course, one of another, and a program of both courses."""
    now, lamps, wicks = clock.now(), a_course("LN.01x"), a_course("LN.02x")
    dates = {
        "enrollment_start": now - timedelta(days=9),
        "end_date": now + timedelta(days=90),
        "upgrade_deadline": now + timedelta(days=30),
    }
    made = [
        a_run(lamps, "1T", start_date=now - timedelta(days=2), **dates),
        a_run(lamps, "2T", start_date=now + timedelta(days=20), **dates),
        a_run(wicks, "1T", start_date=now - timedelta(days=2), **dates),
    ]
    for run in made:
        a_product(run)
    a_program_of(*made)
    with transaction.atomic():
        documents.publish(
            courses=list(Course.objects.values_list("id", flat=True)), programs=list(Program.objects.values_list("id", flat=True))
        )
    return made


def sign_in(page: Page) -> None:
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_somebody_enrols_sees_it_and_leaves(site: str, visitor: Page, runs: list[CourseRun]) -> None:
    a_learner()
    visitor.goto(f"{site}/mitxonline/courses/{runs[0].course.readable_id}/")
    visitor.get_by_role("link", name="Enrol for free", exact=True).click()
    sign_in(visitor)
    expect(visitor.get_by_role("heading", name=f"Enrol in {runs[0].title}?")).to_be_visible()
    visitor.get_by_role("button", name="Enrol", exact=True).click()
    expect(visitor.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(visitor.get_by_text(f"You are enrolled in {runs[0].title}.")).to_be_visible()
    expect(visitor.get_by_text("is being prepared")).to_be_visible()
    visitor.get_by_role("link", name=runs[0].title, exact=True).click()
    expect(visitor.get_by_text("You are enrolled, free of charge.")).to_be_visible()
    visitor.get_by_role("button", name="Enrol for free in 2T").click()
    expect(visitor.get_by_role("article")).to_have_count(2)
    visitor.get_by_text("E-mails and leaving").first.click()
    visitor.get_by_role("button", name="Stop its e-mails").first.click()
    expect(visitor.get_by_text("will not write to you any more")).to_be_visible()
    visitor.get_by_text("E-mails and leaving").first.click()
    visitor.get_by_role("link", name="Leave the course").first.click()
    visitor.get_by_role("button", name="Leave").click()
    expect(visitor.get_by_text(f"You have left {runs[1].title}.")).to_be_visible()
    assert RunEnrollment.objects.get(active=False).course_run == runs[1]


def test_a_program_is_joined_and_shows_what_is_left(site: str, visitor: Page, runs: list[CourseRun]) -> None:
    a_learner()
    program = Program.objects.get()
    visitor.goto(f"{site}/mitxonline/programs/{program.readable_id}/")
    visitor.get_by_role("link", name="Enrol in the program").click()
    sign_in(visitor)
    visitor.get_by_role("button", name="Enrol", exact=True).click()
    visitor.get_by_text("What it asks for").click()
    expect(visitor.get_by_text("You have not taken this course yet.").first).to_be_visible()
    visitor.get_by_role("link", name="Leave").click()
    visitor.get_by_role("button", name="Leave").click()
    expect(visitor.get_by_text(f"You have left {program.title}.")).to_be_visible()


def test_pages_of_those_who_are_signed_in_are_in_nobodys_way(site: str, browser: Browser, runs: list[CourseRun]) -> None:
    ada, program = a_learner(), Program.objects.get()
    done = actions.enroll(user_id=ada.pk, run_id=runs[0].pk, actor=ada.pk, cause="learner").enrollment
    actions.enroll_in_program(user_id=ada.pk, program_id=program.pk, actor=ada.pk, cause="learner")
    pages = (
        "dashboard/",
        f"dashboard/leave/{done.pk}/",
        f"enroll/run/{runs[2].pk}/",
        f"courses/{runs[0].course.readable_id}/",
        f"courses/{runs[2].course.readable_id}/",
        f"programs/{program.readable_id}/",
    )
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{site}/accounts/login/?next=/mitxonline/dashboard/")
        sign_in(page)
        wrong = {}
        for path in pages:
            page.goto(f"{site}/mitxonline/{path}")
            for each in page.locator("details.more").all():
                each.locator("summary").click()
            if found := [(width, each) for width in WIDTHS for each in wrong_with(page, width)]:
                wrong[path] = found
    assert not wrong, wrong
