"""The invented catalogue in ../fixture, and what becomes of it."""

from pathlib import Path

import pytest

from corridor.learn.catalog.vocabulary import CertificationType, Pace
from corridor.learn.ingest.records import ChildRecord
from corridor.learn.sources.mitxonline.mapping import CERTIFICATES, certification_type
from corridor.learn.sources.mitxonline.payloads import OtherProgram, Program
from corridor.learn.sources.mitxonline.requirements import children
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.learn.sources.tests.reading import Outcome, amounts, read

FIXTURE = Path(__file__).parents[1] / "fixture"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return read(MitxOnline(address=str(FIXTURE)), tmp_path_factory.mktemp("store"))


def test_each_entry_is_taken_passed_over_or_refused_with_a_reason(outcome: Outcome) -> None:
    assert outcome.kinds() == {"course": 3, "program": 3}
    assert outcome.skipped == {
        "course:course-v1:MITxT+12.900PEx": "a proctored exam, not a course",
        "course:course-v1:MITxT+2.900x": "its title says that it is deleted",
    }
    assert list(outcome.rejected) == ["course:course-v1:MITxT+8.900x"]
    assert "course.courseruns.0.start_date: Value error, 'next spring' is no date" in next(iter(outcome.rejected.values()))
    assert outcome.gaps == []


def test_a_course_is_told_in_full(outcome: Outcome) -> None:
    course = outcome.records["course:course-v1:MITxT+12.900x"]
    assert (course.platform, course.offered_by, course.published, course.availability) == ("mitxonline", "mitx", True, "dated")
    assert course.url == "https://mitxonline.mit.edu/courses/course-v1:MITxT+12.900x/"
    assert course.image
    assert course.image.url == "https://mitxonline.mit.edu/media/sundial.jpg"
    assert course.description == "<p>Build a sundial and read the <b>time</b> from it.</p>"
    assert (course.min_weeks, course.max_weeks, course.min_weekly_hours, course.max_weekly_hours) == (6, 6, 3, 5)
    assert [(number.value, number.listing_type, number.department) for number in course.course_numbers] == [
        ("12.900x", "primary", "12"),
        ("12.90x", "cross-listed", "12"),
    ]
    assert (course.departments, course.topics) == (("Earth, Atmospheric, and Planetary Sciences",), ("Earth Science",))
    assert [instructor.full_name for instructor in course.runs[0].instructors] == ["Ada Quill", "Ben Okoro"]


def test_times_keep_their_offset(outcome: Outcome) -> None:
    start = outcome.run("course-v1:MITxT+12.900x+1T2031").start_date
    assert start
    assert start.isoformat() == "2031-02-03T09:00:00-05:00"


def test_the_verified_mode_costs_and_auditing_is_free(outcome: Outcome) -> None:
    assert amounts(outcome.run("course-v1:MITxT+12.900x+1T2031")) == ["0 USD", "60 USD", "80 USD"]
    assert amounts(outcome.run("course-v1:MITxT+16.900x+2T2031")) == ["75 USD"]  # an active product, where the course names no price


def test_a_run_that_is_over_costs_nothing_and_is_hidden(outcome: Outcome) -> None:
    run = outcome.run("course-v1:MITxT+12.900x+1T2024")
    assert (amounts(run), run.published, run.semester, run.year) == (["0 USD"], False, "Spring", 2024)


def test_variants_and_contract_runs_are_kept_and_hidden(outcome: Outcome) -> None:
    runs = {run.run_id: (run.published, run.is_variant, run.is_b2b) for run in outcome.records["course:course-v1:MITxT+16.900x"].runs}
    assert runs == {
        "course-v1:MITxT+16.900x+2T2031": (True, False, False),
        "course-v1:MITxT+16.900x+2T2031es": (False, True, False),
        "course-v1:Acme+16.900x+2T2031": (False, True, True),
    }
    assert outcome.records["course:course-v1:MITxT+16.900x"].pace == (Pace.SELF_PACED,)


def test_certificates_by_their_names(outcome: Outcome) -> None:
    by_key = {key.rpartition("+")[2]: record.certification_type for key, record in outcome.records.items()}
    assert by_key == {
        "12.900x": "completion",
        "16.900x": "micromasters",
        "2.901x": "none",
        "TIME": "completion",
        "WIND": "none",
        "WATER": "none",
    }
    assert {certification_type(name.upper()) for name in CERTIFICATES} == {"micromasters", "professional", "none"}
    assert certification_type("Certificate of Something New") == CertificationType.COMPLETION


def test_a_hidden_course_whose_content_is_wanted_is_in_test_mode_with_its_runs(outcome: Outcome) -> None:
    course = outcome.records["course:course-v1:MITxT+2.901x"]
    assert (course.published, course.test_mode, course.require_summaries) == (False, True, True)
    assert all(run.published for run in course.runs)


def parts(record_children: tuple[ChildRecord, ...] | None) -> list[tuple[str, str]]:
    return [(child.readable_id.rpartition("+")[2], child.relation_type) for child in record_children or ()]


def test_parts_of_a_program_follow_its_tree_once_each_and_end_where_it_contains_itself(outcome: Outcome) -> None:
    assert parts(outcome.records["program:program-v1:MITxT+TIME"].children) == [
        ("12.900x", "PROGRAM_COURSES"),
        ("WIND", "PROGRAM_COURSES"),  # a program shown as a course
        ("WATER", "PROGRAM_PROGRAMS"),
        ("2.901x", "PROGRAM_COURSES"),  # comes with it
    ]
    assert parts(outcome.records["program:program-v1:MITxT+WATER"].children)[:2] == [
        ("2.901x", "PROGRAM_COURSES"),
        ("TIME", "PROGRAM_PROGRAMS"),
    ]
    assert outcome.records["program:program-v1:MITxT+WIND"].resource_category == "Course"


def test_a_program_of_strangers_says_nothing_of_its_parts() -> None:
    program = Program.model_validate(
        {"id": 1, "title": "P", "readable_id": "p", "req_tree": [{"data": {"node_type": "course", "course": 5}}]}
    )
    assert children(program, {}, {}) is None
    assert children(program.model_copy(update={"req_tree": ()}), {}, {}) == ()
    assert parts(children(program, {5: "x+y"}, {1: OtherProgram(readable_id="p")})) == [("y", "PROGRAM_COURSES")]


def test_a_program_costs_what_it_asks_and_lasts_what_it_says(outcome: Outcome) -> None:
    program = outcome.records["program:program-v1:MITxT+TIME"]
    assert amounts(program.runs[0]) == ["135 USD"]
    assert (program.min_weeks, program.min_weekly_hours) == (12, 4)
