"""What files of a catalogue hold: courses and programs as `/api/v2` gives them, the bare lists of version 1, seeds of developers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import TextChoices
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from corridor.kit import clock

from .vocabulary import Availability, DisplayMode

YEARS = range(1970, 2200)


class Payload(BaseModel):
    """Fields that are not declared are ignored; null counts as absent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, given: Any) -> Any:
        return {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given


def _moment(value: Any) -> Any:
    """A date that begins with a dash is of the year of loading."""
    if not isinstance(value, str):
        return value
    text = f"{clock.now().year}{value}" if value.startswith("-") else value
    moment = datetime.fromisoformat(text)
    if moment.year not in YEARS:
        raise ValueError(f"the year {moment.year} is out of range")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _names(value: Any) -> Any:
    """Names that are given bare or as objects."""
    return [each.get("name") if isinstance(each, dict) else each for each in value] if isinstance(value, list) else value


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value


def _slugs(value: Any) -> Any:
    return [{"mode_slug": each} if isinstance(each, str) else each for each in value] if isinstance(value, list) else value


def _known(vocabulary: type[TextChoices], otherwise: Any) -> Callable[[Any], Any]:
    """A word of a vocabulary; payloads have others, which say no more than nothing does."""
    return lambda value: value if value in vocabulary.values else otherwise


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Text = Annotated[str, BeforeValidator(_text)]
Price = Annotated[Decimal, BeforeValidator(_text), Field(ge=0, max_digits=7, decimal_places=2)]


class Mode(Payload):
    mode_slug: Annotated[str, Field(min_length=1)]
    mode_display_name: str = ""
    requires_payment: bool | None = None


Modes = Annotated[tuple[Mode, ...], BeforeValidator(_slugs)]


class SoldAs(Payload):
    price: Price
    description: str = ""
    is_active: bool = True


class Topic(Payload):
    name: Annotated[str, Field(min_length=1)]
    parent: str | None = None


class Page(Payload):
    live: bool = True
    description: str = ""
    feature_image_src: str = ""
    length: str = ""
    effort: str = ""
    price: Text = ""
    list_price: Price | None = None
    instructors: tuple[dict[str, Any], ...] = ()
    financial_assistance_form_url: str = ""
    include_in_learn_catalog: bool | None = None


class Run(Payload):
    courseware_id: str
    title: str = ""
    run_tag: str = ""
    start_date: Moment = None
    end_date: Moment = None
    enrollment_start: Moment = None
    enrollment_end: Moment = None
    expiration_date: Moment = None
    upgrade_deadline: Moment = None
    certificate_available_date: Moment = None
    is_self_paced: bool = False
    live: bool = True
    language: str = "en"
    is_primary_language: bool = True
    variant_length: str = ""
    variant_industry: str = ""
    b2b_contract: int | None = None
    is_source_run: bool = False
    enrollment_modes: Modes = ()
    products: tuple[SoldAs, ...] = ()
    price: Price | None = None  # of seeds, which have no products
    page: Page | None = None  # in version 1 pages hang on runs


class Variant(Payload):
    language: str = "en"
    variant_length: str = ""
    variant_industry: str = ""
    active: bool = True
    b2b_only: bool = False
    default_variant: bool = False


class Offer(Payload):
    """What courses and programs say alike."""

    id: int | None = None
    title: Annotated[str, Field(min_length=1)]
    readable_id: Annotated[str, Field(min_length=1)]
    page: Page | None = None
    description: str = ""
    length: str = ""
    departments: Names = ()
    duration: str = ""
    time_commitment: str = ""
    min_weeks: int | None = None
    max_weeks: int | None = None
    min_weekly_hours: Text = ""
    max_weekly_hours: Text = ""
    min_price: Price | None = None
    max_price: Price | None = None
    required_prerequisites: bool = False
    prerequisites: str = ""
    include_in_learn_catalog: bool | None = None


def _topics(value: Any) -> Any:
    return [{"name": each} if isinstance(each, str) else each for each in value] if isinstance(value, list) else value


class Course(Offer):
    live: bool | None = None
    topics: Annotated[tuple[Topic, ...], BeforeValidator(_topics)] = ()
    ingest_content_files_for_ai: bool = False
    possible_variant_sets: tuple[Variant, ...] = ()
    courseruns: tuple[Run, ...] = Field(default=(), validation_alias=AliasChoices("courseruns", "course_runs"))

    @property
    def told_on(self) -> Page:
        """The course's own page; in version 1 that of a run."""
        return self.page or next((run.page for run in self.courseruns if run.page), Page(description=self.description))


class Program(Offer):
    live: bool = True
    b2b_only: bool = False
    program_type: str = "Series"
    availability: Annotated[Availability, BeforeValidator(_known(Availability, Availability.ANYTIME))] = Availability.ANYTIME
    display_mode: Annotated[DisplayMode | None, BeforeValidator(_known(DisplayMode, None))] = None
    start_date: Moment = None
    end_date: Moment = None
    enrollment_start: Moment = None
    enrollment_end: Moment = None
    enrollment_modes: Modes = ()
    products: tuple[SoldAs, ...] = ()
    courses: tuple[Any, ...] = ()
    req_tree: Any = None


def rows(document: Any) -> list[Any]:
    """The courses and programs of a file, whichever way they are listed."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return []
    lists = [value for name in ("results", "courses", "programs") if isinstance(value := document.get(name), list)]
    return [document] if is_course(document) or is_program(document) else [row for found in lists for row in found]


def is_course(row: Any) -> bool:
    return isinstance(row, dict) and ("courseruns" in row or "course_runs" in row or str(row.get("readable_id")).startswith("course-"))


def is_program(row: Any) -> bool:
    named = isinstance(row, dict) and ("req_tree" in row or str(row.get("readable_id")).startswith("program-"))
    return named and not is_course(row)


def courses_within(row: Any) -> Iterator[Any]:
    """Courses that a program of version 1 embeds."""
    yield from (each for each in row.get("courses") or () if is_course(each))


def numbers(found: Any) -> dict[int, str]:
    """Readable ids of courses and programs by the numbers that they have where the file comes from, wherever the rows name both."""
    if isinstance(found, list):
        return {id: name for each in found for id, name in numbers(each).items()}
    if not isinstance(found, dict):
        return {}
    id, name = found.get("id"), found.get("readable_id")
    own = {id: name} if isinstance(id, int) and isinstance(name, str) else {}
    return own | {id: name for value in found.values() if isinstance(value, list | dict) for id, name in numbers(value).items()}
