"""How many hours a week a course asks for, from what people write of it."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

_HOUR = r"(?:hours?|hrs?|h\b|horas?|heures?|ore\b|stunden)"
_PER_DAY = r"(?:/|\s|per|a|an|each|al|par|por|pro|am)*(?:day|d[ií]a|jour|giorno|tag|daily)"
_SPAN = re.compile(
    r"(\d{1,3}(?:[.,]\d{1,2})?)(?:\s*(?:-|–|—|to|a|à|or|o|bis)\s*(\d{1,3}(?:[.,]\d{1,2})?))?"
    rf"\s*\+?\s*-?\s*{_HOUR}?(?P<daily>{_PER_DAY})?",
    re.IGNORECASE,
)
_WORKDAYS = 5
_HOURS_OF_A_WEEK = 168


@dataclass(frozen=True)
class Hours:
    least: int
    most: int


def weekly_hours(text: str, days: int | None = None) -> Hours | None:
    """The first number or range of a text as hours in a week; a number without a unit counts as such.

    Hours of a day are taken times the days that the course has in a week: `days` where it lasts less than a week, else five.
    """
    match = _SPAN.search(text)
    if not match:
        return None
    factor = min(days or _WORKDAYS, _WORKDAYS) if match["daily"] else 1
    first = Decimal(match[1].replace(",", "."))
    second = Decimal(match[2].replace(",", ".")) if match[2] else first
    least, most = sorted(math.ceil(number * factor) for number in (first, second))
    return Hours(least, most) if 0 < most <= _HOURS_OF_A_WEEK else None
