"""Snippets are safe HTML that shows what was asked for."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.search.engines.tantivy.reader import stem
from corridor.search.highlights import LENGTH, Highlighter
from corridor.search.text import words


def snippet(text: str, query: str, length: int = LENGTH) -> str | None:
    return Highlighter(frozenset(words(query)), stem).snippet(text, length)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Linear Algebra", "linear", "<mark>Linear</mark> Algebra"),
        ("Programs and programming", "program", "<mark>Programs</mark> and <mark>programming</mark>"),
        ("Study studies studying", "studies", "<mark>Study</mark> <mark>studies</mark> <mark>studying</mark>"),
        ("The linearity of collinear things", "linear", "The <mark>linearity</mark> of collinear things"),
        ("Español y niñez", "ninez espanol", "<mark>Español</mark> y <mark>niñez</mark>"),
        ("Достоевский и Чехов", "чехов", "Достоевский и <mark>Чехов</mark>"),
        ("学习中文", "中文", "学习<mark>中</mark><mark>文</mark>"),
        ("<b>books</b> & films", "books", "&lt;b&gt;<mark>books</mark>&lt;/b&gt; &amp; films"),
        ('"quoted" films', "films", "&quot;quoted&quot; <mark>films</mark>"),
        ("nothing here", "algebra", None),
        ("", "algebra", None),
        ("text", "", None),
    ],
)
def test_marks(text: str, query: str, expected: str | None) -> None:
    assert snippet(text, query) == expected


def test_a_long_text_shows_where_most_of_the_query_is() -> None:
    text = "algebra once. " + "filler words " * 100 + "here linear algebra and vector spaces meet, " + "more filler " * 100
    found = snippet(text, "linear algebra vector") or ""
    assert "<mark>linear</mark> <mark>algebra</mark> and <mark>vector</mark>" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(re.sub(r"</?mark>", "", found)) < LENGTH + 60


def test_words_are_not_cut_in_the_middle() -> None:
    text = " ".join(f"word{number}" for number in range(200)) + " target " + " ".join(f"word{number}" for number in range(200))
    bare = re.sub(r"</?mark>|…", "", snippet(text, "target") or "").split()
    assert set(bare) <= set(text.split())


@given(st.text(max_size=400), st.text(max_size=40), st.integers(20, 300))
def test_any_text_gives_safe_html_that_is_part_of_it(text: str, query: str, length: int) -> None:
    found = snippet(text, query, length)
    if found is not None:
        bare = found.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare
        assert ">" not in bare
        assert found.count("<mark>") == found.count("</mark>") > 0
        assert html.unescape(bare).removeprefix("…").removesuffix("…") in text or "…" in text or "&" in text
