"""xPRO's wire format: what we read of `/api/courses/` and `/api/programs/`."""

from typing import Annotated

from pydantic import Field

from corridor.learn.ingest.wire import Moment, Money, Names, Payload, Stated, Whole


class CourseRun(Payload):
    courseware_id: Annotated[str, Field(min_length=1)]
    title: str = ""
    start_date: Moment = None
    end_date: Moment = None
    enrollment_start: Moment = None
    enrollment_end: Moment = None
    courseware_url: str = ""
    run_tag: str = ""
    instructors: Names = ()
    current_price: Money | None = None


class Offer(Payload):
    """What courses and programs say alike."""

    readable_id: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    url: str = ""
    external_marketing_url: str = ""
    thumbnail_url: str = ""
    topics: Names = ()
    duration: str = ""
    min_weeks: Whole = None
    max_weeks: Whole = None
    time_commitment: str = ""
    min_weekly_hours: Whole = None
    max_weekly_hours: Whole = None
    format: str = ""
    credits: Money | None = None
    platform: str = ""
    availability: Stated = None


class Course(Offer):
    courseruns: tuple[CourseRun, ...] = ()


class CourseAndArchives(Payload):
    course: Course
    archives: dict[str, object] | None = None  # what olx.RunArchives gave


class Program(Offer):
    current_price: Money | None = None
    start_date: Moment = None
    end_date: Moment = None
    enrollment_start: Moment = None
    enrollment_end: Moment = None
    courses: tuple[Course, ...] = ()
    instructors: Names = ()
