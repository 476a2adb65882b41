"""What people see who are shown a certificate."""

import json

import pytest
from django.test import Client

from corridor.mitxonline.catalog.requirements import course
from corridor.mitxonline.catalog.tests.cast import a_course, a_mode, a_program, a_run
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates import actions
from corridor.mitxonline.certificates.models import Certificate
from tests.fixtures.queries import CountQueries

from .cast import a_learner, enrolled, in_program, passes, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued() -> Certificate:
    """Of a run and, with it, of a program."""
    ada, run = a_learner("Ada <Byron>"), a_run(a_course(), is_self_paced=True)
    whole = a_program()
    whole.enrollment_modes.add(a_mode("verified"))
    set_requirements(whole.pk, [course(run.course_id)])
    enrolled(ada, run)
    in_program(ada, whole)
    return passes(ada, run).issued[0]


def address(row: Certificate) -> str:
    return f"/mitxonline/certificate/{row.uuid}/"


def test_everybody_can_see_a_certificate_and_no_search_engine_lists_it(client: Client, issued: Certificate) -> None:
    answer = client.get(address(issued))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ada &lt;Byron&gt;" in page
    assert "Certificate of Completion" in page
    assert (answer.headers["X-Robots-Tag"], '<meta name="robots" content="noindex' in page) == ("noindex, nofollow, noarchive", True)
    assert issued.user.email not in page


def test_a_program_has_its_own_page_and_the_two_are_not_mixed_up(client: Client, issued: Certificate) -> None:
    whole = Certificate.objects.exclude(program=None).get()
    page = client.get(f"/mitxonline/certificate/program/{whole.uuid}/").content.decode()
    assert "requirements of the Series program" in page
    assert client.get(f"/mitxonline/certificate/program/{issued.uuid}/").status_code == 404


def test_linkedin_is_told_what_a_profile_needs(client: Client, issued: Certificate) -> None:
    page = client.get(address(issued)).content.decode()
    for part in ("name=Lanterns+LN.01x", "issueYear=2026", "issueMonth=3", f"certId={issued.uuid}"):
        assert part in page


def test_a_revoked_certificate_says_so_and_has_no_file(client: Client, issued: Certificate) -> None:
    actions.revoke(actor=staff(), certificate=issued.uuid, reason="Somebody else took the exam.")
    answer = client.get(address(issued))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "no longer valid" in page
    assert "Ada" not in page.partition("<main")[2].partition("</main")[0]
    assert "Somebody else" not in page
    assert client.get(f"{address(issued)}pdf/").status_code == 410


def test_a_replaced_one_leads_to_the_one_that_is_valid(client: Client, issued: Certificate) -> None:
    new = actions.reissue(actor=staff(), certificate=issued.uuid, reason="A new name.")
    assert f'href="{address(new)}"' in client.get(address(issued)).content.decode()


def test_the_pdf_and_the_credential_can_be_downloaded(client: Client, issued: Certificate) -> None:
    pdf = client.get(f"{address(issued)}pdf/")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    file = client.get(f"/mitxonline/api/v2/verifiable_course_credential/{issued.credential.pk}/download/")
    assert json.loads(file.content)["id"] == f"urn:uuid:{issued.uuid}"
    assert client.get(f"/mitxonline/api/v2/verifiable_program_credential/{issued.credential.pk}/download/").status_code == 404


def test_a_certificate_takes_few_queries_wherever_it_is_shown(client: Client, issued: Certificate, count_queries: CountQueries) -> None:
    addresses = {"page": address(issued), "api": f"/mitxonline/api/v2/course_certificates/{issued.uuid}/"}
    for name, each in addresses.items():
        with count_queries(f"mitxonline: certificate, {name}"):
            assert client.get(each).status_code == 200
