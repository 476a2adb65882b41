"""What is served is what the published contract says: its own scorer finds nothing to object to."""

import sys
from http.cookiejar import DefaultCookiePolicy
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import requests
import yaml

from corridor.kit.api import documents

from .conftest import Catalogue

pytestmark = pytest.mark.django_db

# Tags of operations that come with other parts: lists and letters of learners, articles, forms, news, tutors, profiles.
OTHERS = {
    "v1": {"articles", "hubspot", "learning_resources_user_subscription", "program_letters", "userlists", "website_content"},
    "v0": {"ckeditor", "news_events", "news_events_sources", "profiles", "program_certificates", "testimonials", "tutor", "widget_lists"},
}
# Of tags that are served: those for editors of learning paths, and for administrators of accounts.
LATER = {"learningpaths_membership_list", "users_list", "users_retrieve"}
# The scorer takes values of a path from what its beginning lists, and these beginnings list nothing; test_channels has them.
UNREACHABLE = {"GET /api/v0/channels/counts/{channel_type}/", "GET /api/v0/channels/type/{channel_type}/{name}/"}


@pytest.fixture(params=["v1", "v0"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def contract(version: str, shared_data: Path) -> dict[str, Any]:
    """The contract without what is not to be read here yet."""
    whole: dict[str, Any] = yaml.load((shared_data.parent / f"contracts/learn-{version}.yaml").read_text(), yaml.CSafeLoader)
    whole["paths"] = {
        path: {"get": item["get"]}
        for path, item in whole["paths"].items()
        if "get" in item and item["get"]["tags"][0] not in OTHERS[version] and item["get"]["operationId"] not in LATER
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


class HttpxClient(requests.Session):
    """As much of httpx as the scorer uses."""

    def __init__(self, *, base_url: str, headers: dict[str, str], timeout: float, follow_redirects: bool) -> None:
        super().__init__()
        self.headers.update(headers)
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # those given are to be sent, no others
        self._base_url = base_url

    def request(self, method: str | bytes, url: str | bytes, **options: Any) -> requests.Response:
        return super().request(method, f"{self._base_url}{url!s}", **options)


def test_our_document_has_every_operation_parameter_and_property(version: str, contract: dict[str, Any], scorer: ModuleType) -> None:
    report = scorer.compare_static(contract, documents.document(f"learn-{version}"), "")
    assert scorer.show(f"static {version}", report, verbose=True) == 1.0


def test_answers_on_real_payloads_are_valid(
    version: str, contract: dict[str, Any], scorer: ModuleType, catalogue: Catalogue, web_server: str
) -> None:
    report = scorer.compare_live(contract, web_server, "", {"Cookie": catalogue.staff_cookie})
    reachable = {name: problems for name, problems in report.items() if name not in UNREACHABLE}
    assert scorer.show(f"live {version}", reachable, verbose=True) == 1.0
    assert len(report) - len(reachable) == (2 if version == "v0" else 0)


def test_operations_are_named_as_published(version: str, contract: dict[str, Any]) -> None:
    assert operation_ids(contract) == operation_ids(documents.document(f"learn-{version}"))


def operation_ids(document: dict[str, Any]) -> dict[str, str]:
    return {path: item["get"]["operationId"] for path, item in document["paths"].items() if "?" not in path}


def test_the_committed_document_is_the_one_that_is_served(version: str) -> None:
    snapshot = Path(__file__).parents[2] / f"docs/api/learn-{version}.yaml"
    assert snapshot.read_text() == documents.as_yaml(documents.document(f"learn-{version}")), "run ./corridor schema learn --write"
