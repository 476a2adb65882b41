"""The invented catalogue in ../fixture, and what becomes of it."""

from pathlib import Path

import pytest

from corridor.learn.ingest.source import FetchFailed
from corridor.learn.sources.mit_edx.source import MitEdx
from corridor.learn.sources.tests.reading import Outcome, amounts, fetcher, read

FIXTURE = Path(__file__).parents[1] / "fixture"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return read(MitEdx(address=str(FIXTURE)), tmp_path_factory.mktemp("store"))


def test_each_entry_is_taken_passed_over_or_refused_with_a_reason(outcome: Outcome) -> None:
    assert outcome.kinds() == {"course": 2, "program": 2}
    reasons = {key.rpartition(":")[2][-6:]: reason for key, reason in outcome.skipped.items()}
    assert reasons == {
        "+BR101": "belongs to Otherx",
        "1.902x": "its title says that it is deleted",
        "000002": "the program is retired",
        "000003": "a MicroMasters program, which has a catalogue of its own",
    }
    assert [reason.partition(":")[0] for reason in outcome.rejected.values()] == ["course.course_runs.0.seats.0.price"]


def test_a_course_is_told_in_full(outcome: Outcome) -> None:
    course = outcome.records["course:MITx+1.900x"]
    assert (course.url, course.departments, course.topics) == ("https://www.edx.org/course/bridges", ("1",), ("Engineering",))
    assert [number.value for number in course.course_numbers] == ["1.900x"]
    assert (course.published, course.availability, course.pace, course.certification_type) == (
        True,
        "dated",
        ("instructor_paced",),
        "completion",
    )
    run = outcome.run("course-v1:MITx+1.900x+1T2031")
    assert (run.duration, run.time_commitment) == ("8 weeks", "4-6 hours per week")
    assert (run.min_weeks, run.max_weeks, run.min_weekly_hours, run.max_weekly_hours) == (8, 8, 4, 6)
    assert (run.level, run.languages, run.semester, run.year) == (("introductory",), ("en-us",), "Spring", 2031)
    assert [instructor.full_name for instructor in run.instructors] == ["Ines Varga"]
    assert amounts(run) == ["0 USD", "99 USD"]


def test_unpublished_and_archived_runs_are_hidden_and_can_be_taken_at_any_time(outcome: Outcome) -> None:
    run = outcome.run("course-v1:MITx+1.900x+1T2022")
    assert (run.published, run.availability) == (False, "anytime")


def test_what_has_begun_at_ones_own_pace_can_be_taken_at_any_time(outcome: Outcome) -> None:
    assert outcome.records["course:MITx+1.901x"].availability == "anytime"


def test_a_course_without_a_page_at_edx_leads_to_its_newest_run(outcome: Outcome) -> None:
    assert outcome.records["course:MITx+1.901x"].url == "https://courses.edx.org/courses/course-v1:MITx+1.901x+2T2023/course/"


def test_a_program_adds_up_its_courses(outcome: Outcome) -> None:
    program = outcome.records["program:11111111-aaaa-4bbb-8ccc-000000000001"]
    run = program.runs[0]
    assert amounts(run) == ["148 USD"]  # 99 and 49: the cheapest paid seat of each
    assert (program.min_weeks, program.min_weekly_hours, program.max_weekly_hours) == (13, 4, 4)  # 8 and 5 weeks; 6 and 3 hours at most
    assert run.start_date
    assert run.start_date.year == 2022
    assert (program.topics, program.certification_type) == (("Engineering",), "professional")
    assert [instructor.full_name for instructor in run.instructors] == ["Ines Varga"]
    assert [child.readable_id for child in program.children or ()] == ["MITx+1.900x", "MITx+1.901x"]


def test_a_program_without_courses_breaks_nothing(outcome: Outcome) -> None:
    program = outcome.records["program:11111111-aaaa-4bbb-8ccc-000000000004"]
    assert (program.published, program.runs[0].prices, program.children) == (False, (), ())


def test_without_credentials_the_published_address_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="set EDX_API_CLIENT_ID and EDX_API_CLIENT_SECRET"):
        list(MitEdx().fetch(fetcher(tmp_path)))
