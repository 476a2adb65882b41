"""What a person finds: the right item first, totals that agree with facets and pages, and an answer to any text."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.search.errors import UnknownField
from corridor.search.model import Document, Mode, Search
from corridor.search.searcher import Searcher
from corridor.search.tuning import Boost, Tuning

from .cast import catalogue, course, courses, titles

_FACETS = ("level", "topic", "unit")
_TUNING = Tuning(synonyms=(("ml", "machine learning"), ("math", "mathematics", "maths"), ("coding", "programming")))
_MODES = pytest.mark.parametrize("mode", list(Mode))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return catalogue(tmp_path_factory.mktemp("catalogue"), tuning=_TUNING)


def first(searcher: Searcher, text: str, mode: Mode = Mode.HYBRID) -> str | None:
    return next(iter(titles(searcher, searcher.search(Search(text, mode=mode)))), None)


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("6.042J", "Mathematics for Computer Science"),
        ("6.042", "Mathematics for Computer Science"),
        ("6042j", "Mathematics for Computer Science"),
        ("6-042J", "Mathematics for Computer Science"),
        ("18.062J", "Mathematics for Computer Science"),
        ("6.002", "Circuits and Electronics"),
        ("6.002x", "Circuits and Electronics"),
        ("6002x", "Circuits and Electronics"),
        ("6.2000", "Circuits and Electronics"),
        ("6.00.1x", "Introduction to Computer Science and Programming Using Python"),
        ("MITx 6.00.1x", "Introduction to Computer Science and Programming Using Python"),
        ("MITx+6.00.1x", "Introduction to Computer Science and Programming Using Python"),
        ("course-v1:MITx+6.00.1x+2T2024", "Introduction to Computer Science and Programming Using Python"),
        ("6.00", "Introduction to Programming"),
        ("CS101", "Computing for Everyone"),
        ("cs 101", "Computing for Everyone"),
        ("21g.101", "Chinese I"),
        ("strang 18.06", "Linear Algebra"),
        ("Introductory Biology", "Introductory Biology"),
        ("to be or not to be: problems of philosophy", "To Be or Not to Be: Problems of Philosophy"),
        ('"single variable calculus"', "Single Variable Calculus"),
        ('"the analytics edge"', "The Analytics Edge"),
        ('"free will"', "To Be or Not to Be: Problems of Philosophy"),
        ("eric lander", "Introductory Biology"),
        ("Zoe Muller", "Computing for Everyone"),
        ("c++", "Introduction to C++"),
        ("普通话", "Chinese I"),
        ("ninez", "Español I"),
        ("чехов", "Русская литература"),
        ("thermodinamics fluids", "Thermal-Fluids Engineering II"),
        ("coding python", "Introduction to Computer Science and Programming Using Python"),
    ],
)
def test_the_right_course_is_first(searcher: Searcher, typed: str, title: str, mode: Mode) -> None:
    assert first(searcher, typed, mode) == title


@_MODES
@pytest.mark.parametrize("typed", ["computer science", "social scientists statistics", "vector spaces theory", "first computers"])
def test_a_synonym_takes_no_result_away(searcher: Searcher, tmp_path: Path, typed: str, mode: Mode) -> None:
    tuned = catalogue(tmp_path, tuning=Tuning(synonyms=((" ".join(typed.split()[:2]), "words of no course"),)))
    plain = searcher.search(Search(typed, mode=mode, limit=100))
    found = tuned.search(Search(typed, mode=mode, limit=100))
    assert plain.hits
    assert {hit.id for hit in found.hits} >= {hit.id for hit in plain.hits}
    assert found.hits[0].id == plain.hits[0].id


def taught_by(name: str) -> list[Document]:
    """The catalogue, with the course on molecular mechanics taught by somebody of that name."""
    return [replace(each, texts={**each.texts, "instructors": [name]}) if each.id == 20 else each for each in courses()]


def test_a_name_asks_for_a_person_and_means_nothing_else(tmp_path: Path) -> None:
    searcher = catalogue(tmp_path, taught_by("Grace Matrix"))
    assert "Linear Algebra" in titles(searcher, searcher.search(Search("matrix")))
    for mode in Mode:
        assert [hit.id for hit in searcher.search(Search("grace matrix", mode=mode)).hits] == [20]


def test_words_that_are_a_name_by_chance_ask_for_no_person(tmp_path: Path) -> None:
    hits = [hit.id for hit in catalogue(tmp_path, taught_by("Vector Spaces")).search(Search("vector spaces")).hits]
    assert hits == [1, 3, 20]


def test_the_plain_number_goes_before_its_variant(searcher: Searcher) -> None:
    hits = [hit.id for hit in searcher.search(Search("18.06")).hits]
    assert hits[:2] == [1, 2]
    assert searcher.search(Search("18.06sc")).hits[0].id == 2


def test_a_number_is_no_other_number(searcher: Searcher) -> None:
    """A slip in a code is not forgiven: 6.043 is not 6.042."""
    results = searcher.search(Search("6.043", mode=Mode.LEXICAL))
    assert "Mathematics for Computer Science" not in titles(searcher, results)
    assert results.did_you_mean is None


def test_a_phrase_is_required_in_every_mode(searcher: Searcher) -> None:
    for mode in Mode:
        assert all(
            "vector spaces" in str(course(title).texts).lower()
            for title in titles(searcher, searcher.search(Search('"vector spaces"', mode=mode)))
        )
    assert searcher.search(Search('"spaces vector"')).total == 0


def test_slips_are_forgiven_where_words_are_missing(searcher: Searcher) -> None:
    results = searcher.search(Search("lineer algebra", mode=Mode.LEXICAL))
    assert titles(searcher, results)[0] == "Linear Algebra"
    assert results.did_you_mean == "linear algebra"
    assert searcher.search(Search("linear algebra")).did_you_mean is None


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
def test_a_title_with_a_slip_in_it_is_a_title(tmp_path: Path, mode: Mode) -> None:
    longer = [
        replace(course("Linear Algebra"), id=100 + id, texts={"title": "Algebra, Algebra", "description": "Linear " * 9}) for id in range(3)
    ]
    searcher = catalogue(tmp_path, [*courses(), *longer])
    assert {hit.id for hit in searcher.search(Search("lineer algebra", mode=mode)).hits[:2]} == {1, 2}


def test_levels_raise_and_do_not_require(searcher: Searcher) -> None:
    results = searcher.search(Search("beginner thermodynamics", mode=Mode.LEXICAL))
    levels = [next(iter(course(title).keywords["level"])) for title in titles(searcher, results)]
    assert levels == ["introductory", "undergraduate"]


def test_meaning_finds_what_words_do_not(searcher: Searcher) -> None:
    assert first(searcher, "matrices") == "Linear Algebra"
    assert searcher.search(Search("matrices", mode=Mode.LEXICAL)).total == 0


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
def test_what_was_copied_out_of_a_text_finds_it(tmp_path: Path, mode: Mode) -> None:
    """Although the title of another has all its words."""
    copied = "of bridges and rivers under old"
    source, other = course("Media Systems and Texts"), course("Molecular Mechanics")
    told = f"A long account, with pictures, {copied} and new rule, and what people at either end made of it in letters that they sent home."
    documents = [
        replace(source, texts={**source.texts, "description": told}),
        replace(other, texts={**other.texts, "title": "Old Rivers, Old Bridges", "description": "Rivers and bridges."}),
        *(each for each in courses() if each.id not in (source.id, other.id)),
    ]
    assert catalogue(tmp_path, documents).search(Search(copied, mode=mode)).hits[0].id == source.id


def test_a_boost_moves_and_adds_nothing(searcher: Searcher, tmp_path_factory: pytest.TempPathFactory) -> None:
    plain = searcher.search(Search("calculus"))
    boosted = catalogue(tmp_path_factory.mktemp("boosted"), tuning=Tuning(boosts=(Boost("calculus", 10, 5.0), Boost("calculus", 5, 5.0))))
    found = boosted.search(Search("calculus"))
    assert found.hits[0].id == 10
    assert found.total == plain.total


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lin", "Linear Algebra"),
        ("single var", "Single Variable Calculus"),
        ("6.04", "6.042J/18.062J Mathematics for Computer Science"),
        ("lander", "Eric Lander"),
        ("circiuts", "Circuits and Electronics"),
        ("chin", "Chinese I"),
        ("intro to comp", "Introduction to Computer Science and Programming Using Python"),
        ("mat comp sci", "Mathematics for Computer Science"),
    ],
)
def test_suggestions_as_one_types(searcher: Searcher, typed: str, expected: str) -> None:
    assert expected in [each.text for each in searcher.suggest(typed)]


def test_highlights_are_escaped(searcher: Searcher) -> None:
    (hit,) = searcher.search(Search("books television", mode=Mode.LEXICAL, highlight=True)).hits
    assert (
        hit.highlights["description"] == "Film, <mark>television</mark> and &lt;b&gt;<mark>books</mark>&lt;/b&gt; &amp; how they are read."
    )


def test_what_is_not_declared_is_refused(searcher: Searcher) -> None:
    for search in (Search("x", filters={"nope": ["1"]}), Search("x", facets=["note"]), Search("x", sort="nope")):
        with pytest.raises(UnknownField):
            searcher.search(search)


_WORDS = [
    "",
    "algebra",
    "introductory mathematics",
    "18.06",
    '"vector spaces"',
    "matrices",
    "biology cells",
    "the",
    "strang linear",
    "zzzz",
    "programing",
]
_FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "level": st.lists(st.sampled_from(["introductory", "undergraduate", "graduate"]), min_size=1, max_size=2, unique=True),
        "topic": st.lists(st.sampled_from(["Mathematics", "COMPUTER SCIENCE", "Biology"]), min_size=1, max_size=2, unique=True),
        "unit": st.lists(st.sampled_from(["ocw", "mitx", "xPRO"]), min_size=1, max_size=2, unique=True),
    },
)
_RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_MODES
@given(text=st.sampled_from(_WORDS), filters=_FILTERS)
@_RELAXED
def test_a_count_is_the_total_after_the_click(searcher: Searcher, mode: Mode, text: str, filters: dict[str, list[str]]) -> None:
    results = searcher.search(Search(text, filters=filters, facets=_FACETS, mode=mode, limit=0))
    for field, values in results.facets.items():
        for each in values:
            clicked = searcher.search(Search(text, filters=filters | {field: [each.value]}, mode=mode, limit=0))
            assert clicked.total == each.count, (field, each)


@_MODES
@given(text=st.sampled_from(_WORDS), filters=_FILTERS, size=st.integers(1, 9), sort=st.sampled_from([None, "title", "newest", "price"]))
@_RELAXED
def test_pages_part_the_results(
    searcher: Searcher, mode: Mode, text: str, filters: dict[str, list[str]], size: int, sort: str | None
) -> None:
    def pages() -> Iterator[list[int]]:
        for offset in range(0, 40, size):
            results = searcher.search(Search(text, filters=filters, mode=mode, sort=sort, offset=offset, limit=size))
            assert results.total == whole.total
            yield [hit.id for hit in results.hits]

    whole = searcher.search(Search(text, filters=filters, mode=mode, sort=sort, limit=100))
    ids = [hit.id for hit in whole.hits]
    assert len(set(ids)) == len(ids) == whole.total
    assert [id for page in pages() for id in page] == ids


_ODD = [
    "\x00",
    "\ud800\udc00\ud800",
    "a\x00b",
    '"' * 999,
    "AND OR NOT",
    "title:x^2~",
    "(((",
    "-- ; DROP TABLE",
    "<script>",
    "%00",
    "../../",
    "𝕃𝕚𝕟𝕖𝕒𝕣",
    "x" * 100_000,
]


@_MODES
@pytest.mark.parametrize("text", [*_ODD, "word " * 20_000, "学" * 50_000, "6.0" * 30_000, "\u202e" * 100, "a b " * 3_000])
def test_no_text_is_an_error(searcher: Searcher, mode: Mode, text: str) -> None:
    results = searcher.search(Search(text, facets=_FACETS, mode=mode, highlight=True))
    assert results.total >= len(results.hits)
    searcher.suggest(text)


@given(text=st.text(max_size=80) | st.lists(st.sampled_from([*_ODD[:10], "algebra", '"', "6.", "+", "course-v1:"])).map(" ".join))
@_RELAXED
def test_any_text_is_answered(searcher: Searcher, text: str) -> None:
    searcher.search(Search(text, mode=Mode.HYBRID, highlight=True))
    searcher.suggest(text)


def test_filters_take_any_text(searcher: Searcher) -> None:
    for one, other in combinations(["\x00", "\ud800", "x" * 100_000, "ocw"], 2):
        assert searcher.search(Search("algebra", filters={"unit": [one, other]})).total >= 0


def test_absurd_numbers_are_bounded(searcher: Searcher) -> None:
    assert searcher.search(Search("algebra", offset=10**15, limit=10**9)).hits == []
    assert searcher.search(Search("", offset=10**15, sort="title")).hits == []
    assert searcher.search(Search("algebra", offset=-5, limit=-1)).hits == []
