"""Whatever our own document allows is answered as it says, and nothing makes the server fail."""

import os

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from .conftest import Catalogue

pytestmark = pytest.mark.django_db

# Of each operation; a longer run is asked for with SCHEMATHESIS_EXAMPLES.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "8"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.parametrize("name", ["learn-v1", "learn-v0"])
def test_answers_are_as_documented(name: str, catalogue: Catalogue, client: Client, web_server: str) -> None:
    known = [row["id"] for row in client.get("/api/v1/learning_resources/?limit=20").json()["results"]]
    schema = schemathesis.openapi.from_url(f"{web_server}/api/schema/{name}.json")
    statuses: list[int] = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), real=st.booleans(), id=st.sampled_from(known))
        def holds(case: schemathesis.Case, real: bool, id: int) -> None:
            if real and case.path_parameters:
                case.path_parameters |= {name: id for name in ("id", "learning_resource_id") if name in case.path_parameters}
            answer = case.call()
            statuses.append(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        holds()
    assert {200, 400} <= set(statuses)
    if name == "learn-v1":
        assert 404 in statuses
