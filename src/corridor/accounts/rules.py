"""What names, addresses and years of birth may be. Pure."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .countries import countries, state_fits
from .errors import Implausible
from .records import Address, Details

YOUNGEST = 13
OLDEST = 120
POSTAL_CODES = {"US": re.compile(r"[0-9]{5}(-[0-9]{4})?"), "CA": re.compile(r"[A-Z][0-9][A-Z] [0-9][A-Z][0-9]")}
POSTAL_EXAMPLES = {"US": "02139 or 02139-4307", "CA": "K1A 0B1"}
# What the courseware and the payment services refuse in names.
NOT_IN_NAMES = frozenset('^$#*=[]\\`%_;<>{}"|')
JOINERS = "\u200c\u200d"  # invisible, and part of names in Persian and in scripts of India


@contextmanager
def at(field: str) -> Iterator[None]:
    """Names the field of what a rule refuses."""
    try:
        yield
    except Implausible as refused:
        raise Implausible(refused.code, str(refused), field=field) from None


def personal_name(text: str) -> str:
    """A name, tidied. Raises Implausible when it begins with punctuation or holds what names do not."""
    name = " ".join(text.split())
    if not name:
        raise Implausible("name_missing", "Tell us your name.")
    if not name[0].isalpha() and name[0] not in "'’ʻ":
        raise Implausible("name_begins", "A name begins with a letter.")
    if found := sorted(NOT_IN_NAMES.intersection(name)):
        raise Implausible("name_character", f"Leave out “{found[0]}”: other services refuse names with it.")
    if not name.translate(dict.fromkeys(map(ord, JOINERS))).isprintable() or "://" in name or "www." in name.lower():
        raise Implausible("name_strange", "This does not look like a name.")
    return name


def postal_code(country: str, text: str) -> str:
    """The code in its country's form. Raises Implausible for the United States and Canada; other countries' codes are taken as they are."""
    code = " ".join(text.upper().split())
    if country not in POSTAL_CODES:
        return code
    joined = code.replace(" ", "").replace("-", "")
    if country == "CA" and len(joined) == 6:
        code = f"{joined[:3]} {joined[3:]}"
    if not POSTAL_CODES[country].fullmatch(code):
        raise Implausible("postal_code", f"Write the postal code as in {POSTAL_EXAMPLES[country]}.")
    return code


def year_of_birth(year: int, this_year: int) -> int:
    """The year, if somebody born in it may have an account. Raises Implausible."""
    if not this_year - OLDEST <= year <= this_year:
        raise Implausible("year_impossible", "Write the year in which you were born, with four digits.")
    if this_year - year < YOUNGEST:
        raise Implausible("too_young", f"You must be {YOUNGEST} or older to have an account.")
    return year


def legal_address(address: Address) -> Address:
    """The address, tidied. Raises Implausible, with the field that is wrong, when other services would refuse it."""
    tidy = {name: " ".join(value.split()) for name, value in vars(address).items()}
    for name in ("first_name", "last_name"):
        with at(name):
            tidy[name] = personal_name(tidy[name])
    if tidy["country"] not in countries():
        raise Implausible("country_unknown", "Choose a country.", field="country")
    if not state_fits(tidy["country"], tidy["state"]):
        needed = bool(countries()[tidy["country"]].states)
        raise Implausible(
            "state", "Choose the state or province." if needed else "Addresses there have no state; leave it out.", field="state"
        )
    with at("postal_code"):
        tidy["postal_code"] = postal_code(tidy["country"], tidy["postal_code"])
    return Address(**tidy)


def details(told: Details, this_year: int) -> Details:
    """What a person tells of themselves, if it may be so. Raises Implausible."""
    if told.year_of_birth is not None:
        with at("year_of_birth"):
            year_of_birth(told.year_of_birth, this_year)
    tidy: dict[str, Any] = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in vars(told).items()}
    return Details(**tidy)


def missing_for_compliance(address: Address | None, year: int | None) -> list[str]:
    """Fields that are still to be told before something can be bought, as the published API names them."""
    wanted = ["first_name", "last_name", "country"]
    if address and address.country in POSTAL_CODES:
        wanted += ["state", "postal_code"]
    lacking = [name for name in wanted if not (address and getattr(address, name))]
    return [*lacking, *([] if year else ["year_of_birth"])]
