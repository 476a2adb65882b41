"""What a channel may be. Pure."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from .errors import ChannelInvalid

Line = Annotated[str, StringConstraints(max_length=500)]
Address = Annotated[str, StringConstraints(max_length=2048, pattern=r"^(https?:/)?/")]


class Configuration(BaseModel):
    """The words and look of a channel's banner."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Line | None = None
    heading: Line | None = None
    sub_heading: Line | None = None
    logo: Address | None = None
    banner_background: Address | None = None


class About(BaseModel):
    """The text of a channel's page about itself."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Line = ""
    text: Annotated[str, StringConstraints(max_length=20_000)] = ""  # HTML, cleaned when it is shown


def checked_configuration(given: Any) -> dict[str, Any]:
    """Raises ChannelInvalid."""
    return _checked(Configuration, "configuration", given)


def checked_about(given: Any) -> dict[str, Any] | None:
    """Raises ChannelInvalid."""
    return None if given is None else _checked(About, "about", given)


def _checked(shape: type[BaseModel], field: str, given: Any) -> dict[str, Any]:
    try:
        return shape.model_validate(given).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        raise ChannelInvalid(".".join([field, *map(str, first["loc"])]), first["msg"]) from error
