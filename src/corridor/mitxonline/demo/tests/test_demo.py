"""The demo holds every case that the rules tell apart, in any week, and loads again without a trace."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from corridor.kit import clock
from corridor.mitxonline.catalog import queries
from corridor.mitxonline.catalog.models import (
    BlockedCountry,
    CatalogDocument,
    Course,
    CourseRun,
    Department,
    ProductVersion,
    Program,
    ProgramCollection,
    RelatedProgram,
)
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.demo.actions import is_empty, load_demo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=[0, 3, 6, 200], ids=lambda days: f"{days} days on")
def _some_day(request: pytest.FixtureRequest) -> Iterator[None]:
    with clock.fixed(NOW + timedelta(days=request.param)):
        assert is_empty()
        assert load_demo().set_aside == {}
        yield


def course(number: str) -> dict[str, Any]:
    return json.loads(queries.body("course", "v2", f"course-v1:NorthmereX+{number}", "course"))


def program(code: str) -> dict[str, Any]:
    return json.loads(queries.body("program", "v2", f"program-v1:NorthmereX+{code}", "program"))


def states(number: str) -> list[tuple[bool, bool, bool]]:
    return [(run["is_enrollable"], run["is_upgradable"], run["is_archived"]) for run in course(number)["courseruns"]]


def test_runs_are_in_every_state() -> None:
    assert Department.objects.filter(courses__isnull=False).distinct().count() == 3
    assert (course("ASTR.10x")["availability"], states("ASTR.10x")) == ("anytime", [(True, True, False)])
    assert (course("ASTR.20x")["availability"], states("ASTR.20x")) == ("dated", [(False, False, False), (True, True, False)])
    assert (course("ASTR.10x")["required_prerequisites"], course("ASTR.20x")["required_prerequisites"]) == (False, True)
    assert Course.objects.get(readable_id__endswith="ASTR.20x").prospectus.prerequisites.startswith("Trigonometry")
    assert states("ASTR.30x") == [(True, False, True)]
    assert states("PROB.20x") == [(True, False, False)]
    assert (course("PROB.30x")["certificate_available"], states("PROB.30x")) == (False, [(True, False, False)])
    assert (course("CITY.30x")["courseruns"], course("CITY.30x")["include_in_learn_catalog"]) == ([], False)
    assert [run["run_tag"] for run in course("CITY.90x")["courseruns"]] == ["fake-1T"]


def test_a_course_is_held_in_variants() -> None:
    assert [(run["language"], run["variant_length"]) for run in course("PROB.10x")["courseruns"]] == [("en", "")]
    assert CourseRun.objects.filter(course__readable_id__endswith="PROB.10x").count() == 5
    assert len(course("PROB.10x")["possible_variant_sets"]) == 5


def test_programs_require_in_every_way() -> None:
    assert len(program("SKIES")["requirements"]["courses"]["required"]) == 2
    chosen = program("EVIDENCE")["req_tree"][1]
    assert (chosen["data"]["operator_value"], len(chosen["children"])) == ("2", 4)
    assert (program("EVIDENCE")["certificate_type"], course("CITY.10x")["certificate_type"]) == ("MicroMasters Credential",) * 2
    nested = {code: program(code)["requirements"]["programs"]["required"][0]["readable_id"] for code in ("TOWNS", "READERS")}
    assert {code: program(name.partition("+")[2])["certificate_available"] for code, name in nested.items()} == {
        "TOWNS": True,
        "READERS": False,
    }
    assert program("PAPERS")["display_mode"] == "course"
    assert not CatalogDocument.objects.filter(kind="program", readable_id__endswith="HARBOUR").exists()
    assert [len(shelf.programs.all()) for shelf in ProgramCollection.objects.order_by("id")] == [3, 2]
    assert (RelatedProgram.objects.count(), BlockedCountry.objects.count()) == (1, 1)


def test_loading_again_writes_nothing_and_a_later_week_moves_dates() -> None:
    versions, sold = set(CatalogDocument.objects.values_list("version", flat=True)), ProductVersion.objects.count()
    load_demo()
    assert set(CatalogDocument.objects.values_list("version", flat=True)) == versions
    before = course("ASTR.20x")["courseruns"][1]["start_date"]
    with clock.fixed(clock.now() + timedelta(days=14)):
        load_demo()
        assert course("ASTR.20x")["courseruns"][1]["start_date"] > before
    assert (ProductVersion.objects.count(), Course.objects.count(), Program.objects.count()) == (sold, 10, 7)
