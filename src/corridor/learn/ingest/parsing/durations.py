"""How long a course takes, from what people write of it."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = {
    # pattern in English, Spanish, Portuguese, French, Italian, German: weeks. A course's day is one of five in a week.
    r"days?|d[ií]as?|jours?|giorn[oi]|tag(?:e|en)?": Decimal(1) / 5,
    r"weeks?|wks?|w|semanas?|semaines?|settiman[ae]|wochen?": Decimal(1),
    r"months?|mos?|mes(?:es)?|m[eê]s|mois|mes[ei]|monate?n?": Decimal(4),
    r"years?|yrs?|a[ñn]os?|ans?|années?|ann[oi]|jahre?n?": Decimal(48),
}
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_RANGE = rf"{_NUMBER}(?:\s*\+)?(?:\s*(?:-|–|—|to|a|à|al|bis|até|or|o|ou)\s*{_NUMBER})?\s*[-+]?\s*"
_PATTERNS = [(re.compile(_RANGE + rf"(?:{unit})\b", re.IGNORECASE), weeks) for unit, weeks in _UNITS.items()]


@dataclass(frozen=True)
class Weeks:
    least: int
    most: int


def weeks(text: str) -> Weeks | None:
    """The first span of days, weeks, months or years in a text, in whole weeks, at least one. None where there is none."""
    found = [(match.start(), match, factor) for pattern, factor in _PATTERNS if (match := pattern.search(text))]
    if not found:
        return None
    _, match, factor = min(found, key=lambda each: each[0])
    first, second = (_number(group) for group in match.groups())
    if first is None or first == 0:
        return None
    least, most = sorted((first, second or first))
    return Weeks(_whole_weeks(least * factor), _whole_weeks(most * factor))


def days(text: str) -> int | None:
    """The days that a text speaks of, if it counts in days: "2 days" is 2."""
    match = _PATTERNS[0][0].search(text)
    number = _number(match.group(2) or match.group(1)) if match else None
    return math.ceil(number) if number else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if text else None


def _whole_weeks(weeks: Decimal) -> int:
    return min(max(math.ceil(weeks), 1), 1000)
