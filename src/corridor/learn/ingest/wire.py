"""What providers' answers are read into before they are mapped: lenient where old and new shapes differ, exact about types.

A field that cannot be what it must be raises pydantic's ValidationError, which names the place; null counts as absent.
"""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from corridor.learn.catalog.vocabulary import Availability

UTC = ZoneInfo("UTC")
YEARS = range(1900, 2200)


class Payload(BaseModel):
    """Part of an answer. Fields that are not declared are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, given: Any) -> Any:
        return {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given


def moment(value: Any, zone: tzinfo = UTC) -> datetime:
    """An ISO date or date and time; its own offset is kept, and without one it is read as of `zone`."""
    if not isinstance(value, str):
        raise ValueError("should be a date or a date and time as text")
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"{value[:40]!r} is no date or date and time") from None
    if read.year not in YEARS:
        raise ValueError(f"the year {read.year} is out of range")
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _moment_or_absent(value: Any) -> Any:
    return value if isinstance(value, datetime) else None if value == "" else moment(value)


def _word(value: Any) -> Any:
    return (value.strip().casefold() or None) if isinstance(value, str) else value


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value


def _whole(value: Any) -> Any:
    """Whole numbers also as text, as in "5" and "5.0"; blanks are absent."""
    if isinstance(value, str):
        value = value.strip()
        return value.removesuffix(".0") or None
    return value


def _names(value: Any) -> Any:
    """Names that are given bare or as objects with a name."""
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | dict):
        return value
    return tuple(each.get("name") if isinstance(each, dict) else each for each in value)


def _present(value: Any) -> Any:
    return tuple(each for each in value if each is not None) if isinstance(value, list | tuple) else value


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_present)]
Moment = Annotated[datetime | None, BeforeValidator(_moment_or_absent)]
Whole = Annotated[int | None, BeforeValidator(_whole)]
Stated = Annotated[Availability | None, BeforeValidator(_word)]
Money = Annotated[Decimal, BeforeValidator(_text), Field(ge=0)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_names)]


def day(value: Any, zone: tzinfo) -> datetime | None:
    """The first moment of a day in a zone; blanks and null are absent."""
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    return moment(value, zone)
