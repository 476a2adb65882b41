"""The small cast of the catalogue's tests: rows with sensible values, and what the published contract says of bodies."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from django.db import transaction
from jsonschema import Draft7Validator

from corridor.learn.catalog import details
from corridor.learn.catalog.documents import Published, publish
from corridor.learn.catalog.models import (
    Department,
    Instructor,
    LearningResource,
    Offeror,
    Platform,
    Relationship,
    ResourceDocument,
    Run,
    RunInstructor,
    School,
    Topic,
)
from corridor.learn.catalog.vocabulary import RelationType

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def days(number: float) -> datetime:
    """So many days from now."""
    return NOW + timedelta(days=number)


def make_resource(readable_id: str = "R1", resource_type: str = "course", **values: Any) -> LearningResource:
    platform, _ = Platform.objects.get_or_create(code="campus", defaults={"name": "Campus"})
    given = {"platform": platform, "title": f"Title of {readable_id}", "resource_category": ""} | values
    given["details"] = details.shaped(resource_type, given.get("details", {}))
    return LearningResource.objects.create(readable_id=readable_id, resource_type=resource_type, **given)


def make_run(resource: LearningResource, run_id: str = "1", teachers: Iterable[str] = (), **values: Any) -> Run:
    run = Run.objects.create(resource=resource, run_id=run_id, **{"title": resource.title} | values)
    for position, name in enumerate(teachers):
        RunInstructor.objects.create(run=run, instructor=Instructor.objects.get_or_create(full_name=name)[0], position=position)
    return run


def link(parent: LearningResource, *children: LearningResource, relation: RelationType) -> None:
    for position, child in enumerate(children):
        Relationship.objects.create(parent=parent, child=child, position=position, relation_type=relation)


def make_unit(code: str = "press", **values: Any) -> Offeror:
    return Offeror.objects.create(code=code, **{"name": f"Unit {code}"} | values)


def make_department(key: str = "6", school: str = "School of Engines") -> Department:
    return Department.objects.create(
        department_id=key,
        name=f"Department {key}",
        school=School.objects.get_or_create(name=school, defaults={"url": "https://example.org/"})[0],
    )


def make_topics(*names: str) -> list[Topic]:
    """A line of topics, each below the one before it."""
    line: list[Topic] = []
    for name in names:
        line.append(Topic.objects.create(name=name, icon="flask", parent=line[-1] if line else None))
    return line


def publish_now(*resources: LearningResource, now: datetime = NOW) -> Published:
    with transaction.atomic():
        return publish([resource.pk for resource in resources], now=now)


def body_of(resource: LearningResource) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(bytes(ResourceDocument.objects.get(pk=resource.pk).body))
    return body


# --- the published contract


@cache
def _components(path: Path) -> Any:
    return _as_json_schema(yaml.load(path.read_text(), yaml.CSafeLoader)["components"])


def problems(path: Path, schema: str, value: Any) -> list[str]:
    """Where a value leaves a schema of the contract at `path`."""
    whole = {"components": _components(path), "$ref": f"#/components/schemas/{schema}"}
    errors = Draft7Validator(whole, format_checker=Draft7Validator.FORMAT_CHECKER).iter_errors(value)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]


def _as_json_schema(node: Any) -> Any:
    """OpenAPI says nullable where JSON Schema has a null type."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _as_json_schema(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") else plain
