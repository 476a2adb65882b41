"""Query parameters, declared once: for reading what was asked, for refusing what was not meant, for the OpenAPI document."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from corridor.kit.errors import Problem

Json = dict[str, Any]
Asked = Mapping[str, Any]

MOST_VALUES = 200  # of one parameter
MOST_LETTERS = 2_000
LARGEST = 2**53 - 1  # what JSON's readers tell apart
MOST_LISTED = 60  # allowed values in a message
WHOLE = re.compile(r"-?[0-9]{1,17}", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]{1,17}(\.[0-9]{1,17})?", re.ASCII)
TRUTH = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


class NotMeant(ValueError):
    """A value that a parameter does not take; the text says what it takes."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One name of a query string. `many` may be repeated and gives a tuple; another gives one value or its default."""

    name: str
    help: str = ""
    many: bool = False
    default: Any = None

    commas = False  # whether values of `many` may also be joined by commas

    def value(self, given: str) -> Any:
        """Raises NotMeant."""
        raise NotImplementedError

    @property
    def value_schema(self) -> Json:
        raise NotImplementedError

    @property
    def schema(self) -> Json:
        schema = {"type": "array", "items": self.value_schema} if self.many else dict(self.value_schema)
        return schema | ({} if self.default is None else {"default": self.default})

    @property
    def unasked(self) -> Any:
        """What it gives when nobody asks."""
        return () if self.many else self.default

    def read(self, given: Sequence[str]) -> Any:
        """What was asked, given at least once. Raises NotMeant."""
        if not self.many:
            if len(given) > 1:
                raise NotMeant("is given more than once; it takes one value.")
            return self.value(given[0])
        values = [value for each in given for value in each.split(",")] if self.commas else given
        if len(values) > MOST_VALUES:
            raise NotMeant(f"has {len(values)} values; it takes up to {MOST_VALUES}.")
        return tuple(dict.fromkeys(map(self.value, values)))


@dataclass(frozen=True, kw_only=True)
class Text(Parameter):
    longest: int = MOST_LETTERS
    empty: bool = False  # whether nothing at all may be asked for

    def value(self, given: str) -> str:
        if len(given) > self.longest:
            raise NotMeant(f"is {len(given)} characters long; it takes up to {self.longest}.")
        if "\0" in given:
            raise NotMeant("holds a character of code 0, which no text has.")
        if not given and not self.empty:
            raise NotMeant("is empty; give a value or leave it out.")
        return given

    @property
    def value_schema(self) -> Json:
        return {"type": "string", "maxLength": self.longest} | ({} if self.empty else {"minLength": 1})


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    least: int = 0
    most: int = LARGEST

    def value(self, given: str) -> int:
        if WHOLE.fullmatch(given) and self.least <= int(given) <= self.most:
            return int(given)
        raise NotMeant(f"takes a whole number from {self.least} to {self.most}, not {_quoted(given)}.")

    @property
    def value_schema(self) -> Json:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Measure(Parameter):
    """A number that may have decimals."""

    least: float
    most: float

    def value(self, given: str) -> float:
        if DECIMAL.fullmatch(given) and self.least <= float(given) <= self.most:
            return float(given)
        raise NotMeant(f"takes a number from {self.least:g} to {self.most:g}, not {_quoted(given)}.")

    @property
    def value_schema(self) -> Json:
        return {"type": "number", "format": "double", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    def value(self, given: str) -> bool:
        if given in TRUTH:
            return TRUTH[given]
        raise NotMeant(f"takes true or false, not {_quoted(given)}.")

    @property
    def value_schema(self) -> Json:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of a closed vocabulary: code → label."""

    choices: Mapping[str, str]

    commas = True

    def value(self, given: str) -> str:
        if given in self.choices:
            return given
        raise NotMeant(_allowed(given, self.choices))

    @property
    def value_schema(self) -> Json:
        return {"type": "string", "enum": list(self.choices)}


@dataclass(frozen=True, kw_only=True)
class Code(Parameter):
    """A code of rows that staff may add to. `known(fresh)` gives the codes; with `fresh`, as they are at this moment."""

    known: Callable[[bool], Collection[str]]

    commas = True

    def value(self, given: str) -> str:
        if given in self.known(False):
            return given
        codes = self.known(True)
        if given in codes:
            return given
        raise NotMeant(_allowed(given, sorted(codes)))

    @property
    def value_schema(self) -> Json:
        return {"type": "string", "minLength": 1}


def _quoted(given: str) -> str:
    shown = given if len(given) <= 60 else f"{given[:59]}…"
    return f"“{shown}”"


def _allowed(given: str, codes: Collection[str]) -> str:
    listed = ", ".join([*codes][:MOST_LISTED]) + (", …" if len(codes) > MOST_LISTED else "")
    return f"has no value {_quoted(given)}. It takes: {listed or 'nothing yet'}."


class ParametersRefused(Problem):
    """A query string that names something unknown, or has a value that a parameter does not take."""

    code = "bad_parameters"

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.members = {"errors": {name: [reason] for name, reason in errors.items()}}
        super().__init__(" ".join(f"{name} {reason}" for name, reason in errors.items()))


def read(parameters: Sequence[Parameter], query: QueryDict) -> dict[str, Any]:
    """What was asked, by name, with a value for every parameter. Raises ParametersRefused."""
    declared = {each.name: each for each in parameters}
    asked = {name: each.unasked for name, each in declared.items()}
    errors = {}
    for name, given in query.lists():
        try:
            asked[name] = declared[name].read(given)
        except NotMeant as reason:
            errors[name] = str(reason)
        except KeyError:
            known = ", ".join(declared)
            shown = name[:60].replace("\0", "")
            errors[shown] = f"is no parameter here. There are: {known}." if known else "is no parameter here; there are none."
    if errors:
        raise ParametersRefused(errors)
    return asked


def openapi(parameter: Parameter) -> Json:
    """The parameter as the OpenAPI document tells it."""
    told: Json = {"in": "query", "name": parameter.name, "schema": parameter.schema}
    if parameter.many:
        told |= {"explode": True, "style": "form"}
    return told | ({"description": parameter.help} if parameter.help else {})
