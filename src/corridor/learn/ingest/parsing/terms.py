"""Academic terms in the spellings of catalogues."""

import re
from dataclasses import dataclass

_NAMES = {
    "Spring": "spring sp s spr 1t",
    "Summer": "summer su sum 2t",
    "Fall": "fall fa f autumn au 3t",
    "Winter": "winter wi w win",
    "January IAP": "iap ja i january",
}  # fmt: skip
_SEMESTERS = {word: name for name, words in _NAMES.items() for word in words.split()}
_WORD = "|".join(sorted((word for word in _SEMESTERS if not word[0].isdigit()), key=len, reverse=True))
_EDX = re.compile(r"(?<![0-9])([1-3]T)(20\d\d)", re.IGNORECASE)
_WORD_FIRST = re.compile(rf"(?<![a-z])({_WORD})[\s_'+-]*(20\d\d|19\d\d|\d\d)(?!\d)", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"(?<!\d)(20\d\d|19\d\d)[\s_-]*({_WORD})(?![a-z])", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True)
class Term:
    semester: str = ""  # Spring, Summer, Fall, Winter, January IAP; "" where it is not said
    year: int | None = None


def term(text: str) -> Term:
    """The term that a text names: 3T2016, Fall 2022, 2022_Fall, f22 and 2022-wi; a bare year gives the year alone."""
    if match := _EDX.search(text):
        return Term(_SEMESTERS[match[1].lower()], int(match[2]))
    if match := _YEAR_FIRST.search(text):
        return Term(semester(match[2]), int(match[1]))
    if match := _WORD_FIRST.search(text):
        return Term(semester(match[1]), _full_year(match[2]))
    if match := _YEAR.search(text):
        return Term(year=int(match[1]))
    return Term(semester(text))


def semester(word: str) -> str:
    """The published name of a semester's word or code; "" for what is none."""
    return _SEMESTERS.get(word.strip().casefold(), "")


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
