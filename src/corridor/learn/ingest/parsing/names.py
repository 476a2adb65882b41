"""People's names from lists that others keep."""

import re
from collections.abc import Iterable
from functools import lru_cache

from corridor.learn.ingest.cleaning import plain_text
from corridor.learn.ingest.records import InstructorRecord

_SALUTATION = re.compile(r"^(?:(?:prof(?:essor)?|dr|mr|mrs|ms|mx|sir|dame|dipl|ing)\b\.?[\s-]*)+(?=\S)", re.IGNORECASE)
_DEGREE = re.compile(r",?\s+(?:ph\.?\s?d|m\.?d|mba|m\.?sc|b\.?sc|ed\.?d|j\.?d|esq|d\.?phil)\b\.?$", re.IGNORECASE)
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
_LABEL = re.compile(
    r"^\s*(?:(?:fall|spring|summer|winter|iap|first half|second half|instructors?|taught by|lecturers?)\s*:|consult\s)\s*", re.IGNORECASE
)
_INITIAL = re.compile(r"\s*(?:[A-Z][a-z]?\.|[A-Z]-[A-Z]\.?\s)\s*\S")
_NOBODY = frozenset(
    ("", "null", "none", "n/a", "na", "tba", "tbd", "staff", "unknown", "author unknown", "various", "various artists", "not available")
)
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "le", "ten", "van", "von", "y"}
)
_FIRST_HALVES = frozenset(
    {"ana", "anna", "anne", "carl", "eva", "hans", "jan", "jean", "johann", "karl", "luis", "maria", "marie", "mary", "pierre", "rose"}
)
_LONGEST = 256


@lru_cache(maxsize=1 << 14)  # the same people teach many runs
def person(text: str) -> InstructorRecord | None:
    """One person: "Doe, Jane" and "Prof. Jane Doe, PhD" are both Jane Doe. None for "Staff", "null" and their like."""
    name = _DEGREE.sub("", _SALUTATION.sub("", _LABEL.sub("", _plain(text)))).strip(" ,;")
    if name.casefold() in _NOBODY or not any(letter.isalpha() for letter in name) or len(name) > _LONGEST:
        return None
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma and first and not _SUFFIX.match(first) and "," not in first:
        return InstructorRecord(full_name=f"{first} {last}", first_name=first[:128], last_name=last[:128])
    first, last = _parts(name)
    return InstructorRecord(full_name=name, first_name=first[:128], last_name=last[:128])


def people(texts: str | Iterable[str], separators: str = ";") -> tuple[InstructorRecord, ...]:
    """Everyone in a list or in texts that separate names by any of the characters, in order, each once."""
    pieces = [texts] if isinstance(texts, str) else list(texts)
    for separator in separators:
        pieces = [part for piece in pieces for part in (hyphenated(piece) if separator == "-" else piece.split(separator))]
    pieces = [part for piece in pieces for part in _initialled(piece)]
    return tuple(dict.fromkeys(found for piece in pieces if (found := person(piece))))


def _initialled(text: str) -> list[str]:
    """A. Roe, B. Doe are two; Roe, A. is one."""
    parts = text.split(",")
    return parts if all(_INITIAL.match(_LABEL.sub("", part)) for part in parts) else [text]


def hyphenated(text: str) -> list[str]:
    """The names in a list joined by hyphens, of which some may have a hyphen themselves."""
    parts: list[str] = []
    for part in text.split("-"):
        lone = " " not in part.strip() and not _is_first_half(part)
        if parts and (lone or _is_first_half(parts[-1])):
            parts[-1] = f"{parts[-1]}-{part}"
        else:
            parts.append(part)
    return parts


def _is_first_half(part: str) -> bool:
    """Whether a hyphen after this belongs to the name, as in Jean-Luc, rather than to the list."""
    return part.strip().casefold() in _FIRST_HALVES


def _plain(text: str) -> str:
    return str(plain_text(text))


def _parts(name: str) -> tuple[str, str]:
    """First and last name of one in natural order; a single word is a last name. Particles go with the last name."""
    words = name.split()
    cut = len(words) - 1
    if cut > 1 and _SUFFIX.match(words[cut].strip(",.")):
        cut -= 1
    while cut > 1 and words[cut - 1].casefold() in _PARTICLES:
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])
