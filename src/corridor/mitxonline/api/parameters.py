"""The parameters that operations share."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from corridor.kit.api.parameters import Choice, Flag, Json, NotMeant, Number, Parameter, Text
from corridor.mitxonline.catalog.vocabulary import LANGUAGES, VariantIndustry, VariantLength


@dataclass(frozen=True, kw_only=True)
class Numbers(Number):
    """Several, joined by commas or one after the other."""

    many: bool = True
    commas = True


@dataclass(frozen=True, kw_only=True)
class Moment(Parameter):
    """A date with a time and its offset from UTC."""

    def value(self, given: str) -> datetime:
        try:
            moment = datetime.fromisoformat(given.replace(" ", "+"))  # an offset's plus sign that was not encoded
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise NotMeant("takes a moment with its offset from UTC, such as 2026-03-02T12:00:00Z.")

    @property
    def value_schema(self) -> Json:
        return {"type": "string", "format": "date-time"}


ID = Number(name="id", least=1, help="Number of the row.")
IDS = Numbers(name="id", least=1, help="Multiple values may be separated by commas.")
LIVE = Flag(name="live", help="Whether it is open to the public.")
PAGE_LIVE = Flag(name="page__live", help="Whether its page is published.")
READABLE_ID = Text(name="readable_id", longest=255, help="The id that addresses and learners have.")
ENROLLABLE = Flag(name="courserun_is_enrollable", help="Whether a run takes learners in now.")
ORGANIZATION = Number(name="org_id", help="Only what this organization's contracts have; the caller must belong to it.")
CONTRACT = Number(name="contract_id", help="Only what this contract has; the caller must belong to it.")
FINANCIAL_AID = Flag(name="include_approved_financial_aid", help="Tell of approved financial aid.")

OF_VARIANTS: tuple[Parameter, ...] = (
    Choice(name="courseruns__language", choices=LANGUAGES, help="Only courses with runs in this language, and those runs of them."),
    Choice(name="courseruns__variant_length", choices=dict(VariantLength.choices), help="The same for runs of this length."),
    Choice(name="courseruns__variant_industry", choices=dict(VariantIndustry.choices), help="The same for runs made for this industry."),
)
VARIANT_COLUMNS = {each.name: each.name.removeprefix("courseruns__") for each in OF_VARIANTS}
OF_FEED: tuple[Parameter, ...] = (
    Moment(name="updated_since", help="Changes from this moment on, in their order, with tombstones of what is gone."),
    Number(name="cursor", help="Changes after this cursor, which the answer before gave; 0 for everything."),
)


def variants(asked: Any) -> dict[str, str]:
    """What runs must be, by column."""
    return {column: asked[name] for name, column in VARIANT_COLUMNS.items() if asked[name] is not None}
