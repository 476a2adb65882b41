"""A learner goes on to the courseware, takes the course there, and has the grade here. By mouse, in a real browser, at phone width."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import transaction

from corridor.accounts.provider import keep_client
from corridor.accounts.tests.cast import PASSWORD
from corridor.embedded.home import local_secrets
from corridor.embedded.standins import SIGN_ON_CLIENT
from corridor.kit.outbox.relay import drain
from corridor.mitxonline.catalog.documents import publish
from corridor.mitxonline.certificates.models import CourseRunGrade
from corridor.mitxonline.openedx import client
from corridor.mitxonline.openedx.queries import where_it_stands
from corridor.mitxonline.openedx.tests.cast import a_learner, a_run_of_its_own, enrolled
from corridor.mitxonline.openedx.vocabulary import Standing
from tests.fixtures.site import database_url, free_port, served
from tests.fixtures.standins import SECRETS, connected_to, played

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 360, "height": 780}


@pytest.fixture
def courseware(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Courseware beside a site of the tests' database; each knows the other by HTTP alone."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    with played(site, tmp_path) as address:
        keep_client(
            id=SIGN_ON_CLIENT,
            secret=local_secrets(tmp_path)["courseware_sign_on"],
            name="Courseware",
            redirect_uris=[f"{address}/complete/"],
        )
        config = connected_to(address).model_copy(update={"base_url": site, "openedx_sign_on_client": SIGN_ON_CLIENT})
        monkeypatch.setattr(settings, "CONFIG", config)
        client._known.cache_clear()
        with served({**os.environ, **SECRETS, "DATABASE_URL": database_url(), "OPENEDX_API_BASE_URL": address}, port):
            yield address
        client._known.cache_clear()


def test_a_course_is_taken_from_the_place_to_the_grade(courseware: str, page: Page, axe: Callable[[Page], list[dict[str, Any]]]) -> None:
    page.set_viewport_size(PHONE)
    learner, run = a_learner(), a_run_of_its_own()
    with transaction.atomic():
        publish(courses=[run.course_id])
    enrollment = enrolled(learner, run, "verified")
    drain()
    assert where_it_stands([enrollment.pk])[enrollment.pk].standing == Standing.DELIVERED

    page.goto(f"{courseware}/courses/{run.courseware_id}/home")
    page.get_by_role("link", name="Sign in with your Corridor account").click()
    page.locator("input[name=login]").fill(learner.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{courseware}/courses/**")  # nobody asks whether a system of the house may know who this is
    assert "verified track" in page.inner_text("main")
    assert page.inner_text("h1") == run.title

    for unit, choice in {
        "How a lock lifts a boat": "When the water stands level on both sides",
        "What the water costs": "Both wait for rain",
    }.items():
        page.get_by_role("link", name=unit).click()
        page.get_by_label(choice).check()
        page.get_by_role("button", name="Answer").click()
        assert axe(page) == []
        page.get_by_role("link", name=run.title).first.click()
    page.get_by_role("link", name="Progress and end of the course").click()
    page.get_by_role("button", name="Finish the course").click()
    assert "You passed" in page.inner_text("main")

    drain()
    grade = CourseRunGrade.objects.get()
    assert (grade.user, grade.course_run, float(grade.grade), grade.passed) == (learner, run, 0.5, True)


def test_pages_of_the_courseware_are_usable_by_everybody(courseware: str, page: Page, axe: Callable[[Page], list[dict[str, Any]]]) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            for address in ("/", "/staff/", "/courses/course-v1:NorthmereX+LN.01x+1T2026/home"):
                page.goto(f"{courseware}{address}")
                assert axe(page) == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
