"""What dates, modes and products make of runs: tables of cases."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from corridor.mitxonline.catalog import rules
from corridor.mitxonline.catalog.facts import ModeFacts, ProductFacts, RunFacts

from .cast import NOW, at

AUDIT, VERIFIED = ModeFacts("audit", "Audit", False), ModeFacts("verified", "Verified", True)
PRODUCT = ProductFacts(1, Decimal("99.00"), "", True)
PAST, LATER, FAR = at(1), at(9), at(1, 9)


def run(id: int = 1, **fields: Any) -> RunFacts:
    """Open, begun, for sale."""
    usual = {"start_date": PAST, "end_date": FAR, "enrollment_start": PAST, "modes": (AUDIT, VERIFIED), "products": (PRODUCT,)}
    return RunFacts(id=id, course_id=1, title="Lanterns", courseware_id=f"course-v1:N+LN+{id}T", **({"run_tag": f"{id}T"} | usual | fields))


@pytest.mark.parametrize(
    ("fields", "open_now"),
    [
        ({}, True),
        ({"live": False}, False),
        ({"start_date": None}, False),
        ({"start_date": LATER}, True),
        ({"enrollment_start": None}, False),
        ({"enrollment_start": LATER}, False),
        ({"enrollment_start": NOW}, True),
        ({"enrollment_end": NOW}, False),
        ({"enrollment_end": LATER}, True),
        ({"end_date": PAST}, True),
    ],
)
def test_enrollment_is_open(fields: dict[str, Any], open_now: bool) -> None:
    assert rules.is_enrollable(run(**fields), NOW) is open_now


@pytest.mark.parametrize(
    ("fields", "upgradable"),
    [
        ({}, True),
        ({"live": False}, False),
        ({"upgrade_deadline": LATER}, True),
        ({"upgrade_deadline": NOW}, False),
        ({"modes": (AUDIT,)}, False),
        ({"products": ()}, False),
        ({"products": (ProductFacts(1, Decimal(9), "", False),)}, False),
        ({"enrollment_end": PAST}, True),
    ],
)
def test_the_verified_track_can_be_bought(fields: dict[str, Any], upgradable: bool) -> None:
    assert rules.is_upgradable(run(**fields), NOW) is upgradable


@pytest.mark.parametrize(
    ("fields", "archived"),
    [({}, False), ({"end_date": NOW}, True), ({"end_date": NOW, "enrollment_end": PAST}, False), ({"end_date": None}, False)],
)
def test_a_run_is_archived_when_it_is_over_and_still_open(fields: dict[str, Any], archived: bool) -> None:
    assert rules.is_archived(run(**fields), NOW) is archived


@pytest.mark.parametrize(
    ("runs", "best"),
    [
        ([], None),
        ([run(1, end_date=NOW)], None),
        ([run(1, enrollment_end=PAST), run(2, start_date=LATER)], 2),
        ([run(1, start_date=LATER), run(2)], 2),
        ([run(1, b2b_contract=4), run(2, is_source_run=True)], None),
        ([run(1, language="fr", is_primary_language=False), run(2, start_date=LATER)], 2),
        ([run(1, language="", is_primary_language=False)], 1),
        ([run(1, language="en", is_primary_language=False), run(2, language="fr")], 2),
        ([run(1, variant_length="S"), run(2, start_date=LATER)], 2),
        ([run(1, variant_industry="HC")], 1),
        ([run(2), run(1)], 1),
        ([run(1, end_date=None)], 1),
    ],
)
def test_a_course_stands_for_its_next_run(runs: list[RunFacts], best: int | None) -> None:
    found = rules.next_run(runs, NOW)
    assert (found.id if found else None) == best


def test_of_runs_with_one_tag_the_original_is_shown() -> None:
    original = run(5, run_tag="1T")
    others = [run(1, run_tag="1T", variant_length="S"), run(2, run_tag="1T", is_primary_language=False, language="fr")]
    alone = run(9, run_tag="2T", variant_industry="E")
    assert rules.canonical_runs([*others, original, alone]) == (original, alone)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [([], "dated"), ([run()], "dated"), ([run(is_self_paced=True)], "anytime"), ([run(is_self_paced=True, start_date=LATER)], "dated")],
)
def test_one_can_begin_at_once(runs: list[RunFacts], expected: str) -> None:
    assert rules.availability(runs, NOW) == expected


@pytest.mark.parametrize(
    ("runs", "moment"),
    [
        ([], None),
        ([run(end_date=None)], None),
        ([run()], FAR),
        ([run(upgrade_deadline=LATER), run(enrollment_end=at(3))], at(3)),
        ([run(end_date=NOW)], None),
    ],
)
def test_the_next_date_is_when_something_changes_by_itself(runs: list[RunFacts], moment: datetime | None) -> None:
    assert rules.next_change(runs, NOW) == moment


@pytest.mark.parametrize(
    ("types", "expected"),
    [([], rules.COMPLETION), (["Series"], rules.COMPLETION), (["Series", "MicroMasters®"], rules.MICROMASTERS), ([""], rules.COMPLETION)],
)
def test_certificates_are_named_by_programs(types: list[str], expected: str) -> None:
    assert rules.certificate_type(types) == expected


@pytest.mark.parametrize(
    ("stated", "products", "expected"),
    [
        ((None, None), (), (None, None)),
        ((None, None), (PRODUCT, ProductFacts(2, Decimal(50), "", True)), (50, 99)),
        ((None, None), (ProductFacts(2, Decimal(50), "", False),), (None, None)),
        ((Decimal(10), Decimal(80)), (PRODUCT,), (10, 80)),
        ((Decimal(10), None), (PRODUCT,), (10, 10)),
        ((None, Decimal(10)), (), (10, 10)),
    ],
)
def test_prices_are_those_stated_or_those_of_products(stated: Any, products: Any, expected: Any) -> None:
    found = rules.price_range(*stated, products)
    assert (found.least, found.most) == expected


@pytest.mark.parametrize(("key", "number"), [("course-v1:MITxT+18.03x+1T2026", "18.03x"), ("course-v1:N+A", "A"), ("odd", "odd")])
def test_numbers_of_courses_are_in_the_keys_of_runs(key: str, number: str) -> None:
    assert rules.number_of_run(key) == number
