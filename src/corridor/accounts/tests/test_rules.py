"""Names, postal codes and years."""

import pytest

from corridor.accounts.errors import Implausible
from corridor.accounts.rules import personal_name, postal_code, year_of_birth


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" Ada  Lovelace ", "Ada Lovelace"),
        ("Zoë O’Neill-Strauß", "Zoë O’Neill-Strauß"),
        ("'t Hooft", "'t Hooft"),
        ("王小明", "王小明"),
        ("محمد", "محمد"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("J. R. R. Tolkien", "J. R. R. Tolkien"),
    ],
)
def test_names_of_people_are_taken(given: str, kept: str) -> None:
    assert personal_name(given) == kept


@pytest.mark.parametrize(
    "given", ["", "  ", "-Ada", ".Ada", "1Ada", "Ada^", "Ada <b>", 'Ada "x"', "a=b", "A\x00b", "See https://x.org", "A\u202eb"]
)
def test_what_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(Implausible):
        personal_name(given)


@pytest.mark.parametrize(
    ("country", "given", "kept"),
    [
        ("US", "02139", "02139"),
        ("US", " 02139-4307 ", "02139-4307"),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("CA", "K1A-0B1", "K1A 0B1"),
        ("DE", "80331", "80331"),
        ("GB", "sw1a  1aa", "SW1A 1AA"),
        ("IE", "", ""),
    ],
)
def test_postal_codes_are_written_as_their_country_does(country: str, given: str, kept: str) -> None:
    assert postal_code(country, given) == kept


@pytest.mark.parametrize(
    ("country", "given"), [("US", ""), ("US", "2139"), ("US", "02139-43"), ("CA", "02139"), ("CA", "K1A 0BB"), ("US", "٠٢١٣٩")]
)
def test_postal_codes_of_no_place_are_refused(country: str, given: str) -> None:
    with pytest.raises(Implausible):
        postal_code(country, given)


@pytest.mark.parametrize(("year", "right"), [(2013, True), (2014, False), (1906, True), (1905, False), (2027, False)])
def test_thirteen_is_the_youngest(year: int, right: bool) -> None:
    if right:
        assert year_of_birth(year, 2026) == year
    else:
        with pytest.raises(Implausible):
            year_of_birth(year, 2026)
