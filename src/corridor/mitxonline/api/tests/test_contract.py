"""What is served on real payloads is what the published contract says, and whatever our own document allows is answered as it says."""

import json
import os
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from allauth.idp.oidc.models import Client as System
from allauth.idp.oidc.models import Token
from django.db import transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from corridor.accounts.models import LegalAddress, Profile, User
from corridor.accounts.tests.cast import make_person
from corridor.kit.api import documents
from corridor.mitxonline.catalog import importing, requirements
from corridor.mitxonline.catalog.documents import publish
from corridor.mitxonline.catalog.models import CourseRun, Program, ProgramCollection, ProgramCollectionItem
from corridor.mitxonline.catalog.tests.cast import a_course, a_mode, a_product, a_program, a_run, at
from corridor.mitxonline.catalog.trees import set_requirements
from corridor.mitxonline.certificates.models import Certificate
from corridor.mitxonline.certificates.tests import cast as learners
from corridor.mitxonline.commerce.tests import cast as purchases
from corridor.mitxonline.commerce.tests.cast import a_code, product_of, put_into_cart
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.enrollments import actions
from corridor.mitxonline.enrollments.tests.cast import a_sold_run
from corridor.mitxonline.openedx.models import OpenEdxUser
from tests.contracts.test_published_contract import HttpxClient

pytestmark = pytest.mark.django_db

PREFIX = "/mitxonline"
# Of the contract, what is not ours to serve: organizations, flexible prices, pages of the CMS.
OTHERS = ("/api/v0/b2b/", "/api/v0/discounts/{parent_lookup_discount}/tiers/", "/api/v2/pages/")
# What is not served in full yet. Delete a line with the last of its operations.
LATER = ()
# What is ours beside the contract: a command for what it publishes as GET.
OWN = {("/api/v0/baskets/checkout/", "post")}
# Of what is served: the courseware's, which is not there; records, which are as clients know them (docs/decisions/0152).
UNSEEDED = (*LATER, "/api/v3/courses/{course_id}/ol_openedx_outline/", "/api/records/")
METHODS = ("get", "post", "put", "patch", "delete")
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "8"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker, shared_data: Path) -> Iterator[int]:
    """Committed, so that a web server sees it. Gives how many courses there are."""
    with django_db_blocker.unblock():
        loaded = importing.load([json.loads(path.read_text()) for path in sorted((shared_data / "sources/mitxonline").glob("*.json"))])
        sell_and_collect()
        yield len(loaded.courses)
        TransactionTestCase._fixture_teardown(TransactionTestCase())


@transaction.atomic
def sell_and_collect() -> None:
    """Of the cases that payloads lack: a program for sale, runs for sale with and without dates, a collection."""
    programs = list(Program.objects.all())
    a_product(programs[0], "450.00")
    for run in CourseRun.objects.filter(products=None)[:3]:
        a_product(run)
    a_product(CourseRun.objects.filter(products=None, end_date=None).first() or undated_run())
    shelf = ProgramCollection.objects.create(title="Lamps")
    for position, program in enumerate(programs):
        ProgramCollectionItem.objects.create(collection=shelf, program=program, position=position)
    publish(programs=[program.pk for program in programs])


def undated_run() -> CourseRun:
    run = CourseRun.objects.filter(products=None).latest("id")
    CourseRun.objects.filter(pk=run.pk).update(end_date=None)
    return run


@pytest.fixture(scope="module")
def caller(catalogue: int, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """The headers of a program that somebody let in who may do everything and has everything."""
    with django_db_blocker.unblock():
        return {"Authorization": f"Bearer {somebody()}"}


@transaction.atomic
def somebody() -> str:
    """An access token of theirs."""
    user = make_person("grace@example.org", name="Grace Hopper")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    LegalAddress.objects.create(user=user, first_name="Grace", last_name="Hopper", country="US", state="US-NY", postal_code="10001")
    Profile.objects.create(user=user, year_of_birth=1990, gender=Profile.Gender.FEMALE, highest_education=Profile.Education.DOCTORATE)
    OpenEdxUser.objects.create(user=user, edx_username="grace", desired_edx_username="grace", has_been_synced=True)
    enrol(user)
    buy(user)
    certify(user)
    token = Token(type=Token.Type.ACCESS_TOKEN, client=System.objects.create(name="Tests"), user=user)
    token.set_value("sesame")
    token.set_scopes(["user:read", "read", "write"])
    token.save()
    return "sesame"


def enrol(user: User) -> None:
    """In a program and a run of it, whose enrollment has long ended."""
    program = Program.objects.filter(requirements__course__runs__isnull=False, live=True).first()
    run = CourseRun.objects.filter(course__required_by__program=program).first()
    assert program
    assert run
    actions.enroll_in_program(user_id=user.pk, program_id=program.pk, actor=user.pk, cause="tests", keep_window=False)
    actions.enroll(user_id=user.pk, run_id=run.pk, actor=user.pk, cause="tests", keep_window=False)


def buy(user: User) -> None:
    """A run, with a code that is theirs; another, whose verified track is closed, waits in their cart."""
    bought, closed = a_sold_run("BUY.01x"), a_sold_run("BUY.02x", upgrade_deadline=at(2))
    publish(courses=[bought.course_id, closed.course_id])
    code, gateway = a_code(products=[product_of(bought)], people=[user]), PretendGateway()
    with in_place_of_all(gateway):
        purchases.buy(user, gateway, bought, code=code.discount_code)
    put_into_cart(user, closed)


def certify(user: User) -> None:
    """A run and, with it, a program: passed on the verified track."""
    run, program = a_run(a_course("CERT.01x"), is_self_paced=True), a_program("CERTIFIED")
    program.enrollment_modes.add(a_mode("verified"))
    set_requirements(program.pk, [requirements.course(run.course_id)])
    publish(courses=[run.course_id], programs=[program.pk])
    learners.enrolled(user, run)
    learners.in_program(user, program)
    learners.passes(user, run)


def of_certificates() -> dict[str, str]:
    """Addresses that no list names."""
    rows = {"course": Certificate.objects.exclude(course_run=None).get(), "program": Certificate.objects.exclude(program=None).get()}
    return {f"/api/v2/{kind}_certificates/{{uuid}}/": f"/api/v2/{kind}_certificates/{row.uuid}/" for kind, row in rows.items()}


def operations(document: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The names of operations by path and method."""
    return {(path, method): item[method]["operationId"] for path, item in document["paths"].items() for method in METHODS if method in item}


@pytest.fixture(scope="module")
def ours() -> dict[tuple[str, str], str]:
    named = operations(documents.document("mitxonline-all"))
    return {(path.removeprefix(PREFIX), method): name for (path, method), name in named.items()}


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    """The published contract, as far as it is ours to serve."""
    whole: dict[str, Any] = yaml.load((shared_data.parent / "contracts/mitxonline.yaml").read_text(), yaml.CSafeLoader)
    whole["paths"] = {path: item for path, item in whole["paths"].items() if not path.startswith(OTHERS) and "?" not in path}
    return whole


@pytest.fixture(scope="module")
def contract(published: dict[str, Any], ours: dict[tuple[str, str], str]) -> dict[str, Any]:
    """Of the published contract, what is served."""
    paths = {
        path: {method: item[method] for method in METHODS if method in item and (path, method) in ours}
        for path, item in published["paths"].items()
    }
    return {**published, "paths": {path: item for path, item in paths.items() if item}}


@pytest.fixture
def scorer(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The contracts' own scorer, given a client."""
    monkeypatch.setitem(sys.modules, "httpx", SimpleNamespace(Client=HttpxClient, HTTPError=requests.RequestException))
    found = spec_from_file_location("check", shared_data.parent / "contracts/check.py")
    assert found
    assert found.loader
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_our_document_has_every_operation_parameter_and_property(contract: dict[str, Any], scorer: ModuleType) -> None:
    report = scorer.compare_static(contract, documents.document("mitxonline-all"), PREFIX)
    assert len(report) >= 38
    assert scorer.show("static", report, verbose=True) == 1.0


def test_answers_on_real_payloads_are_valid(contract: dict[str, Any], scorer: ModuleType, caller: dict[str, str], web_server: str) -> None:
    paths = {path: item for path, item in contract["paths"].items() if not path.startswith(UNSEEDED)}
    me = requests.get(f"{web_server}{PREFIX}/api/v0/users/me", headers=caller, timeout=30).json()["id"]
    order = requests.get(f"{web_server}{PREFIX}/api/v0/orders/history/", headers=caller, timeout=30).json()["results"][0]["id"]
    # No list names these, from which the scorer could take them.
    paths[f"/api/v0/users/{me}/"] = paths.pop("/api/v0/users/{id}/")
    paths[f"/api/v0/orders/receipt/{order}/"] = paths.pop("/api/v0/orders/receipt/{id}/")
    paths[f"/api/v0/orders/status/{order}/"] = paths.pop("/api/v0/orders/status/{order_id}/")
    for published, address in of_certificates().items():
        paths[address] = paths.pop(published)
    report = scorer.compare_live({**contract, "paths": paths}, web_server, PREFIX, caller)
    assert len(report) >= 25
    assert scorer.show("live", report, verbose=True) == 1.0


def test_every_row_is_valid(contract: dict[str, Any], scorer: ModuleType, catalogue: int, web_server: str) -> None:
    """Not those of the first page alone."""
    for path, query in {"courses": "page_size=100", "programs": "page_size=100"}.items():
        listed = requests.get(f"{web_server}{PREFIX}/api/v2/{path}/?{query}", timeout=30).json()
        narrowed = {
            **contract,
            "paths": {f"/api/v2/{path}/{row['id']}/": contract["paths"][f"/api/v2/{path}/{{id}}/"] for row in listed["results"]},
        }
        report = scorer.compare_live(narrowed, web_server, PREFIX, {})
        assert len(report) == listed["count"]
        assert scorer.show(path, report, verbose=True) == 1.0


def test_operations_are_named_as_published(published: dict[str, Any], ours: dict[tuple[str, str], str]) -> None:
    theirs = operations(published)
    assert {key: name for key, name in ours.items() if theirs.get(key) != name and key not in OWN} == {}


def test_what_is_missing_is_listed_and_what_is_listed_is_missing(published: dict[str, Any], ours: dict[tuple[str, str], str]) -> None:
    missing = {path for path, method in operations(published).keys() - ours.keys()}
    assert {path for path in missing if not path.startswith(LATER)} == set()
    assert {each for each in LATER if not any(path.startswith(each) for path in missing)} == set()


def test_the_committed_document_is_the_one_that_is_served() -> None:
    snapshot = Path(__file__).parents[5] / "docs/api/mitxonline-all.yaml"
    assert snapshot.read_text() == documents.as_yaml(documents.document("mitxonline-all")), "run ./corridor schema mitxonline --write"


def test_answers_are_as_documented(caller: dict[str, str], web_server: str) -> None:
    known = [row["id"] for row in requests.get(f"{web_server}{PREFIX}/api/v2/courses/", timeout=30).json()["results"]]
    schema = schemathesis.openapi.from_url(f"{web_server}/api/schema/mitxonline-all.json")
    statuses: set[int] = set()
    carried_out: set[str] = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), real=st.booleans(), id=st.sampled_from(known))
        def holds(case: schemathesis.Case, real: bool, id: int) -> None:
            if real and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = id
            answer = case.call(headers=caller)
            statuses.add(answer.status_code)
            carried_out.update([case.method] if answer.status_code < 300 else [])
            case.validate_response(answer, checks=CHECKS)

        holds()
    assert {200, 400, 404} <= statuses
    assert {"GET", "PATCH"} <= carried_out
