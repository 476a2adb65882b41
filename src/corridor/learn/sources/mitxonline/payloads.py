"""MITx Online's wire format: what we read of `/api/v2/courses/` and `/api/v2/programs/`, and of the older bare lists."""

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from corridor.learn.ingest.wire import Moment, Money, Names, Payload, Stated, Text, Whole


class EnrollmentMode(Payload):
    mode_slug: str


class Product(Payload):
    price: Money
    is_active: bool = True


class Page(Payload):
    page_url: str = ""
    live: bool = True
    include_in_learn_catalog: bool = True
    description: str = ""
    feature_image_src: str = ""
    length: str = ""
    effort: str = ""
    price: Text = ""
    instructors: Names = ()


class Variant(Payload):
    language: str = ""
    default_variant: bool = False


class CourseRun(Payload):
    courseware_id: Annotated[str, Field(min_length=1)]
    title: str = ""
    courseware_url: str = ""
    start_date: Moment = None
    end_date: Moment = None
    enrollment_start: Moment = None
    enrollment_end: Moment = None
    run_tag: str = ""
    course_number: str = ""
    is_enrollable: bool = True
    is_archived: bool = False
    is_self_paced: bool | None = None
    live: bool = True
    language: str = ""
    variant_length: str = ""
    variant_industry: str = ""
    b2b_contract: int | None = None
    products: tuple[Product, ...] = ()
    enrollment_modes: tuple[EnrollmentMode, ...] = ()
    page: Page | None = None  # in version 1 pages hang on runs


class Offer(Payload):
    """What courses and programs say alike."""

    title: Annotated[str, Field(min_length=1)]
    readable_id: Annotated[str, Field(min_length=1)]
    tombstone: str = ""  # of what the server says is gone: when that was
    page: Page | None = None
    include_in_learn_catalog: bool = True
    departments: Names = ()
    topics: Names = ()
    certificate_type: str = ""
    certificate_available: bool = True
    availability: Stated = None
    duration: str = ""
    time_commitment: str = ""
    min_weeks: Whole = None
    max_weeks: Whole = None
    min_weekly_hours: Whole = None
    max_weekly_hours: Whole = None
    min_price: Money | None = None
    max_price: Money | None = None
    # Version 1 embeds these in the courses of a program.
    page_url: str = ""
    feature_image_src: str = ""


class Course(Offer):
    ingest_content_files_for_ai: bool = False
    possible_variant_sets: tuple[Variant, ...] = ()
    courseruns: tuple[CourseRun, ...] = ()


class CourseAndArchives(Payload):
    course: Course
    archives: dict[str, Any] | None = None  # what olx.RunArchives gave


class NodeData(Payload):
    node_type: str = ""
    course: int | None = None
    required_program: int | None = Field(default=None, validation_alias=AliasChoices("required_program", "required_program_id"))


class Node(Payload):
    data: NodeData = Field(default_factory=NodeData)
    children: "tuple[Node, ...]" = ()


def _readable_id(value: Any) -> Any:
    return value.get("readable_id") if isinstance(value, dict) else value


class Program(Offer):
    id: int
    live: bool = True
    display_mode: str = ""
    program_type: str = ""
    start_date: Moment = None
    end_date: Moment = None
    enrollment_start: Moment = None
    enrollment_end: Moment = None
    enrollment_modes: tuple[EnrollmentMode, ...] = ()
    req_tree: tuple[Node, ...] = ()
    # Numbers of courses, or in version 1 the courses themselves, of which the name is enough.
    courses: tuple[Annotated[int | str, BeforeValidator(_readable_id)], ...] = ()


class OtherProgram(Payload):
    """Another program that a requirement names."""

    readable_id: str
    display_mode: str = ""
    req_tree: tuple[Node, ...] = ()


class ProgramAndParts(Payload):
    """A program with what its numbers stand for, taken from the listings that came with it."""

    program: Program
    courses: dict[int, str] = {}  # readable ids
    programs: dict[int, OtherProgram] = {}
