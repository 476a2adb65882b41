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
from django.db import transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from corridor.kit.api import documents
from corridor.mitxonline.catalog import importing
from corridor.mitxonline.catalog.documents import publish
from corridor.mitxonline.catalog.models import CourseRun, Program, ProgramCollection, ProgramCollectionItem
from corridor.mitxonline.catalog.tests.cast import a_product
from tests.contracts.test_published_contract import HttpxClient

pytestmark = pytest.mark.django_db

PREFIX = "/mitxonline"
# Operations that read the catalogue; the others come with enrollment, commerce and Open edX.
SERVED = ("/api/v1/courses/", "/api/v1/course_runs/", "/api/v1/programs/", "/api/v1/departments/", "/api/v2/courses/", "/api/v2/programs/", "/api/v2/departments/", "/api/v2/program-collections/", "/api/v3/courses/variant_runs/", "/api/v0/products/")  # fmt: skip
LATER = ("/api/v0/products/all/", "/user_flexible_price/")
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
def contract(shared_data: Path) -> dict[str, Any]:
    """The published contract, without what is not to be read here yet."""
    whole: dict[str, Any] = yaml.load((shared_data.parent / "contracts/mitxonline.yaml").read_text(), yaml.CSafeLoader)
    whole["paths"] = {
        path: {"get": item["get"]}
        for path, item in whole["paths"].items()
        if path.startswith(SERVED) and not any(part in path for part in LATER)
    }
    return whole


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
    assert len(report) == 19
    assert scorer.show("static", report, verbose=True) == 1.0


def test_answers_on_real_payloads_are_valid(contract: dict[str, Any], scorer: ModuleType, catalogue: int, web_server: str) -> None:
    report = scorer.compare_live(contract, web_server, PREFIX, {})
    assert len(report) == 19
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


def test_operations_are_named_as_published(contract: dict[str, Any]) -> None:
    ours = documents.document("mitxonline-all")["paths"]
    named = {path.removeprefix(PREFIX): item["get"]["operationId"] for path, item in ours.items() if "get" in item}
    assert {path: name for path, name in named.items() if path in contract["paths"]} == {
        path: item["get"]["operationId"] for path, item in contract["paths"].items()
    }


def test_the_committed_document_is_the_one_that_is_served() -> None:
    snapshot = Path(__file__).parents[5] / "docs/api/mitxonline-all.yaml"
    assert snapshot.read_text() == documents.as_yaml(documents.document("mitxonline-all")), "run ./corridor schema mitxonline --write"


def test_answers_are_as_documented(catalogue: int, web_server: str) -> None:
    known = [row["id"] for row in requests.get(f"{web_server}{PREFIX}/api/v2/courses/", timeout=30).json()["results"]]
    schema = schemathesis.openapi.from_url(f"{web_server}/api/schema/mitxonline-all.json")
    statuses: set[int] = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), real=st.booleans(), id=st.sampled_from(known))
        def holds(case: schemathesis.Case, real: bool, id: int) -> None:
            if real and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = id
            answer = case.call()
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        holds()
    assert {200, 400, 404} <= statuses
