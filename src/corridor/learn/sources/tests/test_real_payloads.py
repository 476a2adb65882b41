"""Every real payload of the sources goes through: taken, passed over, or refused with a reason. The counts can be checked by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from corridor.learn.ingest.source import Source
from corridor.learn.sources.mit_edx.source import MitEdx
from corridor.learn.sources.mitxonline.source import MitxOnline
from corridor.learn.sources.ocw.source import OpenCourseware
from corridor.learn.sources.olx import content_files, read_courses
from corridor.learn.sources.podcast.source import Podcasts
from corridor.learn.sources.see.source import Sloan
from corridor.learn.sources.tests.reading import Outcome, read
from corridor.learn.sources.xpro.source import Xpro

# Place below the data: source, and accepted, skipped, rejected, gaps. A file of courses alone is a gap for programs, and the reverse.
EXPECTED: dict[str, tuple[Callable[..., Source], tuple[int, int, int, int]]] = {
    "sources/mitxonline/courses.json": (MitxOnline, (3, 0, 0, 1)),
    "sources/mitxonline/courses_2023_v1_list.json": (MitxOnline, (26, 7, 0, 1)),  # 7 proctored exams
    "sources/mitxonline/programs.json": (MitxOnline, (2, 0, 0, 1)),
    "sources/mitxonline/programs_2023_v1_list.json": (MitxOnline, (1, 0, 0, 1)),
    "sources/mitxonline/child_program_positions.json": (MitxOnline, (3, 0, 0, 1)),
    "sources/mitxonline/program_children_loader.json": (MitxOnline, (6, 0, 0, 0)),
    "sources/mit_edx/courses_page.json": (MitEdx, (2, 0, 0, 1)),
    "sources/mit_edx/non_mitx_courses_page.json": (MitEdx, (0, 1, 0, 1)),  # another owner
    "sources/mit_edx/programs.json": (MitEdx, (1, 2, 0, 1)),  # two of other institutions
    "sources/xpro/courses.json": (Xpro, (2, 0, 0, 1)),
    "sources/xpro/programs.json": (Xpro, (2, 0, 0, 1)),
    "sources/sloan": (Sloan, (41, 2, 2, 1)),  # two without offerings; a news answer and a webinar, which are no courses
    "sources/ocw": (OpenCourseware, (3, 16, 0, 0)),  # a tree with its textbook, a parsed course; 16 parts of a Plone export
    "content/ocw_hugo": (OpenCourseware, (155, 0, 0, 0)),  # 18 courses, 6 galleries, 131 videos
    "content/ocw_parsed_json": (OpenCourseware, (11, 0, 0, 0)),
    "sources/podcast": (Podcasts, (3, 0, 0, 0)),
    "feeds/podcast_rss": (Podcasts, (983, 2, 0, 0)),  # 10 podcasts; 975 entries, two without audio
    "feeds/rss_misc": (Podcasts, (37, 116, 0, 1)),  # 3 podcasts with 34 episodes; 4 feeds of news and an Atom feed
}


@pytest.mark.parametrize("place", EXPECTED)
def test_real_payloads_go_through(place: str, shared_data: Path, tmp_path: Path) -> None:
    source, expected = EXPECTED[place]
    outcome = read(source(address=str(shared_data / place)), tmp_path)
    print(f"{place}: %d accepted, %d skipped, %d rejected, %d gaps" % outcome.tally)
    assert outcome.tally == expected, (outcome.skipped, outcome.rejected, outcome.gaps)
    identities = [(record.platform, record.readable_id, record.resource_type) for record in outcome.records.values()]
    assert len(set(identities)) == len(identities)
    assert all(record.title and record.url for record in outcome.records.values() if record.published and record.resource_type != "podcast")


def test_courses_of_the_first_version_keep_pages_pictures_and_runs(shared_data: Path, tmp_path: Path) -> None:
    outcome = read(MitxOnline(address=str(shared_data / "sources/mitxonline/courses_2023_v1_list.json")), tmp_path)
    published = [record for record in outcome.records.values() if record.published]
    assert len(published) > 15
    assert all(record.url.startswith("https://mitxonline.mit.edu/courses/") and record.image and record.runs for record in published)


def sloan(shared_data: Path, tmp_path: Path) -> Outcome:
    return read(Sloan(address=str(shared_data / "sources/sloan")), tmp_path)


def test_messy_durations_and_commitments_become_numbers(shared_data: Path, tmp_path: Path) -> None:
    runs = [run for record in sloan(shared_data, tmp_path).records.values() for run in record.runs]
    assert len(runs) == 67
    assert [run.run_id for run in runs if run.duration and not run.max_weeks] == []
    assert [run.run_id for run in runs if run.time_commitment and not run.max_weekly_hours] == []
    weekly = {(run.time_commitment, run.duration): (run.min_weekly_hours, run.max_weekly_hours) for run in runs}
    assert weekly["8 hours/day", "5 days"] == (40, 40)
    assert weekly["7-11 hours/day", "8 days"] == (35, 55)
    assert weekly["7 hours/day + 1 hour on team project assignment", "3 days"] == (21, 21)
    assert weekly["6-8 hrs/wk", "3 months"] == (6, 8)
    assert weekly["6 Hours", "30 Days"] == (1, 1)


def test_transcripts_of_the_older_courses_are_kept(shared_data: Path, tmp_path: Path) -> None:
    outcome = read(OpenCourseware(address=str(shared_data / "content/ocw_parsed_json")), tmp_path)
    mechanics = next(record for record in outcome.records.values() if record.readable_id == "8.01SC+fall_2016")
    spoken = [file for file in mechanics.content_files or () if file.youtube_id and len(file.content) > 500]
    assert len(spoken) > 200


@pytest.mark.parametrize(
    ("name", "run_id", "blocks"),
    [
        ("edx-demo-course-redwood", "course-v1:OpenedX+DemoX+DemoCourse", 247),
        ("mitx-grading-library-course", "course-v1:MITx+grading-library+course", 63),
        ("exported_courses_12345", "course-v1:DevOps+0.001+2015_Summer", 25),  # an archive in an archive
        ("course-v1:MITxT+8.01.3x+3T2022", "course-v1:MITxT+8.01.3x+3T2022", 1),
    ],
)
def test_real_archives_are_read(name: str, run_id: str, blocks: int, shared_data: Path) -> None:
    with (shared_data / "content/olx" / f"{name}.tar.gz").open("rb") as stream:
        (course,) = read_courses(stream)
    assert (course.run_id, len(course.blocks)) == (run_id, blocks)
    files = content_files({run_id: course.model_dump()}) or ()
    assert len({file.key for file in files}) == blocks
    assert all(file.title for file in files)


def test_an_archive_changes_when_its_contents_do(shared_data: Path) -> None:
    sums = {}
    for change in ("", "_no_change", "_minor_change"):
        with (shared_data / "content/olx" / f"course-v1:MITxT+8.01.3x+3T2022{change}.tar.gz").open("rb") as stream:
            sums[change] = read_courses(stream)[0].checksum
    assert sums[""] == sums["_no_change"] != sums["_minor_change"]
    with (shared_data / "content/olx/empty.tar.gz").open("rb") as stream:
        assert read_courses(stream) == []
