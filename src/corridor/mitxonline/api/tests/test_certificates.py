"""Certificates and records by the API: in the shapes that are published, and no more of a person than the certificate says."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from django.test import Client
from jsonschema import Draft7Validator, RefResolver

from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.catalog.requirements import course
from corridor.mitxonline.catalog.tests.cast import a_course, a_mode, a_program, a_run
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates import actions
from corridor.mitxonline.certificates.models import Certificate, CertificateTemplate, Signatory, TemplateSignatory
from corridor.mitxonline.certificates.tests.cast import a_learner, enrolled, in_program, passes, staff

from .test_contract import scorer

pytestmark = pytest.mark.django_db
__all__ = ["scorer"]  # a fixture

KINDS = {"course": "V2CourseRunCertificate", "program": "V2ProgramCertificate"}


@pytest.fixture
def issued() -> dict[str, Certificate]:
    """One of a run and one of a program."""
    ada, run, program = a_learner(), a_run(a_course(), is_self_paced=True), a_program()
    template = CertificateTemplate.objects.create(course=run.course, ceus="2.5")
    TemplateSignatory.objects.create(template=template, signatory=Signatory.objects.create(name="Iris Kettle"), position=0)
    program.enrollment_modes.add(a_mode("verified"))
    set_requirements(program.pk, [course(run.course_id)])
    in_program(ada, program)
    enrolled(ada, run)
    of_run, of_program = passes(ada, run).issued
    return {"course": of_run, "program": of_program}


def told(client: Client, row: Certificate, kind: str) -> Any:
    return client.get(f"/mitxonline/api/v2/{kind}_certificates/{row.uuid}/").json()


@pytest.mark.parametrize("kind", KINDS)
def test_certificates_have_the_published_shape(
    kind: str, client: Client, issued: dict[str, Certificate], scorer: ModuleType, shared_data: Path
) -> None:
    root = scorer.to_json_schema(yaml.load((shared_data.parent / "contracts/mitxonline.yaml").read_text(), yaml.CSafeLoader))
    schema = {"$ref": f"#/components/schemas/{KINDS[kind]}"}
    found = Draft7Validator(schema, resolver=RefResolver("", root)).iter_errors(told(client, issued[kind], kind))
    assert [error.message for error in found] == []


def test_a_certificate_tells_the_name_on_it_and_nothing_else_of_the_person(client: Client, issued: dict[str, Certificate]) -> None:
    row = issued["course"]
    answer = told(client, row, "course")
    assert (answer["user"]["name"], answer["user"]["id"], answer["user"]["username"]) == ("Ada Byron", 0, None)
    assert row.user.email not in json.dumps(answer)
    assert (answer["certificate_page"]["CEUs"], answer["certificate_page"]["signatory_items"][0]["name"]) == ("2.5", "Iris Kettle")
    assert answer["verifiable_credential_json"]["id"] == f"urn:uuid:{row.uuid}"


def test_a_revoked_one_is_told_to_be_revoked(client: Client, issued: dict[str, Certificate]) -> None:
    actions.revoke(actor=staff(), certificate=issued["course"].uuid, reason="Somebody else took the exam.")
    answer = told(client, issued["course"], "course")
    assert (answer["is_revoked"], "Somebody else" in json.dumps(answer)) == (True, False)


def test_certificates_of_runs_and_programs_that_are_not_public_are_told_too(client: Client, issued: dict[str, Certificate]) -> None:
    CourseRun.objects.update(b2b_contract=7, live=False)
    assert told(client, issued["course"], "course")["course_run"]["b2b_contract"] == 7
    Program.objects.update(b2b_only=True)
    assert told(client, issued["program"], "program")["program"]["readable_id"] == issued["program"].snapshot["readable_id"]


def test_a_certificate_of_a_run_is_none_of_a_program(client: Client, issued: dict[str, Certificate]) -> None:
    answer = client.get(f"/mitxonline/api/v2/program_certificates/{issued['course'].uuid}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
