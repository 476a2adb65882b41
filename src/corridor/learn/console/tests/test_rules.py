"""What the console concludes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from corridor.learn.console.rules import Place, RecordStanding, Standing, compared, findings, is_listed, why_not_replayed

MAY = datetime(2026, 5, 4, tzinfo=UTC)


def record(source: str = "alpha", published: bool = True, missing: Any = None, withdrawn: Any = None) -> RecordStanding:
    return RecordStanding(source, published, missing, withdrawn)


def standing(**changes: Any) -> Standing:
    usual: dict[str, Any] = {
        "records": [record()],
        "published": True,
        "document_version": 7,
        "document_published": True,
        "index_there": True,
        "indexed_version": 7,
        "waiting": False,
    }
    return Standing(**usual | changes)


def test_what_is_as_it_must_be_is_listed() -> None:
    assert is_listed(standing())
    assert all(finding.good for finding in findings(standing()))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"records": [record(withdrawn=MAY)]}, "alpha does not give it any more; withdrawn on 04 May 2026."),
        ({"records": [record(published=False)]}, "alpha says that it is not published."),
        ({"published": False, "document_published": False, "indexed_version": None}, "It is hidden."),
        ({"document_version": None, "document_published": False, "indexed_version": None}, "No document was made of it yet."),
        ({"document_published": False, "indexed_version": None}, "is not up to date"),
        ({"index_there": False, "indexed_version": None}, "There is no index yet."),
        ({"indexed_version": 6, "waiting": True}, "it is on its way"),
        ({"indexed_version": None, "dead_reason": "disk full."}, "The index could not take it: disk full."),
        ({"indexed_version": 6}, "The index holds version 6, and no change is on its way."),
    ],
)
def test_each_obstacle_is_named(changes: dict[str, Any], said: str) -> None:
    bad = [finding.says for finding in findings(standing(**changes)) if not finding.good]
    assert any(said in each for each in bad)


def test_one_source_that_gives_it_is_enough() -> None:
    found = findings(standing(records=[record(), record("beta", withdrawn=MAY), record("gamma", missing=MAY)]))
    assert all(finding.good for finding in found)
    assert "gamma has not given it since 04 May 2026" in " ".join(finding.says for finding in found)


def test_places_are_compared() -> None:
    assert compared([5, 6, 7], [7, 5, 9]) == [Place(7, 1, 3), Place(5, 2, 1), Place(9, 3, None)]
    assert [place.moved for place in compared([5, 6, 7], [7, 5, 9])] == [2, -1, 0]


@pytest.mark.parametrize(
    ("kind", "raw", "possible"),
    [
        ("course", {"a": 1}, True),
        ("course", {"cut": "a", "b": 1}, True),
        ("course", {"cut": "a"}, False),
        ("rival", {}, False),
        ("unusable", {}, False),
    ],
)
def test_what_can_be_tried_again(kind: str, raw: Any, possible: bool) -> None:
    assert (why_not_replayed(kind, raw) == "") is possible
