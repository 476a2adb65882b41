"""Course numbers and keys in all their spellings.

A code has one canonical form, from which looser forms follow. A document is indexed under its forms, a query asks for
them from the strictest to the loosest, so that 6.042 finds 6.042J, 6042J finds it too, and 6.00 does not find 6.001.

    spelling                          canonical   base     undotted
    6.042J  6.042j  6-042J            6.042j      6.042    6042j, 6042
    18.01sc  18.01SC                  18.01sc     18.01    1801sc, 1801
    CS 101  cs-101  CS101             cs101       cs101    cs101
    MITx+6.00.1x  course-v1:…+2T2020  6.00.1x     6.00.1   6001x, 6001      (family 6.00)
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .text import fold


class Form(StrEnum):
    """Kinds of index terms of a code; the value prefixes the term."""

    EXACT = "e"
    BASE = "b"  # without the letters that mark a variant: joint, scholar, online
    UNDOTTED = "d"
    BARE = "n"  # base without dots
    FAMILY = "f"  # 6.00 of 6.00.1x


_RUNS = re.compile(r"\d+|[^\W\d_]+")
_VARIANT = re.compile(r"(?<=\d)[^\W\d_]{1,3}$")
_SEPARATORS = re.compile(r"[\s/,;|]+")
_ORGANIZATION = re.compile(r"[^\W\d_][\w.-]*")


def canonical(code: str) -> str:
    """Lower case; a dot between two numbers stays, every other separator goes."""
    parts = _RUNS.findall(fold(code))
    joined = "".join(
        f".{part}" if part.isdigit() and before[-1:].isdigit() else part for before, part in zip(["", *parts], parts, strict=False)
    )
    return joined[:60]


def base(form: str) -> str:
    return _VARIANT.sub("", form)


def _family(form: str) -> str | None:
    stem, _, rest = base(form).rpartition(".")
    return stem if "." in stem and rest else None


def spellings(value: str) -> Iterator[str]:
    """The codes in a value of a document: lists are split, keys give their whole and the number within."""
    value = value.strip()
    if "+" in value:
        yield value
        parts = value.removeprefix("course-v1:").removeprefix("program-v1:").split("+")
        yield from (part for part in parts[1:2] if part)
    elif value.count("/") == 2 and _ORGANIZATION.fullmatch(value.partition("/")[0]):
        yield value.split("/")[1]
    else:
        yield value
        parts = [part for part in _SEPARATORS.split(value) if any(letter.isdigit() for letter in part)]
        if len(parts) > 1:
            yield from parts


def index_terms(values: Sequence[str]) -> list[str]:
    """Terms of a document whose codes are given, the primary one first."""
    terms: dict[str, None] = {}
    for position, value in enumerate(values):
        rank = "p" if position == 0 else "s"
        for spelling in spellings(value):
            form = canonical(spelling)
            for kind, text in _forms(form):
                terms[f"{rank}{kind}:{text}"] = None
    return list(terms)


def _forms(form: str) -> Iterator[tuple[Form, str]]:
    if not form:
        return
    yield Form.EXACT, form
    yield Form.BASE, base(form)
    yield Form.UNDOTTED, form.replace(".", "")
    yield Form.BARE, base(form).replace(".", "")
    if family := _family(form):
        yield Form.FAMILY, family


def query_terms(form: str) -> list[str]:
    """Index terms that a canonical code of a query asks for, best first: primary before cross-listed, exact before loose."""
    dotted = "." in form
    wanted = [(Form.EXACT, form), (Form.BASE, base(form))]
    if not dotted:
        wanted += [(Form.UNDOTTED, form), (Form.BARE, base(form))]
    else:
        wanted += [(Form.EXACT, form.replace(".", "")), (Form.FAMILY, base(form))]
    return [f"{rank}{kind}:{text}" for pair in (wanted[:2], wanted[2:]) for rank in "ps" for kind, text in pair]


@dataclass(frozen=True)
class Mention:
    """Something in a query that may be a code; whether it is one, the index knows."""

    form: str  # canonical
    start: int
    end: int


_KEY = r"(?:course|program)-v1:\S+|[^\W_][\w.-]*\+[\w.+-]*\w|[^\W\d_]\w*/[\w.-]*\d[\w.-]*/\w+"
_DOTTED = r"(?:\d{1,3}[a-z]{0,2}|[a-z]{2,5})\.[a-z]{0,2}\d{1,4}[a-z]{0,3}(?:\.\d{1,3}[a-z]{0,2})?"
_LETTERS = r"\d{1,2}[a-z]?\.[a-z]{2,4}"  # theses, research, practice: 18.THG, 6.UR
_DASHED = r"\d{1,2}[a-z]?[-_]\d{2,4}[a-z]{0,2}"
_LETTERED = r"[a-z]{2,8}[ _-]?\d{1,4}[a-z]{0,2}"
_RUN = r"\d{3,5}[a-z]{1,2}"
_MENTION = re.compile(rf"(?<![\w.])(?:{_KEY}|{_DOTTED}|{_LETTERS}|{_DASHED}|{_LETTERED}|{_RUN})(?!\w|\.\w)", re.IGNORECASE)
_ALONE = re.compile(r"\s*(?:\d{3,6}|[a-z]{2,5}\.[a-z]{2,4})\s*", re.IGNORECASE)


def mentions(text: str) -> Sequence[Mention]:
    """What may be codes in a query, from left to right, none overlapping."""
    if _ALONE.fullmatch(text):
        return (Mention(canonical(text), 0, len(text)),)
    return tuple(
        Mention(form, found.start(), found.end()) for found in _MENTION.finditer(text) if (form := canonical(_inner(found.group())))
    )


def _inner(spelling: str) -> str:
    return list(spellings(spelling))[-1] if "+" in spelling or "/" in spelling else spelling


def suggestion_terms(values: Iterable[str]) -> list[str]:
    """Canonical forms, for completion as one types."""
    return list(dict.fromkeys(form for value in values for spelling in spellings(value) if (form := canonical(spelling))))
