"""What Open edX answers, as far as it is read."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Token(Told):
    access_token: str
    expires_in: int = 3600
    token_type: str = "Bearer"  # noqa: S105 - a kind, not a token


class Account(Told):
    username: str
    email: str | None = None


class CourseNamed(Told):
    course_id: str


class Enrollment(Told):
    mode: str
    is_active: bool
    user: str | None = None
    course_details: CourseNamed


class RunDetails(Told):
    """A course run as the courseware has it."""

    key: str = Field(alias="id")
    title: str = Field(alias="name")
    start_date: datetime | None = Field(None, alias="start")
    end_date: datetime | None = Field(None, alias="end")
    enrollment_start: datetime | None = None
    enrollment_end: datetime | None = None
    certificate_available_date: datetime | None = None
    pacing: str = "instructor"


class Paging(Told):
    next: str | None = None


class RunPage(Told):
    results: Sequence[RunDetails]
    pagination: Paging


class Grade(Told):
    username: str
    passed: bool
    percent: Decimal
    letter_grade: Annotated[str, BeforeValidator(lambda letter: letter or "")] = ""


class GradePage(Told):
    results: Sequence[Grade]
    next: str | None = None


class Certificate(Told):
    username: str
    status: str
    is_passing: bool = False
    grade: str | None = None


class Mode(Told):
    mode_slug: str
    mode_display_name: str
    min_price: Decimal = Decimal(0)


class Module(Told):
    id: str
    title: str
    effort_time: int
    effort_activities: int
    counts: dict[str, int]


class Outline(Told):
    course_id: str
    generated_at: datetime
    modules: Sequence[Module]


Refusal = dict[str, Any]
