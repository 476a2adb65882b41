"""One course that several sources list appears once; a merge is told, and can be undone for good."""

from itertools import permutations
from typing import Any

import pytest

from corridor.learn.catalog.models import LearningResource, ResourceDocument
from corridor.learn.ingest.actions import rebuild, unmerge
from corridor.learn.ingest.errors import NotMerged, RecordUnknown
from corridor.learn.ingest.models import MergeEntry, SourceRecord, SourceSetting

from .cast import Given, course, read, resource, titles

PAGE = "https://u.example/courses/heat"


def heat(key: str, **fields: Any) -> dict[str, Any]:
    return course(key, **{"title": f"Heat of {key}", "url": PAGE, **fields})


def homes() -> set[frozenset[str]]:
    """Which records share a resource."""
    shared: dict[int | None, set[str]] = {}
    for key, home in SourceRecord.objects.filter(withdrawn_at=None).values_list("key", "resource"):
        shared.setdefault(home, set()).add(key)
    return {frozenset(keys) for keys in shared.values()}


def merges() -> dict[str, tuple[str, str]]:
    return {entry.key: (entry.rule, entry.evidence) for entry in MergeEntry.objects.filter(undone_at=None)}


def sets(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in groups}


def test_the_more_trusted_source_names_it_and_the_other_fills_the_blanks(alpha: Given, beta: Given) -> None:
    read(beta, heat("b", description="From beta.", platform="edx"))
    created = resource("b").id
    read(alpha, heat("a"))
    merged = LearningResource.objects.get()
    assert (merged.id, merged.readable_id, merged.platform_id) == (created, "a", "ocw")
    assert (merged.title, merged.description) == ("Heat of a", "From beta.")
    assert merges() == {"b": ("url", "course|u.example/courses/heat as in alpha: a")}
    assert ResourceDocument.objects.count() == 1


def test_a_change_of_the_less_trusted_changes_only_what_it_fills(alpha: Given, beta: Given) -> None:
    read(alpha, heat("a"))
    read(beta, heat("b", description="Old."))
    read(beta, heat("b", description="New.", title="Renamed"))
    merged = LearningResource.objects.get()
    assert (merged.title, merged.description) == ("Heat of a", "New.")


@pytest.fixture
def three(alpha: Given, beta: Given) -> list[tuple[Given, list[dict[str, Any]]]]:
    gamma = Given(code="gamma", name="Gamma", precedence=30)
    return [
        (alpha, [heat("a"), course("a2")]),
        (beta, [heat("b", platform="edx", readable_id="O+H"), course("b2", url="https://u.example/other")]),
        (
            gamma,
            [course("g", platform="mitxonline", readable_id="course-v1:O+H+1", title="Heat"), course("g2", url="https://u.example/other")],
        ),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_reading_plays_no_part(three: list[tuple[Given, list[dict[str, Any]]]], order: tuple[int, ...]) -> None:
    for place in order:
        source, payloads = three[place]
        read(source, *payloads)
    assert homes() == sets("a b g", "a2", "b2 g2")
    assert set(LearningResource.objects.filter(published=True).values_list("readable_id", flat=True)) == {"a", "a2", "b2"}
    assert {key: rule for key, (rule, _) in merges().items()} == {"b": "url", "g": "course", "g2": "url"}


def test_a_course_stays_as_long_as_one_source_lists_it(alpha: Given, beta: Given) -> None:
    others = [course(str(number)) for number in range(9)]
    read(alpha, heat("a", description="From alpha."), *others)
    read(beta, heat("b"))
    read(alpha, *others, allow_unpublish=True)
    assert {title for title in titles() if "Heat" in title} == {"Heat of b"}
    left = resource("b")
    assert (left.description, left.published) == ("", True)
    read(beta, allow_unpublish=True)
    assert not resource("b").published
    read(alpha, heat("a", description="From alpha."), *others)
    assert {title for title in titles() if "Heat" in title} == {"Heat of a"}


def test_records_that_have_nothing_in_common_any_more_part(alpha: Given, beta: Given) -> None:
    read(alpha, heat("a"))
    read(beta, heat("b"))
    read(beta, heat("b", url="https://u.example/courses/cold"))
    assert homes() == sets("a", "b")
    assert titles() == {"Heat of a", "Heat of b"}
    assert merges() == {}
    read(beta, heat("b"))
    assert homes() == sets("a b")
    assert titles() == {"Heat of a"}


def test_a_page_that_turns_out_to_be_of_two_courses_joins_none(alpha: Given, beta: Given) -> None:
    read(alpha, heat("a"))
    read(beta, heat("b"))
    read(alpha, heat("a"), heat("a2"))
    assert homes() == sets("a", "a2", "b")
    assert titles() == {"Heat of a", "Heat of a2", "Heat of b"}


def test_an_undone_merge_stays_undone(alpha: Given, beta: Given) -> None:
    read(alpha, heat("a"))
    read(beta, heat("b", description="From beta."))
    kept = resource("a").id
    assert [each.key for each in unmerge("beta", "b", by="Ada")] == ["a"]
    assert (resource("a").id, resource("a").description, resource("b").description) == (kept, "", "From beta.")
    assert titles() == {"Heat of a", "Heat of b"}
    undone = MergeEntry.objects.get()
    assert (undone.key, undone.undone_by, undone.undone_at is not None) == ("b", "Ada", True)
    read(alpha, heat("a", description="Changed."))
    read(beta, heat("b", description="Changed, too."))
    rebuild(["alpha", "beta"])
    assert homes() == sets("a", "b")
    assert titles() == {"Heat of a", "Heat of b"}


def test_the_first_of_a_resource_can_be_parted_from_the_others(alpha: Given, beta: Given) -> None:
    gamma = Given(code="gamma", name="Gamma", precedence=30)
    read(alpha, heat("a"))
    read(beta, heat("b"))
    read(gamma, heat("c"))
    unmerge("alpha", "a")
    assert homes() == sets("a", "b c")
    assert titles() == {"Heat of a", "Heat of b"}


def test_what_is_not_merged_cannot_be_parted(alpha: Given) -> None:
    read(alpha, heat("a"))
    with pytest.raises(NotMerged):
        unmerge("alpha", "a")
    with pytest.raises(RecordUnknown):
        unmerge("alpha", "none")


def test_staff_decide_who_is_believed(alpha: Given, beta: Given) -> None:
    read(alpha, heat("a"))
    read(beta, heat("b"))
    SourceSetting.objects.filter(source="beta").update(precedence=1)
    rebuild(["beta"])
    assert titles() == {"Heat of b"}
    assert homes() == sets("a b")


def test_a_name_that_is_free_again_can_be_taken(alpha: Given) -> None:
    others = [course(str(number)) for number in range(9)]
    read(alpha, course("one", readable_id="x"), course("two", readable_id="y"), *others)
    one, two = resource("x").id, resource("y").id
    read(alpha, course("one", readable_id="y"), course("two", readable_id="x"), *others)
    assert (resource("y").id, resource("x").id) == (one, two)
    read(alpha, course("one", readable_id="y"), *others, allow_unpublish=True)
    read(alpha, course("one", readable_id="x"), *others)
    assert (resource("x").id, resource("x").published) == (one, True)
    assert LearningResource.objects.get(id=two).readable_id == f"x~{two}"


def test_one_run_of_a_resource_is_made_of_what_both_say(alpha: Given, beta: Given) -> None:
    read(alpha, heat("a", runs=[{"run_id": "1", "title": "One"}, {"run_id": "2", "title": "Two"}]))
    read(beta, heat("b", runs=[{"run_id": "2", "title": "Zwei", "location": "Hall"}, {"run_id": "3", "title": "Three"}]))
    runs = resource("a").runs.order_by("run_id").values_list("run_id", "title", "location", "published")
    assert list(runs) == [("1", "One", "", True), ("2", "Two", "Hall", True), ("3", "Three", "", True)]
    unmerge("beta", "b")
    assert set(resource("a").runs.filter(published=True).values_list("run_id", flat=True)) == {"1", "2"}
    assert set(resource("b").runs.filter(published=True).values_list("run_id", flat=True)) == {"2", "3"}
