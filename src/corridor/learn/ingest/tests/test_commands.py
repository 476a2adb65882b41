"""What a person does at the terminal: read, look, mend, read again."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corridor.learn.catalog.models import LearningResource
from corridor.learn.ingest.commands import ingest
from corridor.learn.ingest.models import IngestRun, QuarantinedRecord

from .cast import titles

pytestmark = pytest.mark.django_db
MAPPING = """
source: college
name: The College
file: courses.csv
platform: {code: college, name: The College}
offered_by: {code: college, name: The College}
key: number
record: {resource_type: =course, title: title, min_weeks: weeks, url: page}
"""
HEADER = "number,title,weeks,page\n"
GOOD = HEADER + "C1,Heat,6,https://college.example/c1\nC2,Cold,8,https://college.example/c2\n"


@pytest.fixture
def college(tmp_path: Path) -> Path:
    """A folder with the mapping of a college and its courses."""
    (tmp_path / "college.yaml").write_text(MAPPING)
    (tmp_path / "courses.csv").write_text(GOOD)
    return tmp_path


def call(*arguments: str | Path, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(ingest, [str(each) for each in arguments])
    assert result.exit_code == exit_code, result.output
    return result


def report(*arguments: str | Path, exit_code: int = 0) -> dict[str, Any]:
    """The report that a command prints as JSON."""
    found: dict[str, Any] = json.loads(call(*arguments, "--json", exit_code=exit_code).stdout.strip().splitlines()[-1])
    return found


def mapped(folder: Path) -> tuple[str, Path]:
    return "--mapping", folder / "college.yaml"


def test_a_file_is_read_and_read_again(college: Path) -> None:
    first = report("run", "generic", *mapped(college))
    assert (first["status"], first["seen"], first["created"], first["documents"]) == ("succeeded", 2, 2, 2)
    again = report("run", "generic", *mapped(college))
    assert (again["created"], again["changed"], again["unchanged"], again["documents"]) == (0, 0, 2, 0)
    assert "2 seen" in call("report").output
    assert "The College" in call("list").output
    assert "college" in {row["source"] for row in json.loads(call("list", "--json").stdout)}


def test_a_dry_run_shows_the_difference_alone(college: Path) -> None:
    call("run", "generic", *mapped(college))
    (college / "courses.csv").write_text(GOOD.replace("Cold", "Frost") + "C3,Wind,2,\n")
    shown = call("run", "generic", *mapped(college), "--dry-run").output
    assert "nothing was changed" in shown
    assert 'C2: title: "Cold" → "Frost"' in shown
    assert "created    C3: Wind" in shown
    assert titles() == {"Heat", "Cold"}


def test_a_record_set_aside_is_shown_with_its_reason_and_tried_again(college: Path) -> None:
    (college / "courses.csv").write_text(HEADER + "C1,Heat,many,\nC2,Cold,8,\n")
    assert report("run", "generic", *mapped(college))["rejected"] == 1
    shown = call("quarantine").output
    assert "C1" in shown
    assert "min_weeks: Input should be a valid integer" in shown
    assert json.loads(call("quarantine", "college", "--json").stdout)[0]["raw"]["weeks"] == "many"
    (college / "college.yaml").write_text(MAPPING.replace("min_weeks: weeks", "duration: weeks"))
    tried = report("quarantine", "college", "--replay", *mapped(college))
    assert (tried["seen"], tried["created"], tried["missing"]) == (1, 1, 0)
    assert titles() == {"Heat", "Cold"}
    assert "Nothing is set aside" in call("quarantine").output
    assert QuarantinedRecord.objects.get().resolved_at


def test_a_run_is_replayed_from_what_was_kept(college: Path) -> None:
    number = report("run", "generic", *mapped(college))["run"]
    (college / "courses.csv").unlink()
    (college / "college.yaml").write_text(MAPPING.replace("url: page", "url: page, location: title"))
    replayed = report("replay", str(number), *mapped(college))
    assert (replayed["changed"], replayed["changed_fields"]) == (2, {"location": 2})
    assert IngestRun.objects.get(id=replayed["run"]).replay_of_id == number
    assert set(LearningResource.objects.values_list("location", flat=True)) == {"Heat", "Cold"}


def test_a_run_that_fails_says_why_and_exits_with_1(college: Path) -> None:
    (college / "courses.csv").write_text(GOOD + 'C3,"Wind')
    shown = call("run", "generic", *mapped(college), exit_code=1).output
    assert "cut off or no CSV" in shown
    assert titles() == {"Heat", "Cold"}


def test_suspiciously_many_missing_stop_the_run(college: Path) -> None:
    call("run", "generic", *mapped(college))
    (college / "courses.csv").write_text(HEADER + "C1,Heat,6,\n")
    halted = report("run", "generic", *mapped(college), exit_code=1)
    assert (halted["status"], halted["unpublished"]) == ("halted", 0)
    assert report("run", "generic", *mapped(college), "--allow-unpublish")["unpublished"] == 1
    assert titles() == {"Heat"}


def test_two_listings_of_a_course_are_parted_and_made_anew(college: Path) -> None:
    call("run", "generic", *mapped(college))
    other = MAPPING.replace("source: college", "source: partner").replace("code: college", "code: partner")
    (college / "partner.yaml").write_text(other.replace("name: The College", "name: Partner"))
    call("run", "generic", "--mapping", college / "partner.yaml")
    assert len(titles()) == LearningResource.objects.count() == 2
    assert "resource of its own now, apart from college: C1" in call("unmerge", "partner", "C1").output
    assert LearningResource.objects.count() == 3
    assert "0 documents changed" in call("rebuild").output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "generic"], "A generic source needs its mapping"),
        (["quarantine", "--replay"], "Name the SOURCE"),
    ],
)
def test_what_is_missing_from_a_command_is_told(arguments: list[str], says: str) -> None:
    assert says in call(*arguments, exit_code=2).output


def test_a_source_that_does_not_exist_is_told_with_those_that_do() -> None:
    failed = CliRunner().invoke(ingest, ["run", "nowhere"])
    assert "There is no source nowhere. There are mit_edx" in str(failed.exception)
