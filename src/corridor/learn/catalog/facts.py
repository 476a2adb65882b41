"""What documents are made of, as plain values. `loading` brings them from the database, `rendering` makes documents of them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

Json = dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """The reference data in published shape, shared by all bodies."""

    topics: dict[int, Json]
    departments: dict[str, Json]
    offerors: dict[str, Json]
    platforms: dict[str, Json]
    tags: dict[int, str]


class PriceFacts(TypedDict):
    amount: str
    currency: str


# The columns of models.Offering, models.LearningResource and models.Run, under the same names.


@dataclass(frozen=True, slots=True)
class OfferingFacts:
    id: int
    title: str
    description: str
    full_description: str
    url: str
    image_url: str
    image_alt: str
    image_description: str
    published: bool
    last_modified: datetime | None
    languages: list[str]
    availability: str
    delivery: list[str]
    pace: list[str]
    format: list[str]
    location: str
    duration: str
    time_commitment: str
    min_weeks: int | None
    max_weeks: int | None
    min_weekly_hours: int | None
    max_weekly_hours: int | None
    resource_prices: list[PriceFacts]


@dataclass(frozen=True, slots=True)
class ResourceFacts(OfferingFacts):
    readable_id: str
    resource_type: str
    resource_category: str
    platform_id: str | None
    offered_by_id: str | None
    ocw_topics: list[str]
    professional: bool
    certification: bool
    certification_type: str
    continuing_ed_credits: Decimal | None
    license_cc: bool
    completeness: float
    test_mode: bool
    require_summaries: bool
    details: Json
    view_count: int
    created_on: datetime


@dataclass(frozen=True, slots=True)
class RunFacts(OfferingFacts):
    resource_id: int
    run_id: str
    is_variant: bool
    level: list[str]
    slug: str
    semester: str
    year: int | None
    start_date: datetime | None
    end_date: datetime | None
    enrollment_start: datetime | None
    enrollment_end: datetime | None
    checksum: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A content file without its text, and the run that it belongs to, if any."""

    id: int
    resource_id: int
    direct_resource_id: int | None
    key: str
    uid: str
    title: str
    description: str
    url: str
    content_tags: list[str]
    content_type: str
    content_title: str
    content_author: str
    content_language: str
    checksum: str
    image_src: str
    source_path: str
    file_type: str
    file_extension: str
    edx_module_id: str
    youtube_id: str
    run__id: int | None
    run__run_id: str | None
    run__title: str | None
    run__slug: str | None
    run__semester: str | None
    run__year: int | None


class Child(TypedDict):
    """A published part, in published shape."""

    child: int
    position: int
    relation_type: str
    title: str
    readable_id: str


class Parent(TypedDict):
    """A published resource that this one is part of."""

    id: int
    relation_type: str
    title: str
    readable_id: str
    url: str
    course_numbers: list[Json] | None


@dataclass(frozen=True)
class Links:
    """Reference data of one resource, by key and in order."""

    topics: list[int] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class OwnedFile:
    """A content file and the resource that it belongs to: the material itself, or the course it was made from."""

    file: FileFacts
    owner: ResourceFacts
    links: Links  # of the owner


@dataclass(frozen=True)
class Facts:
    """What the document of one resource is made of."""

    resource: ResourceFacts
    links: Links
    runs: list[RunFacts]  # public ones, in order
    instructors: dict[int, list[Json]]  # by run, in order, in published shape
    children: list[Child]
    parents: list[Parent]
    files: list[OwnedFile]  # of materials
    featured: int | None  # best position in the units' featured lists
