"""What stands around the hits."""

import pytest

from corridor.learn.pages.asked import Asked
from corridor.learn.pages.finding import found, said
from corridor.search import FacetValue, Mode, Results


def results(total: int, **facets: list[FacetValue]) -> Results:
    return Results(total=total, hits=[], facets=facets)


@pytest.mark.parametrize(
    ("total", "page", "labels"),
    [
        (20, 1, []),
        (21, 1, ["1", "2"]),
        (200, 5, ["1", None, "4", "5", "6", None, "10"]),
        (90_000, 50, ["1", None, "49", "50"]),
    ],
)
def test_pages_are_the_first_the_last_and_those_near(total: int, page: int, labels: list[str | None]) -> None:
    pages = found(Asked("/search", page=page), results(total), {}).pages
    assert [each.label if each else None for each in pages] == labels


def test_a_page_beyond_the_last_leads_back() -> None:
    shown = found(Asked("/search", "x", page=9), results(50), {})
    assert (shown.last, shown.previous, shown.next) == ("/search?q=x&page=3", "", "")


def test_what_is_chosen_stands_first_and_can_be_taken_away() -> None:
    asked = Asked("/search", filters={"topic": ("physics",), "department": ("8",)})
    topics = [FacetValue(name, 9 - at) for at, name in enumerate(["A", "B", "C", "D", "E", "F", "Physics"])]
    shown = found(asked, results(3, topic=topics), {"department": {"8": "Physics Department"}})
    facet = shown.facets[0]
    assert [value.label for value in facet.values] == ["Physics", "A", "B", "C", "D", "E"]
    assert [value.chosen for value in facet.values][:2] == [True, False]
    assert [value.label for value in facet.more] == ["F"]
    assert [(chip.label, chip.address) for chip in shown.chips] == [
        ("Topic: physics", "/search?department=8"),
        ("Department: Physics Department", "/search?topic=physics"),
    ]


def test_types_have_counts_without_the_choice_among_them() -> None:
    groups = [FacetValue("course", 5), FacetValue("program", 2)]
    shown = found(Asked("/search", filters={"resource_type_group": ("course",)}), results(5, resource_type_group=groups), {})
    assert [(link.label, link.count, link.current) for link in shown.groups] == [
        ("All", 7, False),
        ("Courses", 5, True),
        ("Programs", 2, False),
        ("Materials", 0, False),
    ]
    assert shown.chips == []


@pytest.mark.parametrize(
    ("text", "total", "page", "words"),
    [("", 0, 1, "No results"), ("x", 1, 1, "1 result for “x”"), ("x", 2345, 2, "2,345 results for “x”, page 2")],
)
def test_what_is_said_aloud(text: str, total: int, page: int, words: str) -> None:
    assert said(Asked("/search", text, page=page), total) == words


def test_a_question_of_meaning_that_words_answered_says_so() -> None:
    answer = Results(total=1, hits=[], mode=Mode.LEXICAL)
    assert found(Asked("/search", "x"), answer, {}).by_words
    assert not found(Asked("/search", "x", mode="words"), answer, {}).by_words
