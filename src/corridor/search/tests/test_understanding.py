"""What a query asks for, as its text tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.search.tuning import Boost, Tuning
from corridor.search.understanding import LONGEST_QUERY, clean, surface, understand

from .cast import DEFINITION

_TUNING = Tuning(synonyms=(("ml", "machine learning"), ("math", "mathematics", "maths"), ("scm", "supply chain management")))


def read(text: str) -> tuple[list[str], list[str], list[str]]:
    """(units, never required, quoted)"""
    question = understand(text, DEFINITION, _TUNING)
    return [" ".join(unit.words) for unit in question.units], list(question.common), [" ".join(phrase) for phrase in question.phrases]


@pytest.mark.parametrize(
    ("text", "units", "common", "quoted"),
    [
        ("linear algebra", ["linear", "algebra"], [], []),
        ("what is the history of jazz", ["history", "jazz"], ["what", "is", "the", "of"], []),
        ("algebra Algebra ALGEBRA", ["algebra"], [], []),
        ("to be or not to be", ["to", "be", "or", "not"], [], []),
        ('"linear algebra" strang', ["strang"], [], ["linear algebra"]),
        ("“linear algebra” strang", ["strang"], [], ["linear algebra"]),
        ("«linear algebra»", [], [], ["linear algebra"]),
        ('"linear algebra', ["linear", "algebra"], [], []),
        ('a "b c" d "e', ["d", "e"], ["a"], ["b c"]),
        ('"" " " "…"', [], [], []),
        ("machine learning for health", ["machine learning", "health"], ["for"], []),
        ("introductory biology", ["biology"], ["introductory"], []),
        ("introductory", ["introductory"], [], []),
        ("机器学习 course", ["机 器 学 习", "course"], [], []),
        ("c++ programming", ["cplusplus", "programming"], [], []),
        ("web 2.0, course 6.043", ["web", "2 0", "course", "6 043"], [], []),
        ("end. 3 of 4", ["end", "3", "4"], ["of"], []),
        ("?!… -- ()", [], [], []),
        ("", [], [], []),
    ],
)
def test_reading(text: str, units: list[str], common: list[str], quoted: list[str]) -> None:
    assert read(text) == (units, common, quoted)


def test_synonyms_stand_beside_what_was_said() -> None:
    (unit,) = understand("ML", DEFINITION, _TUNING).units
    assert unit.alternatives == (("machine", "learning"),)
    (unit,) = understand("Supply-Chain Management", DEFINITION, _TUNING).units
    assert unit.alternatives == (("scm",),)
    (unit,) = understand("maths", DEFINITION, _TUNING).units
    assert unit.alternatives == (("math",), ("mathematics",))


def test_hints_speak_of_a_value() -> None:
    assert understand("beginner chemistry", DEFINITION, _TUNING).hints == (("level", "introductory"),)
    assert understand("chemistry", DEFINITION, _TUNING).hints == ()


def test_recognised_codes_are_no_longer_words() -> None:
    first = understand("strang 18.06 linear", DEFINITION, _TUNING)
    again = understand("strang 18.06 linear", DEFINITION, _TUNING, first.mentions)
    assert [unit.words for unit in again.units] == [("strang",), ("linear",)]
    assert again.mentions == first.mentions


def test_boosts_belong_to_a_query_or_to_all() -> None:
    tuning = Tuning(boosts=(Boost("linear algebra", 1, 2.0), Boost("", 1, 1.5), Boost("", 2, 0.5)))
    assert tuning.factors("Linear  ALGEBRA!") == {1: 3.0, 2: 0.5}
    assert tuning.factors("algebra") == {1: 1.5, 2: 0.5}


def test_correcting_keeps_what_was_typed_right() -> None:
    assert surface("Linear ALGEBERA (intro)", {"algebera": "algebra"}) == "Linear algebra (intro)"


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("utf-8", "surrogateescape")))
def test_any_text_is_understood(text: str) -> None:
    question = understand(text, DEFINITION, _TUNING)
    clean(text).encode()
    assert all(unit.words for unit in question.units)


def test_a_book_is_not_read_to_its_end() -> None:
    question = understand("word " * 100_000, DEFINITION, _TUNING)
    assert len(question.text) <= LONGEST_QUERY
    assert len(understand(" ".join(f"w{number}" for number in range(5_000)), DEFINITION, _TUNING).units) <= 40
