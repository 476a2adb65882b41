"""Codes that clients of the published contract ask for, on whatever catalogue."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from corridor.learn.api import filters

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/learning_resources_search/"


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, list[str]]:
    contract = yaml.load((shared_data.parent / "contracts/learn-v1.yaml").read_text(), yaml.CSafeLoader)
    parameters = contract["paths"][SEARCH]["get"]["parameters"]
    return {each["name"]: each["schema"].get("items", {}).get("enum", []) for each in parameters}


@pytest.mark.parametrize(
    ("name", "codes"), [("platform", filters.PLATFORMS), ("offered_by", filters.OFFERORS), ("department", filters.DEPARTMENTS)]
)
def test_published_codes_are_taken_where_nothing_has_them(
    name: str, codes: filters.Codes, published: dict[str, list[str]], index: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "_known", frozenset())
    index.rebuild()
    assert len(published[name]) > 5
    answer = client.get(SEARCH, {name: published[name]})
    assert (answer.status_code, answer.json()["count"]) == (200, 0)
    assert client.get(SEARCH, {name: "betamax"}).status_code == 400
