"""Words of any script."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.search.engines.tantivy.schema import PLAIN, stemmer
from corridor.search.text import STOP_WORDS, fold, phrase, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Linear Algebra!", ["linear", "algebra"]),
        ("Gödel’s théorème", ["godel", "theoreme"]),
        ("niño ÅNGSTRÖM Straße Łódź", ["nino", "angstrom", "strasse", "lodz"]),
        ("C++ and C#, not c+", ["cplusplus", "and", "csharp", "not", "c"]),
        ("机器学习 basics", ["机", "器", "学", "习", "basics"]),
        ("ひらがな", ["ひ", "ら", "が", "な"]),
        ("Ёлка и ЧАЙ", ["елка", "и", "чаи"]),
        ("الكِتَابُ أحمد", ["الكتاب", "احمد"]),
        ("한국어 수업", ["한국어", "수업"]),
        ("ﬁnance ２０２４", ["finance", "2024"]),
        ("e-learning snake_case", ["e", "learning", "snake", "case"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("\ud800 broken", ["broken"]),
        ("😀 🎵 ---", []),
        ("未\U0003ffff知", ["未", "知"]),
        ("x" * 61, []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
    assert phrase(phrase(text)) == phrase(text)


@given(st.text(max_size=200).filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text)))
def test_the_engine_takes_folded_text_apart_in_the_same_way(text: str) -> None:
    """Else a query would ask for words that no document can have."""
    stems = stemmer().analyze(fold(text))
    expected = [stem for word in words(text) for stem in stemmer().analyze(word)]
    assert stems == expected


def test_stop_words_are_folded_words() -> None:
    assert all(words(word) == [word] for word in STOP_WORDS)
    assert PLAIN


def test_folding_is_quick() -> None:
    text = "Überblick über die Grundlagen – “Quantum” ideas… " * 4_000
    fold(text)
    started = time.thread_time()
    fold(text)
    assert time.thread_time() - started < 0.5
