"""How a mapping says where a value comes from, and how its words are read."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from corridor.learn.ingest.source import Rejected
from corridor.learn.sources.generic import fields
from corridor.learn.sources.generic.expressions import Source, getter
from corridor.learn.sources.generic.text import NOTHING, cleaned, repaired

ROW = {
    "title": "Heat",
    "number": 5.6,
    "none": None,
    "price.usd": "49",
    "tags": ["a", "b"],
    "skills": "['Risk', 'Access']",
    "sections": [{"who": "Ann", "rooms": ["1", "2"]}, {"who": None}, {"who": "Bea", "rooms": []}],
    "nested": {"deep": {"value": "x"}},
    "date": "31.12.2024",
    "level": "beginner",
}
TABLES = {"levels": {"Beginner": "introductory"}}

CASES: list[tuple[Any, Any]] = [
    ("title", "Heat"),
    ("=constant", "constant"),
    ("absent", None),
    ("nested.deep.value", "x"),
    ("nested.deep.absent.more", None),
    ("price.usd", "49"),
    ("tags.1", "b"),
    ("tags.7", None),
    ("sections.*.who", ["Ann", "Bea"]),
    ("sections.*.rooms", ["1", "2"]),
    ({"const": True}, True),
    ({"template": "{title}: {number}"}, "Heat: 5.6"),
    ({"template": "{title}{none}"}, None),
    ({"first": ["none", "absent", "title", "=x"]}, "Heat"),
    ({"all": ["title", "tags", "none"]}, ["Heat", "a", "b"]),
    ({"path": "title", "match": "H(.)"}, "e"),
    ({"path": "title", "match": "cold"}, None),
    ({"path": "title", "each": "[a-z]"}, ["e", "a", "t"]),
    ({"path": "title", "replace": {"ea": "oo", "t$": "p"}}, "Hoop"),
    ({"path": "title", "replace": {".*": ""}}, None),
    ({"const": "a, b;c", "split": ",;"}, ["a", "b", "c"]),
    ({"path": "skills", "split": "list"}, ["Risk", "Access"]),
    ({"const": "[1, 2", "split": "list"}, ["[1, 2"]),
    ({"const": '["a", "b"]', "split": "list"}, ["a", "b"]),
    ({"const": "Ann Lee-Jean-Luc Roe", "split": "hyphenated names"}, ["Ann Lee", "Jean-Luc Roe"]),
    ({"path": "level", "table": "levels"}, "introductory"),
    ({"path": "title", "table": "levels"}, None),
    ({"path": "title", "table": "levels", "otherwise": "keep"}, "Heat"),
    ({"path": "tags", "table": {"A": "first"}}, ["first"]),
    ({"path": "date", "date_format": "%d.%m.%Y"}, "2024-12-31T00:00:00"),
    ({"path": "title", "date_format": "%d.%m.%Y"}, None),
    ({"path": "tags", "join": " & "}, "a & b"),
    ({"path": "absent", "default": "x"}, "x"),
    ({"path": "absent", "split": ",", "default": ["x"]}, ["x"]),
]


@pytest.mark.parametrize(("source", "value"), CASES, ids=[str(case[0]) for case in CASES])
def test_an_expression_gives_its_value(source: Any, value: Any) -> None:
    assert getter(TypeAdapter(Source).validate_python(source), TABLES)(ROW) == value


@pytest.mark.parametrize(
    "source",
    [
        {},
        {"path": "a", "const": 1},
        {"match": "x"},
        {"path": "a", "match": "("},
        {"path": "a", "unknown": 1},
        {"path": "a", "replace": {"[": ""}},
        5,
        None,
    ],
)
def test_what_is_no_expression_is_refused(source: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Source).validate_python(source)


def test_a_table_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no table 'colours'"):
        getter(TypeAdapter(Source).validate_python({"path": "a", "table": "colours"}), TABLES)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["title", "tags", "a", "who"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(ROW)), json_like))
def test_no_row_breaks_an_expression(row: dict[str, Any]) -> None:
    for source, _ in CASES:
        getter(TypeAdapter(Source).validate_python(source), TABLES)(row)


READINGS: list[tuple[str, Any, dict[str, Any]]] = [
    ("title", " A ", {"title": "A"}),
    ("title", None, {}),
    ("topics", "Physics", {"topics": ["Physics"]}),
    ("topics", ["Physics", "", "Physics", None], {"topics": ["Physics"]}),
    ("languages", ["English", "Elvish"], {"languages": ["en"]}),
    ("level", "All Levels", {}),
    ("level", ["Beginner Level", "Expert"], {"level": ["introductory", "advanced"]}),
    ("delivery", "Blended", {"delivery": ["hybrid"]}),
    ("duration", "6-8 weeks", {"duration": "6-8 weeks", "min_weeks": 6, "max_weeks": 8}),
    ("duration", "2 hours", {"duration": "2 hours"}),
    ("time_commitment", "5 hours a week", {"time_commitment": "5 hours a week", "min_weekly_hours": 5, "max_weekly_hours": 5}),
    ("time_commitment", "8 hours/day for 2 days", {"time_commitment": "8 hours/day for 2 days", "min_weekly_hours": 16, "max_weekly_hours": 16}),
    ("prices", "Free, certificate 49 EUR", {"prices": [{"amount": "0", "currency": "EUR"}, {"amount": "49", "currency": "EUR"}]}),
    ("prices", "on request", {}),
    ("prices", [{"amount": "49.50", "currency": "CHF"}, {"amount": 0}], {"prices": [{"amount": "49.50", "currency": "CHF"}, {"amount": "0.00", "currency": "USD"}]}),
    ("topics", [{"id": 7, "name": "Physics"}, "Art"], {"topics": ["Physics", "Art"]}),
    ("course_numbers", ["6.1", "18.2", "6.1"], {"course_numbers": [{"value": "6.1", "listing_type": "primary"}, {"value": "18.2", "listing_type": "cross-listed"}]}),
    ("term", "f22", {"semester": "Fall", "year": 2022}),
    ("published", "Yes", {"published": True}),
    ("published", "0", {"published": False}),
    ("published", "perhaps", {"published": "perhaps"}),
    ("start_date", "2024-09-01", {"start_date": datetime(2024, 9, 1, tzinfo=UTC)}),
    ("start_date", "2024-09", {"start_date": datetime(2024, 9, 1, tzinfo=UTC)}),
    ("start_date", "2024-09-01T10:00:00+02:00", {"start_date": datetime.fromisoformat("2024-09-01T10:00:00+02:00")}),
    ("start_date", "2024", {"start_date": datetime(2024, 1, 1, tzinfo=UTC)}),
    ("start_date", 2024, {"start_date": datetime(2024, 1, 1, tzinfo=UTC)}),
    ("start_date", 1700000000, {"start_date": 1700000000}),
    ("start_date", "soon", {"start_date": "soon"}),
    ("image", "https://u.example/i.png", {"image": {"url": "https://u.example/i.png"}}),
    ("min_weeks", "6", {"min_weeks": "6"}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "said"), READINGS)
def test_a_field_knows_the_words_of_its_kind(field: str, value: Any, said: dict[str, Any]) -> None:
    assert fields.read(field, value) == said


@pytest.mark.parametrize(
    ("field", "value"), [("title", {"en": "Heat"}), ("topics", ["Art", {"id": 7}]), ("prices", {"list": 5}), ("min_weeks", {})]
)
def test_an_object_where_text_should_be_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Rejected, match=f"{field}: an object"):
        fields.read(field, value)


def test_dates_without_a_zone_are_of_the_catalogues_own() -> None:
    moment = fields.read("start_date", "2024-09-01", ZoneInfo("America/New_York"))["start_date"]
    assert moment.astimezone(UTC) == datetime(2024, 9, 1, 4, tzinfo=UTC)


@given(st.sampled_from([field for field, _, _ in READINGS]), json_like)
def test_no_value_breaks_a_field(field: str, value: Any) -> None:
    with suppress(Rejected):
        fields.read(field, value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("cafÃ©", "café"), ("itâ€™s", "it’s"), ("â€œtwoâ€\x9d", "â€œtwoâ€\x9d"), ("MÃ¼nchen â€“ Ã–sterreich", "München – Österreich"),
        ("café", "café"), ("Ã", "Ã"), ("naïve Ã la carte", "naïve Ã la carte"), ("São Paulo", "São Paulo"), ("日本語", "日本語"), ("plain", "plain"),
        ("Ã©tÃ© and été", "Ã©tÃ© and été"),
    ],
)  # fmt: skip
def test_text_is_repaired_only_where_it_is_certain(text: str, meant: str) -> None:
    assert repaired(text) == meant


@given(st.text(st.characters(codec="cp1252", min_codepoint=32, exclude_categories=["Cc"])))
def test_text_decoded_wrongly_comes_back_as_it_was(text: str) -> None:
    try:
        garbled = text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    assert repaired(garbled) == repaired(text)


def test_what_stands_for_nothing_is_nothing() -> None:
    row = {"a": "null", "b": " None ", "c": ["", "x", {"d": "N/A"}], "e": 0, "f": "pending"}
    assert cleaned(row, NOTHING | {"pending"}) == {"a": None, "b": None, "c": [None, "x", {"d": None}], "e": 0, "f": None}
