"""Course numbers in all their spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.search.codes import base, canonical, index_terms, mentions, query_terms, spellings


@pytest.mark.parametrize(
    ("spelling", "form"),
    [
        ("18.06", "18.06"),
        ("18-06", "18.06"),
        ("6.042J", "6.042j"),
        ("6.042j", "6.042j"),
        ("6042J", "6042j"),
        ("18.01sc", "18.01sc"),
        ("18.01SC", "18.01sc"),
        ("6.00.1x", "6.00.1x"),
        ("CS 101", "cs101"),
        ("cs101", "cs101"),
        ("cs-101", "cs101"),
        ("21A.120", "21a120"),
        ("CMS.400", "cms400"),
        ("6.S081", "6s081"),
        ("", ""),
        ("é.1", "e1"),
    ],
)
def test_canonical_form(spelling: str, form: str) -> None:
    assert canonical(spelling) == form


@pytest.mark.parametrize(
    ("form", "expected"),
    [("6.042j", "6.042"), ("18.01sc", "18.01"), ("6.00.1x", "6.00.1"), ("cs50x", "cs50"), ("18.06", "18.06"), ("14.310fx", "14.310")],
)
def test_base_form(form: str, expected: str) -> None:
    assert base(form) == expected


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("18.06", ["18.06"]),
        ("6.042J/18.062J", ["6.042J/18.062J", "6.042J", "18.062J"]),
        ("MITx+6.00.1x", ["MITx+6.00.1x", "6.00.1x"]),
        ("course-v1:MITxT+6.86x+2T2023", ["course-v1:MITxT+6.86x+2T2023", "6.86x"]),
        ("MITx/6.002x/2012_Fall", ["6.002x"]),
        ("CS 101", ["CS 101"]),
        ("MATH 241", ["MATH 241"]),
    ],
)
def test_what_a_value_spells(value: str, codes: list[str]) -> None:
    assert list(spellings(value)) == codes


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("18.06", ["18.06"]),
        ("linear algebra 18.06 strang", ["18.06"]),
        ("course 18.06", ["18.06"]),
        ("18.06, 18.700.", ["18.06", "18.700"]),
        ("6042J", ["6042j"]),
        ("1806", ["1806"]),
        ("6002x circuits", ["6002x"]),
        ("cs 101", ["cs101"]),
        ("CS101", ["cs101"]),
        ("6.042j/18.062J", ["6.042j", "18.062j"]),
        ("MITx+6.00.1x", ["6.00.1x"]),
        ("course-v1:MITx+6.86x+2T2023", ["6.86x"]),
        ("spring 2006", ["spring2006"]),  # whether it is one, the index knows
        ("1968 revolution", []),
        ("linear algebra", []),
        ("mit 6.S081", ["6s081"]),
        ("mit 21h.urg", ["21hurg"]),
        ("8.THG", ["8thg"]),
        ("HST.UR", ["hstur"]),
        ("research for hst.ur", []),
        ("learn node.js", []),
        ("web 2.0", ["2.0"]),
        ("http://x.y/?a=1", []),
    ],
)
def test_what_may_be_a_code_in_a_query(query: str, found: list[str]) -> None:
    assert [mention.form for mention in mentions(query)] == found


@pytest.mark.parametrize(
    ("query", "document", "rank"),
    [
        ("18.06", "18.06", 0),
        ("6.042j", "6.042J", 0),
        ("6.042", "6.042J", 1),
        ("6.042J", "6.042", 1),
        ("18.01SC", "18.01", 1),
        ("6042J", "6.042J", 4),
        ("6042", "6.042J", 5),
        ("1806", "18.06", 4),
        ("6.002x", "6002x", 4),
        ("6.00", "6.00.1x", 5),
        ("cs 101", "CS101", 0),
        ("6.00", "6.001", None),
        ("6.00", "6.0001", None),
        ("18.06", "180.6", None),
        ("18.6", "18.06", None),
    ],
)
def test_how_closely_a_code_is_met(query: str, document: str, rank: int | None) -> None:
    wanted, terms = query_terms(canonical(query)), index_terms([document])
    assert next((position for position, term in enumerate(wanted) if term in terms), None) == rank


def test_the_primary_number_goes_before_a_cross_listed_one() -> None:
    wanted = query_terms("18.062j")
    primary, crosslisted = index_terms(["18.062J"]), index_terms(["6.042J", "18.062J"])
    assert min(map(wanted.index, set(wanted) & set(primary))) < min(map(wanted.index, set(wanted) & set(crosslisted)))


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    for mention in mentions(text):
        assert 0 <= mention.start < mention.end <= len(text)
        assert query_terms(mention.form)
    index_terms([text])


@given(st.from_regex(r"[1-9][0-9]?\.[0-9]{2,3}[A-Z]{0,2}", fullmatch=True))
def test_a_number_is_found_however_it_is_written(number: str) -> None:
    terms = index_terms([number])
    for spelling in (number, number.lower(), number.replace(".", "-"), number.replace(".", ""), f"x {number.lower()} y"):
        forms = [mention.form for mention in mentions(spelling)] or [canonical(spelling)]
        assert any(term in terms for form in forms for term in query_terms(form)), spelling
