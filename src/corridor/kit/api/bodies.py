"""What commands are sent: read strictly, checked against the declared shape. What the shape does not name is passed over."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from corridor.kit.errors import Problem


class StrictJson(BaseParser):
    """JSON as the standard has it: no NaN, no half characters, none too deep."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            return orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}.") from error


class BodyRefused(Problem):
    """A body that lacks something or has it in a wrong form; `errors` tells of each field, those within others after a dot."""

    code = "bad_body"

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.members = {"errors": errors}
        super().__init__(" ".join(f"{name}: {' '.join(reasons)}" for name, reasons in errors.items()))


def read(takes: Any, data: Any, *, partial: bool = False) -> Any:
    """The values of a body. With `partial`, of those fields alone that were sent. Raises BodyRefused."""
    shape = takes(data=data, partial=partial)
    if not shape.is_valid():
        raise BodyRefused(dict(flat(shape.errors)))
    return shape.validated_data


def flat(errors: Any, at: str = "") -> Iterator[tuple[str, list[str]]]:
    """Errors of fields within fields, by the path to each."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            within = at if name == "non_field_errors" else f"{at}.{name}".lstrip(".")
            yield from flat(inner, within)
    elif any(isinstance(each, Mapping) for each in errors):
        for number, inner in enumerate(errors):
            yield from flat(inner, f"{at}.{number}".lstrip("."))
    elif errors:
        yield at or "body", [str(each) for each in errors]
