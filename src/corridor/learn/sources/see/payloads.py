"""Sloan's wire format: what we read of `courses` and `course-offerings`."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from corridor.learn.ingest.wire import Moment, Money, Payload, day

EASTERN = ZoneInfo("US/Eastern")


def _eastern(value: Any) -> Any:
    return value if isinstance(value, datetime) else day(value, EASTERN)


Day = Annotated[datetime | None, BeforeValidator(_eastern)]


class Course(Payload):
    Course_Id: Annotated[str, Field(min_length=1)]
    Title: Annotated[str, Field(min_length=1)]
    Description: str = ""
    Topics: str = ""
    Image_Src: str = ""
    URL: str = ""
    SourceLastModifiedDate: Moment = None


class Offering(Payload):
    CO_Title: Annotated[str, Field(min_length=1)]
    Start_Date: Day = None
    End_Date: Day = None
    Delivery: str = ""
    Duration: str = ""
    Price: Money | None = None
    Currency: str = ""
    Continuing_Ed_Credits: Money | None = None
    Time_Commitment: str = ""
    Location: str = ""
    Format: str = ""
    Faculty_Name: str = ""


class CourseAndOfferings(Payload):
    course: Course
    offerings: tuple[Offering, ...] = ()
