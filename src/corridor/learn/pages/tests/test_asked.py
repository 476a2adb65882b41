"""What the address of a search page asks."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.learn.pages.asked import CLOSED, FILTERS, PAGE_SIZE, Asked, BadQuestion, parse, pinned
from corridor.search.model import Mode

words = (
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
    .map(lambda s: " ".join(s.split()))
    .filter(bool)
)
filters = st.dictionaries(
    st.sampled_from([name for name in FILTERS if name not in CLOSED]), st.lists(words, min_size=1, max_size=3, unique=True).map(tuple)
)


def asked(query: str) -> Asked:
    return parse("/search", parse_qs(query).items())


@given(words, filters, st.sampled_from(["", "words", "meaning"]), st.integers(1, 50))
def test_an_address_asks_what_it_was_made_of(text: str, given: dict[str, tuple[str, ...]], mode: str, page: int) -> None:
    question = Asked("/search", text, given, mode=mode, page=page)
    read = asked(urlsplit(question.address).query)
    assert (read.text, dict(read.filters), read.mode, read.page) == (text, given, mode, page)


def test_a_question_for_the_index() -> None:
    search = asked("q=energy++use&topic=Physics&topic=Energy&free=true&page=3&sortby=new&mode=words").search(["topic"])
    assert search.text == "energy use"
    assert search.filters == {"ocw_file": ("false",), "topic": ("Physics", "Energy"), "free": ("true",)}
    assert (search.offset, search.limit) == (2 * PAGE_SIZE, PAGE_SIZE)
    assert (search.sort, search.mode, search.facets) == ("new", Mode.LEXICAL, ("topic",))


def test_changes_begin_at_the_first_page() -> None:
    question = asked("q=energy&free=true&page=3")
    assert question.with_filter("topic", "Physics").address == "/search?q=energy&free=true&topic=Physics"
    assert question.without("free", "true").address == "/search?q=energy"
    assert question.with_text("power").address == "/search?q=power&free=true"
    assert question.with_page(4).address == "/search?q=energy&free=true&page=4"


def test_what_a_channel_stands_for_is_part_of_the_question_but_not_of_its_address() -> None:
    question = parse("/c/topic/physics/", {"q": ["light"]}.items(), pinned("topic=Physics&nonsense=1"))
    assert question.search([]).filters == {"ocw_file": ("false",), "topic": ("Physics",)}
    assert question.address == "/c/topic/physics/?q=light"
    with pytest.raises(BadQuestion, match="knows no “topic”"):
        parse("/c/topic/physics/", {"topic": ["Energy"]}.items(), pinned("topic=Physics"))


@pytest.mark.parametrize("parameter", ["page=1e3", "page=-1", "page=٣", "free=yes", "mode=hybrid", "mode=words&mode=meaning", "sort=new"])
def test_bad_values_are_refused(parameter: str) -> None:
    with pytest.raises(BadQuestion) as refused:
        asked(parameter)
    assert refused.value.parameter == parameter.split("=")[0]


def test_counters_of_visits_ask_nothing() -> None:
    assert asked("utm_source=x&fbclid=y&gclid=z&q=energy").address == "/search?q=energy"
