"""Plain values of the catalogue, as rules and rendering take them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .requirements import Node

Json = dict[str, Any]


@dataclass(frozen=True)
class ModeFacts:
    mode_slug: str
    mode_display_name: str
    requires_payment: bool


@dataclass(frozen=True)
class ProductFacts:
    """With the price of its newest version."""

    id: int
    price: Decimal
    description: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    id: int
    course_id: int
    title: str
    courseware_id: str
    run_tag: str
    start_date: datetime | None = None
    end_date: datetime | None = None
    enrollment_start: datetime | None = None
    enrollment_end: datetime | None = None
    expiration_date: datetime | None = None
    upgrade_deadline: datetime | None = None
    certificate_available_date: datetime | None = None
    is_self_paced: bool = False
    live: bool = True
    has_courseware_url: bool = True
    b2b_contract: int | None = None
    is_source_run: bool = False
    language: str = "en"
    is_primary_language: bool = True
    variant_length: str = ""
    variant_industry: str = ""
    modes: tuple[ModeFacts, ...] = ()
    products: tuple[ProductFacts, ...] = ()  # active ones

    @property
    def is_public(self) -> bool:
        return self.b2b_contract is None and not self.is_source_run

    @property
    def is_variant(self) -> bool:
        """Shortened or made for an industry; a translation is none."""
        return bool(self.variant_length or self.variant_industry)

    @property
    def slugs(self) -> frozenset[str]:
        return frozenset(mode.mode_slug for mode in self.modes)


@dataclass(frozen=True, kw_only=True)
class ProspectusFacts:
    live: bool = False
    description: str = ""
    prerequisites: str = ""
    length: str = ""
    effort: str = ""
    min_weeks: int | None = None
    max_weeks: int | None = None
    min_weekly_hours: str = ""
    max_weekly_hours: str = ""
    price_text: str = ""
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    feature_image_src: str = ""
    financial_assistance_form_url: str = ""
    instructors: list[Json] = field(default_factory=list)
    include_in_learn_catalog: bool = False
    ingest_content_files_for_ai: bool = False  # of courses
    list_price: Decimal | None = None  # of programs


@dataclass(frozen=True)
class TopicFacts:
    name: str
    parent: str | None


@dataclass(frozen=True)
class ProgramName:
    """A program as others tell of it."""

    id: int
    title: str
    readable_id: str
    program_type: str
    display_mode: str | None


@dataclass(frozen=True, kw_only=True)
class CourseFacts:
    id: int
    title: str
    readable_id: str
    live: bool
    prospectus: ProspectusFacts
    departments: tuple[str, ...] = ()
    topics: tuple[TopicFacts, ...] = ()
    runs: tuple[RunFacts, ...] = ()
    variants: tuple[Json, ...] = ()
    programs: tuple[ProgramName, ...] = ()  # public ones that require it


@dataclass(frozen=True, kw_only=True)
class ProgramFacts:
    id: int
    title: str
    readable_id: str
    live: bool
    b2b_only: bool
    program_type: str
    availability: str
    display_mode: str | None
    start_date: datetime | None
    end_date: datetime | None
    enrollment_start: datetime | None
    enrollment_end: datetime | None
    prospectus: ProspectusFacts
    departments: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    modes: tuple[ModeFacts, ...] = ()
    products: tuple[ProductFacts, ...] = ()
    tree: tuple[Node, ...] = ()
    programs: tuple[ProgramName, ...] = ()  # public ones that require it
    collections: tuple[int, ...] = ()


@dataclass(frozen=True)
class Names:
    """Readable ids by number, of what trees refer to."""

    courses: dict[int, str]
    programs: dict[int, str]
