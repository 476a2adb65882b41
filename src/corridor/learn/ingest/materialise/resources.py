"""Rows of resources."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from corridor.learn.catalog.details import SHAPES
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.rules import resource_category
from corridor.learn.ingest.merge import Json
from corridor.learn.ingest.sql import Table, defaults, fetch

# Columns that resources and runs share and that are stored as a record says them.
OFFERING = (
    "title", "description", "full_description", "url", "published", "last_modified", "languages", "availability", "delivery", "pace", "format",
    "location", "duration", "time_commitment", "min_weeks", "max_weeks", "min_weekly_hours", "max_weekly_hours",
)  # fmt: skip
SHAPED = ("image_url", "image_alt", "image_description", "resource_prices")
OWN = (
    "ocw_topics",
    "professional",
    "certification",
    "certification_type",
    "continuing_ed_credits",
    "license_cc",
    "completeness",
    "test_mode",
    "require_summaries",
)
RESOURCES = Table(
    "learn_learningresource",
    key=("id",),
    columns=("readable_id", "resource_type", "resource_category", "platform_id", "offered_by_id", "details", *OFFERING, *SHAPED, *OWN),
    stamps={"updated_on": "now()"},
    first={"view_count": "0"},
)
_BLANK = defaults(LearningResource, (*OFFERING, *SHAPED, *OWN))
_DETAILS = {kind: shape().model_dump() for kind, shape in SHAPES.items()}
DISPLACE = "UPDATE learn_learningresource SET readable_id = left(readable_id, 480) || '~' || id WHERE id = ANY(%s) RETURNING id"
UNPUBLISH = """
    UPDATE learn_learningresource SET published = false, updated_on = now() WHERE id = ANY(%s) AND published AND NOT test_mode RETURNING id
"""


def write(records: Mapping[int, Json]) -> set[int]:
    """Write the rows of resources by id. Gives those that are new or differ."""
    rows = ({"id": id, **row(record)} for id, record in records.items())
    return {id for (id,) in RESOURCES.upsert(rows, returning=["id"])}


def displace(ids: Iterable[int]) -> set[int]:
    """Have resources give up their readable_id to another."""
    return {id for (id,) in fetch(DISPLACE, [list(ids)])}


def unpublish(ids: Iterable[int]) -> set[int]:
    """Hide resources that nobody describes any more; those in test mode stay."""
    return {id for (id,) in fetch(UNPUBLISH, [list(ids)])}


def row(record: Json) -> dict[str, Any]:
    kind = record["resource_type"]
    return {
        **_BLANK,
        **offering(record, (*OFFERING, *OWN)),
        "readable_id": record["readable_id"],
        "resource_type": kind,
        "resource_category": resource_category(kind, record.get("resource_category", "")),
        "platform_id": record["platform"],
        "offered_by_id": record.get("offered_by") or None,
        "details": {**_DETAILS[kind], **record.get("details", {})},
    }


def offering(record: Json, names: Iterable[str]) -> dict[str, Any]:
    """What a resource or a run says in columns of the same names, and its image and prices."""
    said = {name: record[name] for name in names if record.get(name) is not None}
    if image := record.get("image"):
        said |= {"image_url": image["url"], "image_alt": image.get("alt", ""), "image_description": image.get("description", "")}
    if prices := record.get("prices"):
        said["resource_prices"] = least_first(prices)
    return said


def least_first(prices: Iterable[Json]) -> list[Json]:
    """Prices with two decimals, each once."""
    known = {(Decimal(price["amount"]), price.get("currency", "USD")) for price in prices}
    return [{"amount": f"{amount:.2f}", "currency": currency} for amount, currency in sorted(known)]
