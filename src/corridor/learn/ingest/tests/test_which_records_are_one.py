"""The rules by which records of several sources are one resource."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.learn.ingest import merge
from corridor.learn.ingest.merge import Group, Json, Listed, combine, partition


def course(
    readable_id: str = "1", *, title: str = "Thermodynamics", platform: str = "ocw", number: str = "", term: str = "", **fields: Any
) -> Json:
    record: Json = {"resource_type": "course", "platform": platform, "readable_id": readable_id, "title": title, **fields}
    if number:
        record["details"] = {"course_numbers": [{"value": number}]}
    if term:
        semester, year = term.split()
        record["runs"] = [{"run_id": term, "title": title, "semester": semester, "year": int(year)}]
    return record


def listed(**records: Json) -> list[Listed]:
    """Records by source; of one source several end with digits. Sources earlier in the alphabet are trusted more."""
    return [
        Listed(number, name.rstrip("0123456789"), name, ord(name[0]), tuple(merge.match_keys(record, {"edx", "mitxonline"})), record)
        for number, (name, record) in enumerate(records.items(), 1)
    ]


def keys(groups: list[Group]) -> set[frozenset[str]]:
    return {frozenset(member.key for member in group.members) for group in groups}


def grouped(**records: Json) -> set[frozenset[str]]:
    return keys(partition(listed(**records)))


def sets(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in groups}


PAGE = "https://www.ocw.example/courses/thermo/"

ONE = [
    ("the same identity", course(), course(title="Renamed")),
    ("the same page", course("1", url=PAGE), course("2", url="http://ocw.example/courses/thermo?utm_source=x#top", platform="x")),
    ("the same page, numbers in common", course("1", url=PAGE, number="5.60"), course("2", url=PAGE, number="5.60J", platform="x")),
    ("the same course key", course("OrgX+5.60x", platform="edx"), course("course-v1:orgx+5.60x+1T2020", platform="mitxonline", title="Thermo")),
    ("the course key of runs", course("uuid-1", platform="edx", runs=[{"run_id": "course-v1:A+B+C"}]), course("A+B", platform="mitxonline")),
    ("an old course key", course("A/B/2012", platform="edx"), course("A+B", platform="mitxonline")),
    ("number, title and unit", course("1", number="5.60", offered_by="u"), course("2", number="5.60 J", offered_by="u", title="THERMODYNAMICS.", platform="x")),
    (
        "number, title and unit in the same term",
        course("1", number="5.60", offered_by="u", term="fall 2020"),
        course("2", number="5.60", offered_by="u", term="Fall 2020", platform="x"),
    ),
]  # fmt: skip

TWO = [
    ("the same title alone", course("1"), course("2", platform="x")),
    ("the same title and unit", course("1", offered_by="u"), course("2", offered_by="u", platform="x")),
    ("number and title, other units", course("1", number="5.60", offered_by="u"), course("2", number="5.60", offered_by="v", platform="x")),
    ("number and title, no unit", course("1", number="5.60"), course("2", number="5.60", platform="x")),
    ("number and unit, another title", course("1", number="5.60", offered_by="u"), course("2", number="5.60", offered_by="u", title="Kinetics", platform="x")),
    (
        "number, title and unit, another term",
        course("1", number="5.60", offered_by="u", term="fall 2020"),
        course("2", number="5.60", offered_by="u", term="fall 2008", platform="x"),
    ),
    ("the same home page", course("1", url="https://u.example/"), course("2", url="https://u.example", platform="x")),
    ("the same page, other numbers and titles", course("1", url=PAGE, number="5.60"), course("2", url=PAGE, number="7.01", title="Biology", platform="x")),
    ("the same page, another type", course("1", url=PAGE), course("2", url=PAGE, platform="x", ) | {"resource_type": "video"}),
    ("a course key outside the edX family", course("9.15+fall_2007"), course("9.15+fall_2007", platform="x")),
    ("a course key, another type", course("A+B", platform="edx"), course("A+B", platform="mitxonline") | {"resource_type": "program"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "first", "second"), ONE, ids=[case[0] for case in ONE])
def test_records_with_this_in_common_are_one(what: str, first: Json, second: Json) -> None:
    assert grouped(a=first, b=second) == sets("a b")


@pytest.mark.parametrize(("what", "first", "second"), TWO, ids=[case[0] for case in TWO])
def test_records_with_no_more_in_common_stay_two(what: str, first: Json, second: Json) -> None:
    assert grouped(a=first, b=second) == sets("a", "b")


def test_two_records_of_one_source_stay_two() -> None:
    assert grouped(a1=course("1", url=PAGE), a2=course("2", url=PAGE)) == sets("a1", "a2")
    assert grouped(a1=course("A+B+1", platform="edx"), a2=course("A+B+2", platform="edx"), b=course("A+B", platform="mitxonline")) == sets(
        "a1", "a2", "b"
    )


def test_a_page_that_a_source_lists_twice_says_nothing() -> None:
    assert grouped(a1=course("1", url=PAGE), a2=course("2", url=PAGE), b=course("3", url=PAGE, platform="x")) == sets("a1", "a2", "b")


def test_a_barrier_keeps_records_apart_by_every_way() -> None:
    records = listed(a=course("1", url=PAGE), b=course("2", url=PAGE, platform="x"), c=course("2", platform="x"))
    assert keys(partition(records)) == sets("a b c")
    barrier = frozenset({frozenset({("a", "a"), ("c", "c")})})
    assert keys(partition(records, barrier)) == sets("b c", "a")


def test_the_surest_rule_decides_and_is_told() -> None:
    records = listed(a=course("1", url=PAGE), b=course("1", url=PAGE), c=course("9", url=PAGE, platform="x"))
    (group,) = partition(records)
    assert group.members[0].key == "a"
    assert {records[id - 1].key: (join.rule, join.evidence) for id, join in group.joins.items()} == {
        "b": ("identity", "ocw|course|1 as in a: a"),
        "c": ("url", "course|ocw.example/courses/thermo as in a: a"),
    }


def test_a_published_record_is_trusted_before_an_unpublished_one() -> None:
    (group,) = partition(listed(a=course(published=False), b=course()))
    assert [member.key for member in group.members] == ["b", "a"]


pages = st.sampled_from(["", "https://x.example/1", "https://x.example/2"])
records = st.builds(
    lambda id, url, unit, number, platform: course(id, url=url, offered_by=unit, number=number, platform=platform),
    st.sampled_from(["A+1", "A+2"]),
    pages,
    st.sampled_from(["", "u"]),
    st.sampled_from(["", "5.60"]),
    st.sampled_from(["edx", "mitxonline", "ocw"]),
)


@given(st.dictionaries(st.sampled_from(["a1", "a2", "b1", "b2", "c1"]), records, min_size=1))
def test_groups_part_all_records_hold_one_of_a_source_and_do_not_depend_on_the_order(given_records: dict[str, Json]) -> None:
    everyone = listed(**given_records)
    groups = partition(everyone)
    assert sorted(member.key for group in groups for member in group.members) == sorted(given_records)
    for group in groups:
        assert len({member.source for member in group.members}) == len(group.members)
        assert group.joins.keys() == {member.id for member in group.members[1:]}
    for order in list(permutations(everyone))[:6]:
        assert keys(partition(order)) == keys(groups)


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://www.Example.org/Courses/One/", "example.org/Courses/One"),
        ("http://example.org:80//Courses/One?utm_campaign=a&fbclid=b#part", "example.org/Courses/One"),
        ("https://example.org/c?b=2&a=1&utm_source=x", "example.org/c?a=1&b=2"),
        ("https://example.org:8443/c%C3%A9", "example.org:8443/cé"),
        ("https://example.org/", ""),
        ("https://example.org", ""),
        ("https://example.org/?id=5", "example.org?id=5"),
        ("", ""),
        ("http://[broken", ""),
        ("http://host:port/x", ""),
    ],
)
def test_an_address_is_compared_without_what_does_not_matter(address: str, canonical: str) -> None:
    assert merge.canonical_url(address) == canonical


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("course-v1:MITx+6.00.1x+2T2019", "mitx+6.00.1x"), ("MITx+6.00.1x", "mitx+6.00.1x"), ("MITx/6.00x/2012_Fall", "mitx+6.00x"),
        ("program-v1:MITx+SDS", ""), ("0f3a-uuid", ""), ("a+b+c+d", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_course_key_is_organization_and_number(name: str, key: str) -> None:
    assert merge.course_key(name) == key


def test_a_very_long_value_is_compared_by_its_digest() -> None:
    long = course("x" * 500, url="https://example.org/" + "y" * 2000)
    assert all(len(key) <= 240 for key in merge.match_keys(long))
    assert grouped(a=long, b=course("z", url=long["url"], platform="x")) == sets("a b")


def test_blanks_are_filled_from_the_next_record() -> None:
    first = course("1", description="", url=PAGE) | {"details": {"course_numbers": [{"value": "5.60"}]}}
    first.pop("description")
    second = course("2", platform="x", description="Heat.", topics=["Physics"], test_mode=True) | {"details": {"old_numbers": ["5.6"]}}
    merged = combine([first, second])
    assert merged.record == {
        **first,
        "description": "Heat.",
        "topics": ["Physics"],
        "details": {"course_numbers": [{"value": "5.60"}], "old_numbers": ["5.6"]},
    }
    assert (merged.origin["title"], merged.origin["description"]) == (0, 1)


def test_runs_are_united_by_their_ids() -> None:
    one = course() | {"runs": [{"run_id": "1", "title": "A"}, {"run_id": "2", "title": "B", "published": False}]}
    two = course() | {"runs": [{"run_id": "1", "title": "a", "location": "Room 5", "published": False}, {"run_id": "3", "title": "C"}]}
    assert combine([one, two]).record["runs"] == [
        {"run_id": "1", "title": "A", "location": "Room 5"},
        {"run_id": "2", "title": "B", "published": False},
        {"run_id": "3", "title": "C"},
    ]


@pytest.mark.parametrize(
    ("what", "second", "ids"),
    [
        ("the same term", [{"run_id": "s", "semester": "Fall", "year": 2031}], {"f"}),
        ("another year", [{"run_id": "s", "semester": "fall", "year": 2032}], {"f", "s"}),
        ("a year alone", [{"run_id": "s", "year": 2031}], {"f", "s"}),
        ("dates", [{"run_id": "s", "semester": "fall", "year": 2031, "start_date": "2031-09-01T00:00:00Z"}], {"f", "s"}),
        ("two of the term", [{"run_id": name, "semester": "fall", "year": 2031} for name in "st"], {"f", "s", "t"}),
        ("both ids", [{"run_id": "f"}, {"run_id": "s", "semester": "fall", "year": 2031}], {"f", "s"}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_runs_of_one_term_are_one_where_nothing_speaks_against_it(what: str, second: list[Json], ids: set[str]) -> None:
    first = {"run_id": "f", "semester": "fall", "year": 2031, "title": "First"}
    runs = combine([course(runs=[first]), course(runs=second)]).record["runs"]
    assert {run["run_id"] for run in runs} == ids
    assert runs[0]["title"] == "First"


def test_no_children_is_something_said() -> None:
    assert combine([course() | {"children": []}, course() | {"children": [{"readable_id": "x"}]}]).record["children"] == []
    assert combine([course(), course() | {"children": [{"readable_id": "x"}]}]).record["children"] == [{"readable_id": "x"}]
