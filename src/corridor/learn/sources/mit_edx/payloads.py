"""The discovery API's wire format: what we read of `catalogs/<id>/courses` and `programs`."""

from typing import Annotated, Any

from pydantic import Field

from corridor.learn.ingest.wire import Moment, Money, Names, Payload


class Image(Payload):
    src: str = ""
    description: str = ""


class Owner(Payload):
    key: str = ""
    name: str = ""


class Seat(Payload):
    type: str = ""
    price: Money
    currency: str = "USD"


class Person(Payload):
    given_name: str = ""
    family_name: str = ""


class CourseRun(Payload):
    key: Annotated[str, Field(min_length=1)]
    title: str = ""
    short_description: str = ""
    full_description: str = ""
    marketing_url: str = ""
    image: Image | None = None
    seats: tuple[Seat, ...] = ()
    start: Moment = None
    end: Moment = None
    enrollment_start: Moment = None
    enrollment_end: Moment = None
    pacing_type: str = ""
    status: str = ""
    is_enrollable: bool = True
    availability: str = ""
    staff: tuple[Person, ...] = ()
    min_effort: int | None = None
    max_effort: int | None = None
    weeks_to_complete: int | None = None
    level_type: str = ""
    content_language: str = ""
    modified: Moment = None


class Course(Payload):
    key: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    short_description: str = ""
    full_description: str = ""
    marketing_url: str = ""
    image: Image | None = None
    owners: tuple[Owner, ...] = ()
    subjects: Names = ()
    course_runs: tuple[CourseRun, ...] = ()
    modified: Moment = None


class CourseAndArchives(Payload):
    course: Course
    archives: dict[str, Any] | None = None  # what olx.RunArchives gave


class BannerSize(Payload):
    url: str = ""


class Program(Payload):
    uuid: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    subtitle: str = ""
    marketing_hook: str = ""
    type: str = ""
    status: str = ""
    marketing_url: str = ""
    card_image_url: str = ""
    banner_image: dict[str, BannerSize] = {}
    authoring_organizations: tuple[Owner, ...] = ()
    courses: tuple[Course, ...] = ()
    data_modified_timestamp: Moment = None


class ListedCourse(Payload):
    """What a program takes over from the full entry of one of its courses."""

    subjects: Names = ()
    staff: tuple[Person, ...] = ()
    min_effort: int | None = None
    max_effort: int | None = None


class ProgramAndCourses(Payload):
    program: Program
    listed: dict[str, ListedCourse] = {}  # by course key
