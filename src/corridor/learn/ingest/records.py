"""What a source maps its payloads to: typed, validated, free of the database. The vocabulary is the catalogue's own.

A record says only what its source says. Fields left at their default are unknown, and another source's record of the
same course may fill them in (see ingest.merge). HTML is cleaned here, once, so nothing unsafe is ever stored.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from corridor.learn.catalog import vocabulary as v

from .cleaning import absolute_url, clean_html, plain_text

Plain = Annotated[str, BeforeValidator(plain_text)]
Html = Annotated[str, BeforeValidator(clean_html)]
Url = Annotated[str, BeforeValidator(absolute_url), StringConstraints(max_length=2048)]
Short = Annotated[Plain, StringConstraints(max_length=256)]
Key = Annotated[Plain, StringConstraints(min_length=1, max_length=512)]


YEARS = range(1800, 2201)


def _in_our_time(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError(f"the year {moment.year} is out of range")
    return moment


Moment = Annotated[datetime, AfterValidator(_in_our_time)]


def _sorted(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


class Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PriceRecord(Record):
    amount: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"


class ImageRecord(Record):
    url: Url
    alt: Plain = ""
    description: Plain = ""


class InstructorRecord(Record):
    full_name: Annotated[Plain, StringConstraints(min_length=1, max_length=256)]
    first_name: Annotated[Plain, StringConstraints(max_length=128)] = ""
    last_name: Annotated[Plain, StringConstraints(max_length=128)] = ""


class OfferingRecord(Record):
    """What a resource and each of its runs say alike."""

    title: Annotated[Plain, StringConstraints(min_length=1, max_length=512)]
    description: Html = ""
    full_description: Html = ""
    url: Url = ""
    image: ImageRecord | None = None
    published: bool = True
    last_modified: Moment | None = None
    languages: tuple[str, ...] = ()
    availability: v.Availability | None = None
    delivery: Annotated[tuple[v.Delivery, ...], AfterValidator(_sorted)] = ()
    pace: Annotated[tuple[v.Pace, ...], AfterValidator(_sorted)] = ()
    format: Annotated[tuple[v.Format, ...], AfterValidator(_sorted)] = ()
    location: Short = ""
    duration: Short = ""
    time_commitment: Short = ""
    min_weeks: Annotated[int, Field(ge=0, le=1000)] | None = None
    max_weeks: Annotated[int, Field(ge=0, le=1000)] | None = None
    min_weekly_hours: Annotated[int, Field(ge=0, le=200)] | None = None
    max_weekly_hours: Annotated[int, Field(ge=0, le=200)] | None = None
    prices: tuple[PriceRecord, ...] = ()


class RunRecord(OfferingRecord):
    run_id: Annotated[Plain, StringConstraints(min_length=1, max_length=256)]
    is_b2b: bool = False
    is_variant: bool = False
    level: Annotated[tuple[v.Level, ...], AfterValidator(_distinct)] = ()
    slug: Annotated[Plain, StringConstraints(max_length=1024)] = ""
    semester: Annotated[Plain, StringConstraints(max_length=20)] = ""
    year: Annotated[int, Field(ge=YEARS[0], le=YEARS[-1])] | None = None
    start_date: Moment | None = None
    end_date: Moment | None = None
    enrollment_start: Moment | None = None
    enrollment_end: Moment | None = None
    instructors: Annotated[tuple[InstructorRecord, ...], AfterValidator(_distinct)] = ()
    checksum: Annotated[str, StringConstraints(max_length=32)] = ""


class ContentFileRecord(Record):
    key: Annotated[Plain, StringConstraints(min_length=1, max_length=1024)]
    run_id: str = ""  # of a run of the same resource; empty: the resource itself
    uid: Annotated[str, StringConstraints(max_length=36)] = ""
    title: Annotated[Plain, StringConstraints(max_length=1024)] = ""
    description: Plain = ""
    url: str = ""
    image_src: Url = ""
    content: str = ""
    content_title: Annotated[Plain, StringConstraints(max_length=1024)] = ""
    content_author: Annotated[Plain, StringConstraints(max_length=1024)] = ""
    content_language: Annotated[str, StringConstraints(max_length=24)] = ""
    content_type: v.ContentType = v.ContentType.FILE
    content_tags: Annotated[tuple[str, ...], AfterValidator(_sorted)] = ()
    file_type: Annotated[str, StringConstraints(max_length=128)] = ""
    file_extension: Annotated[str, StringConstraints(max_length=32)] = ""
    source_path: Annotated[str, StringConstraints(max_length=1024)] = ""
    edx_module_id: Annotated[str, StringConstraints(max_length=1024)] = ""
    youtube_id: Annotated[str, StringConstraints(max_length=32)] = ""
    duration: Annotated[str, StringConstraints(max_length=16)] = ""
    direct_resource: Annotated[str, StringConstraints(max_length=512)] = ""  # readable_id of the document or video made of it


class CourseNumberRecord(Record):
    value: Annotated[Plain, StringConstraints(min_length=1, max_length=64)]
    listing_type: Literal["primary", "cross-listed"] = "primary"
    department: str = ""  # a department id, if the number has one of ours


class ChildRecord(Record):
    """A part of this resource, named by what the source calls it."""

    readable_id: Key
    resource_type: v.ResourceType
    relation_type: v.RelationType
    platform: str = ""  # empty: the parent's


class ResourceRecord(OfferingRecord):
    """One resource as one source sees it. `platform`, `offered_by`, `departments` and `topics` are names in our reference data."""

    key: Annotated[Plain, StringConstraints(min_length=1, max_length=1024)]  # stable within the source
    readable_id: Key
    resource_type: v.ResourceType
    resource_category: Annotated[Plain, StringConstraints(max_length=64)] = ""  # empty: derived from the type
    platform: Annotated[str, StringConstraints(min_length=1, max_length=12)]
    offered_by: Annotated[str, StringConstraints(max_length=12)] = ""
    departments: Annotated[tuple[str, ...], AfterValidator(_sorted)] = ()  # ids or names; those that are none of ours are left out
    topics: Annotated[tuple[str, ...], AfterValidator(_sorted)] = ()  # the source's own words; ingest.topics maps them
    ocw_topics: tuple[str, ...] = ()
    content_tags: Annotated[tuple[str, ...], AfterValidator(_sorted)] = ()
    course_numbers: Annotated[tuple[CourseNumberRecord, ...], AfterValidator(_distinct)] = ()
    professional: bool = False
    certification: bool = False
    certification_type: v.CertificationType = v.CertificationType.NONE
    continuing_ed_credits: Annotated[Decimal, Field(ge=0, max_digits=5, decimal_places=2)] | None = None
    license_cc: bool = False
    completeness: Annotated[float, Field(ge=0, le=1)] = 1.0
    test_mode: bool = False
    require_summaries: bool = False
    details: dict[str, Any] = Field(default_factory=dict)  # of one type only, shaped by catalog.details
    runs: tuple[RunRecord, ...] = ()
    # None: the source says nothing of children or files here, and what is known stays as it is.
    children: tuple[ChildRecord, ...] | None = None
    content_files: tuple[ContentFileRecord, ...] | None = None
