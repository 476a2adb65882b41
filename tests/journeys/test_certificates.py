"""Certificates and records in a real browser: to read, to print, to hand on, in any script and by any means."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from corridor.mitxonline.catalog.requirements import all_of, course
from corridor.mitxonline.catalog.tests.cast import a_course, a_mode, a_program, a_run
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates import actions
from corridor.mitxonline.certificates.models import Certificate, CertificateTemplate, Signatory, TemplateSignatory
from corridor.mitxonline.certificates.tests.cast import a_learner, enrolled, in_program, passes, staff
from corridor.mitxonline.records.models import PartnerSchool, PartnerSchoolProgram

from .test_accessibility import WIDTHS, wrong_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "فاطمة الزهراء"


@pytest.fixture
def issued(web_server: str) -> Certificate:
    """Of the first of two courses of a program, signed by two people."""
    runs = [a_run(a_course(number), is_self_paced=True) for number in ("LN.01x", "LN.02x")]
    template = CertificateTemplate.objects.create(course=runs[0].course, ceus="2.5")
    for position, name in enumerate(("Iris Kettle", "Tomás Ferrers")):
        signatory = Signatory.objects.create(name=name, title_1="Professor of Optics", organization="Northmere University")
        TemplateSignatory.objects.create(template=template, signatory=signatory, position=position)
    program = a_program()
    program.enrollment_modes.add(a_mode("verified"))
    set_requirements(program.pk, [all_of(*(course(run.course_id) for run in runs))])
    PartnerSchoolProgram.objects.create(school=PartnerSchool.objects.create(name="Northmere"), program=program, email="r@northmere.example")
    fatima = a_learner(NAME, email="fatima@example.com")
    in_program(fatima, program)
    enrolled(fatima, runs[0])
    return passes(fatima, runs[0]).issued[0]


@pytest.fixture
def hers(page: Page, web_server: str, issued: Certificate) -> Page:
    """A browser in which the learner is signed in."""
    client = Client()
    client.force_login(issued.user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": web_server}])
    return page


def faults(page: Page) -> list[Any]:
    page.emulate_media(reduced_motion="reduce")
    return [(width, each) for width in WIDTHS for each in wrong_with(page, width)]


def test_a_certificate_can_be_read_checked_and_printed(page: Page, web_server: str, issued: Certificate) -> None:
    page.goto(f"{web_server}/mitxonline/certificate/{issued.uuid}/")
    expect(page.get_by_role("heading", name="Certificate of Completion")).to_be_visible()
    expect(page.get_by_role("article").get_by_text(NAME)).to_be_visible()
    assert faults(page) == []
    page.get_by_text("How to check it without this page").click()
    expect(page.get_by_text("did:key:")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF").click()
    assert download.value.suggested_filename == f"certificate-{issued.uuid}.pdf"
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Download as PDF")).to_be_hidden()
    expect(page.get_by_role("article").get_by_text(NAME)).to_be_visible()


def test_one_that_was_revoked_leads_to_the_one_in_its_place(page: Page, web_server: str, issued: Certificate) -> None:
    actions.reissue(actor=staff(), certificate=issued.uuid, reason="A new name.")
    page.goto(f"{web_server}/mitxonline/certificate/{issued.uuid}/")
    expect(page.get_by_role("heading", name="no longer valid")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Open the one that is valid").click()
    expect(page.get_by_role("heading", name="This certificate is genuine")).to_be_visible()


def test_a_record_is_shared_and_taken_back(hers: Page, web_server: str, issued: Certificate) -> None:
    program = issued.user.programenrollments.get().program
    hers.goto(f"{web_server}/mitxonline/records/{program.readable_id}/")
    hers.get_by_role("button", name="Make a link to hand on").click()
    hers.get_by_role("button", name="Send").click()
    expect(hers.get_by_text("Northmere can read your record now")).to_be_visible()
    assert faults(hers) == []
    link = hers.get_by_role("link", name="/mitxonline/records/shared/").first.get_attribute("href")
    hers.get_by_role("button", name="Take this link back").first.click()
    expect(hers.get_by_text("That link does not work any more.")).to_be_visible()
    assert hers.request.get(str(link)).status == 404
