"""Tables of what providers write and what it means."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.learn.ingest.parsing.commitments import Hours, weekly_hours
from corridor.learn.ingest.parsing.deliveries import delivery
from corridor.learn.ingest.parsing.durations import Weeks, days, weeks
from corridor.learn.ingest.parsing.languages import language, languages
from corridor.learn.ingest.parsing.levels import level, levels
from corridor.learn.ingest.parsing.names import people, person
from corridor.learn.ingest.parsing.prices import known_currency, prices
from corridor.learn.ingest.parsing.terms import Term, term
from corridor.learn.ingest.source import Rejected


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("6 weeks", 6, 6),
        ("9 semanas", 9, 9),
        ("3 semaines", 3, 3),
        ("4 settimane", 4, 4),
        ("12-14 weeks", 12, 14),
        ("6 to 10 Weeks", 6, 10),
        ("1 - 3 Months", 4, 12),
        ("12 meses", 48, 48),
        ("3 mois", 12, 12),
        ("2 days", 1, 1),
        ("8 days", 2, 2),
        ("30 Days", 6, 6),
        ("4 jours", 1, 1),
        ("1.5 weeks", 2, 2),
        ("a 5-week course of 20 days", 5, 5),
        ("8-week", 8, 8),
        ("1 year", 48, 48),
        ("14–12 weeks", 12, 14),
    ],
)
def test_a_duration_is_read_in_weeks(text: str, least: int, most: int) -> None:
    assert weeks(text) == Weeks(least, most)


@pytest.mark.parametrize("text", ["", "self-paced", "Less Than 2 Hours", "0 weeks", "varies", "week", "2 modules", "12 daylight"])
def test_what_is_no_duration_stays_unknown(text: str) -> None:
    assert weeks(text) is None


@given(st.text(alphabet="0123456789 -–,.+dayweksmonthjurñá/", max_size=40))
def test_a_duration_is_always_a_sensible_span(text: str) -> None:
    found = weeks(text)
    assert found is None or 1 <= found.least <= found.most <= 1000


@pytest.mark.parametrize(("text", "number"), [("2 days", 2), ("2-3 Days", 3), ("6 weeks", None), ("", None)])
def test_days_are_counted_where_a_course_counts_them(text: str, number: int | None) -> None:
    assert days(text) == number


@pytest.mark.parametrize(
    ("text", "lasts", "least", "most"),
    [
        ("5 Hours per Week", None, 5, 5),
        ("5-7 hrs/wk", None, 5, 7),
        ("4-6 hrs/wks", None, 4, 6),
        ("2–4 hours per week", None, 2, 4),
        ("6 Hours", None, 6, 6),
        ("8 hours/day", None, 40, 40),
        ("8 hours/ day", 2, 16, 16),
        ("7-11 hrs/day", 5, 35, 55),
        ("7 hours/day + 1 hour on team project assignment", 3, 21, 21),
        ("8 hours/day in-person + 4 hours live online", 2, 16, 16),
        ("10 horas al día", 1, 10, 10),
        ("1,5 hours", None, 2, 2),
        ("Approximately 10", None, 10, 10),
    ],
)
def test_a_commitment_is_read_in_hours_a_week(text: str, lasts: int | None, least: int, most: int) -> None:
    assert weekly_hours(text, lasts) == Hours(least, most)


@pytest.mark.parametrize("text", ["", "flexible", "500 hours", "0 hours"])
def test_what_is_no_commitment_stays_unknown(text: str) -> None:
    assert weekly_hours(text) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("FREE-Add a Verified Certificate for $49 USD", ["0 USD", "49 USD"]),
        ("Free", ["0 USD"]),
        ("$1,299.00", ["1299 USD"]),
        ("1.299,00 €", ["1299 EUR"]),
        ("€49", ["49 EUR"]),
        ("£ 25.50", ["25.50 GBP"]),
        ("CHF 1'200", ["1200 CHF"]),
        ("49 XYZ", ["49 USD"]),
        ("$99 – $49", ["49 USD", "99 USD"]),
        ("gratis, certificado 30 EUR", ["0 EUR", "30 EUR"]),
        (200, ["200 USD"]),
        (Decimal("12.50"), ["12.50 USD"]),
        ("US$ 20", ["20 USD"]),
        (19.990000000000002, ["19.99 USD"]),
        ("19.990000000000002", ["19.99 USD"]),
        (0.1 + 0.2, ["0.30 USD"]),
        (49.999, ["50 USD"]),
        ("49.999", ["49999 USD"]),
        ("0.125", ["0.12 USD"]),
        ("1e2", ["100 USD"]),
        (1e22, []),
        ("1e400", []),
        ("10-20 EUR", ["10 USD", "20 EUR"]),
        ("- $49 for a certificate", ["49 USD"]),
        ("20% off", []),
        ("pending", []),
        ("null", []),
        ("", []),
        (None, []),
        (True, []),
        ("9" * 40, []),
    ],
)
def test_prices_are_read_from_what_people_write(value: object, expected: list[str]) -> None:
    assert [f"{price.amount.normalize():f} {price.currency}" for price in prices(value)] == [
        f"{Decimal(each.split()[0]).normalize():f} {each.split()[1]}" for each in expected
    ]


@pytest.mark.parametrize("value", [-5, -0.01, Decimal("-1e99"), "-5", "-$49", "$-49", "EUR -49", "−12,50 €"])
def test_a_price_below_nothing_is_refused(value: object) -> None:
    with pytest.raises(Rejected, match="less than nothing"):
        prices(value)


@given(st.text(max_size=60) | st.from_regex(r"\A[+$€]{0,2}[0-9.,eE+ -]{1,30}\Z"))
def test_no_text_breaks_the_price_reader(text: str) -> None:
    try:
        found = prices(text)
    except Rejected:
        return
    assert list(found) == sorted(found, key=lambda price: (price.amount, price.currency))


def test_a_code_that_is_no_currency_counts_as_dollars() -> None:
    assert (known_currency("eur"), known_currency("XXX"), known_currency(None)) == ("EUR", "USD", "USD")


@pytest.mark.parametrize(
    ("text", "full", "first", "last"),
    [
        ("Jane Doe", "Jane Doe", "Jane", "Doe"),
        ("Doe, Jane", "Jane Doe", "Jane", "Doe"),
        ("Prof. Jane Q. Doe, Ph.D.", "Jane Q. Doe", "Jane Q.", "Doe"),
        ("Dr.-Ing. Max Muster", "Max Muster", "Max", "Muster"),
        ("Ludwig van Beethoven", "Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Plato", "Plato", "", "Plato"),
        ("Spring: R. Roe", "R. Roe", "R.", "Roe"),
        ("Sammy Davis Jr.", "Sammy Davis Jr.", "Sammy", "Davis Jr."),
        ("<b>Ann</b> O&#39;Neil", "Ann O'Neil", "Ann", "O'Neil"),
        ("Professor Proctor", "Proctor", "", "Proctor"),
    ],
)
def test_a_person_is_one_person_however_written(text: str, full: str, first: str, last: str) -> None:
    found = person(text)
    assert found
    assert (found.full_name, found.first_name, found.last_name) == (full, first, last)


@pytest.mark.parametrize("text", ["", "null", "Staff", "TBA", "  ", "123", "Author Unknown", "x" * 300])
def test_nobody_is_no_person(text: str) -> None:
    assert person(text) is None


@pytest.mark.parametrize(
    ("texts", "separators", "names"),
    [
        ("Ann Roe-Bea Doe-Cy Moe", "-", ["Ann Roe", "Bea Doe", "Cy Moe"]),
        ("Jean-Luc Roe-Bea Doe", "-", ["Jean-Luc Roe", "Bea Doe"]),
        ("Bea Doe-Jean-Luc Roe", "-", ["Bea Doe", "Jean-Luc Roe"]),
        ("Mary Doe-Roe-Bea Doe", "-", ["Mary Doe-Roe", "Bea Doe"]),
        ("Fall: A. Roe,Spring: B. Doe", ",", ["A. Roe", "B. Doe"]),
        (["Doe, Jane", "Doe, Jane", "null"], ";", ["Jane Doe"]),
        ("A. Roe; B. Doe", ";", ["A. Roe", "B. Doe"]),
        ("G. C. Roe, A. Doe-Moe, J-H Chun", ";", ["G. C. Roe", "A. Doe-Moe", "J-H Chun"]),
        ("Fall: A. Roe,Spring: B. Doe, G.Moe", ";", ["A. Roe", "B. Doe", "G.Moe"]),
        ("Roe, A.", ";", ["A. Roe"]),
        ("Consult K. Roe", ";", ["K. Roe"]),
    ],
)
def test_a_list_of_people_is_taken_apart(texts: str | list[str], separators: str, names: list[str]) -> None:
    assert [each.full_name for each in people(texts, separators)] == names


@pytest.mark.parametrize(
    ("text", "semester", "year"),
    [
        ("course-v1:OrgX+ABC1x+3T2016", "Fall", 2016),
        ("1T2017", "Spring", 2017),
        ("2017_Spring", "Spring", 2017),
        ("spring 2012", "Spring", 2012),
        ("f22", "Fall", 2022),
        ("i25", "January IAP", 2025),
        ("2022-wi", "Winter", 2022),
        ("IAP", "January IAP", None),
        ("taught in 1999", "", 1999),
        ("R2", "", None),
        ("self-paced", "", None),
        ("", "", None),
    ],
)
def test_a_term_is_known_in_every_spelling(text: str, semester: str, year: int | None) -> None:
    assert term(text) == Term(semester, year)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("English", "en"), ("Español", "es"), ("en-US", "en-us"), ("pt_BR", "pt-br"), ("中文", "zh"), ("Español - Latinoamérica", "es"),
        ("Klingon", ""), ("", ""), ("xx", ""),
    ],
)  # fmt: skip
def test_a_language_has_its_code(text: str, code: str) -> None:
    assert language(text) == code


def test_a_list_of_languages_keeps_the_known_ones_in_order() -> None:
    assert languages("English, 中文, Elvish, English") == ("en", "zh")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Introductory", "introductory"), ("Beginner Level", "introductory"), ("Expert Level", "advanced"), ("U", "undergraduate"),
        ("Graduate", "graduate"), ("High School", "high_school"), ("Non-Credit", "noncredit"), ("All Levels", None), ("Mixed", None), ("", None),
    ],
)  # fmt: skip
def test_a_level_is_one_of_ours_or_unknown(text: str, expected: str | None) -> None:
    assert level(text) == expected


def test_several_levels_are_read_in_order() -> None:
    assert levels("Graduate, Undergraduate and Beginner") == ("graduate", "undergraduate", "introductory")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "online"), ("", "online"), ("Blended", "hybrid"), ("In Person", "in_person"), ("in-person", "in_person"), ("On Campus", "in_person"),
        ("Live Virtual", "online"), ("by pigeon", None),
    ],
)  # fmt: skip
def test_a_delivery_is_one_of_ours_or_unknown(text: str | None, expected: str | None) -> None:
    assert delivery(text) == expected
