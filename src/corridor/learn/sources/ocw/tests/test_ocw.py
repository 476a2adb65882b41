"""The invented course in ../fixture, and the formats that the tree comes in."""

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from corridor.kit.storage import s3_client
from corridor.learn.ingest.source import FetchFailed, Gap
from corridor.learn.sources.ocw.hugo import front_matter
from corridor.learn.sources.ocw.mapping import person
from corridor.learn.sources.ocw.payloads import Instructor
from corridor.learn.sources.ocw.source import OpenCourseware
from corridor.learn.sources.tests.reading import Outcome, fetcher, read

FIXTURE = Path(__file__).parents[1] / "fixture"
SLUG = "18-900-knots-and-ropes-spring-2031"
KEY = "00000000111142228333444444444444"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return read(OpenCourseware(address=str(FIXTURE)), tmp_path_factory.mktemp("store"))


def test_a_course_brings_its_textbook_its_lectures_and_a_playlist_of_each_gallery(outcome: Outcome) -> None:
    assert outcome.kinds() == {"course": 1, "document": 1, "video": 2, "video_playlist": 2}
    assert (outcome.skipped, outcome.rejected, outcome.gaps) == ({}, {}, [])
    course = outcome.records[f"{SLUG}/"]
    assert [(str(child.resource_type), child.readable_id.rpartition("/")[2]) for child in course.children or ()] == [
        ("document", "textbook"),
        ("video_playlist", "lectures"),
        ("video_playlist", "lecture-videos"),  # what is tagged as a lecture and shown in no gallery
    ]
    playlist = outcome.records[f"{SLUG}/video_galleries/lectures#videos"]
    assert playlist.title == "Knots and Ropes: Lectures"
    assert [child.readable_id for child in playlist.children or ()] == [
        f"{KEY}-courses/{SLUG}/resources/lecture-1"
    ]  # shown twice, counts once


def test_a_course_is_told_in_full(outcome: Outcome) -> None:
    course = outcome.records[f"{SLUG}/"]
    assert (course.readable_id, course.platform, course.offered_by) == ("18.900+spring_2031", "ocw", "ocw")
    assert course.url == f"https://ocw.mit.edu/courses/{SLUG}/"
    assert course.description == "<p>Knots, <strong>and what they hold</strong>.</p>"
    assert (course.departments, course.topics) == (("18", "CMS-W"), ("Mathematics", "Science & Math"))
    assert course.ocw_topics == ("Mathematics", "Topology and Geometry", "Fine Arts")
    assert [(number.value, number.listing_type, number.department) for number in course.course_numbers] == [
        ("18.900", "primary", "18"),
        ("2.990", "cross-listed", "2"),
        ("21W.990", "cross-listed", "CMS-W"),
    ]
    assert (course.license_cc, course.availability, course.delivery) == (True, "anytime", ("offline", "online"))
    run = course.runs[0]
    assert (run.run_id, run.semester, run.year, run.level) == (KEY, "Spring", 2031, ("undergraduate", "graduate"))
    assert [each.full_name for each in run.instructors] == ["Prof. Ingrid T. Solheim", "The Rope Workshop"]
    assert course.image
    assert (course.image.url, course.image.alt) == (f"https://ocw.mit.edu/courses/{SLUG}/knot.jpg", "Two ends of a rope, tied")


def test_completeness_counts_what_resources_say_they_are(outcome: Outcome) -> None:
    assert outcome.records[f"{SLUG}/"].completeness == pytest.approx(0.4 * 2 / 24 + 0.2 * 1 / 24, abs=1e-4)


def test_content_files_hold_the_words_of_pages_files_and_captions(outcome: Outcome) -> None:
    files = {file.key.removeprefix(f"courses/{SLUG}/"): file for file in outcome.records[f"{SLUG}/"].content_files or ()}
    assert {path: (str(file.content_type), file.content) for path, file in files.items()} == {
        "pages": ("page", ""),
        "pages/syllabus": ("page", "Meetings\nTwice a week, see the notes."),
        "video_galleries/lectures": ("page", ""),
        "resources/lecture-1": ("video", "Welcome to knots. This one is the reef knot."),
        "resources/lecture-2": ("video", ""),
        "resources/notes": ("file", "Notes\nA bend joins two ropes."),
        "resources/textbook": ("pdf", ""),
    }  # neither captions, nor what has no file, nor the page whose title is no text
    assert files["resources/textbook"].direct_resource == f"{KEY}-courses/{SLUG}/resources/textbook"
    assert files["resources/lecture-1"].youtube_id == "abcdefghijk"
    assert files["pages/syllabus"].url == f"https://ocw.mit.edu/courses/{SLUG}/pages/syllabus/"
    assert {file.run_id for file in files.values()} == {KEY}


def test_a_lecture_is_a_video_with_its_transcript(outcome: Outcome) -> None:
    video = outcome.records[f"{SLUG}/resources/lecture-1"]
    assert (video.resource_category, video.title) == ("Lecture Video", "Lecture 1: The Reef Knot")
    assert video.details == {
        "transcript": "Welcome to knots. This one is the reef knot.",
        "cover_image_url": "https://img.youtube.com/vi/abcdefghijk/default.jpg",
    }
    assert (video.topics, video.license_cc) == (("Mathematics", "Science & Math"), True)


def test_a_course_that_is_not_sure_to_be_whole_is_left_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "courses"
    for name, content in (("good", (FIXTURE / "courses" / SLUG / "data.json").read_text()), ("cut", '{"course_title": "Cu')):
        (folder / name).mkdir(parents=True)
        (folder / name / "data.json").write_text(content)
    found = list(OpenCourseware(address=str(folder)).fetch(fetcher(tmp_path / "store", folder)))
    assert [each.key_prefix if isinstance(each, Gap) else each.key for each in found] == ["cut/", "good/"]


def test_a_source_tree_that_cannot_be_read_may_be_any_course(tmp_path: Path) -> None:
    (tmp_path / "knots" / "data").mkdir(parents=True)
    (tmp_path / "knots" / "data" / "course.json").write_text("{cut")
    assert [gap.key_prefix for gap in read(OpenCourseware(address=str(tmp_path)), tmp_path / "store").gaps] == [""]


def test_a_place_without_courses_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FetchFailed, match="no course lies at"):
        list(OpenCourseware(address=str(tmp_path / "empty")).fetch(fetcher(tmp_path / "store", tmp_path)))


def test_a_bucket_gives_what_a_folder_gives(outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = s3_client(None)
        client.create_bucket(Bucket="courseware")
        for path in sorted(path for path in FIXTURE.rglob("*") if path.is_file()):
            client.put_object(Bucket="courseware", Key=f"live/{path.relative_to(FIXTURE)}", Body=path.read_bytes())
        assert read(OpenCourseware(address="s3://courseware/live/"), tmp_path).records == outcome.records


HUGO_COURSE = {
    "course_title": "Knots", "primary_course_number": "18.900", "term": "Fall", "year": "2020", "legacy_uid": "a-b", "site_uid": "c",
    "department_numbers": ["18"], "topics": [["Mathematics"]], "level": ["Graduate"], "instructors": {"content": ["i1", "i9"], "website": "www"},
    "course_image": {"content": "img", "website": "18-900-knots-fall-2020"}, "learning_resource_types": [],
    "course_description": "First **line**.\n\n* second line",
}  # fmt: skip
HUGO_FILES = {
    "data/course.json": json.dumps(HUGO_COURSE),
    "content/pages/calendar.md": "---\ntitle: Calendar\nuid: p1\ncontent_type: page\n---\n\n| Week | Topic |\n| --- | --- |\n| 1 | [Bends]({{< baseurl >}}/pages/bends) |\n",
    "content/pages/no-front-matter.md": "Just text.",
    "content/resources/lecture.md": "---\ntitle: 'Lecture: one'\nuid: v1\ncontent_type: resource\nresourcetype: Video\nfile: null\nvideo_metadata:\n  youtube_id: aaaaaaaaaaa\nvideo_files:\n  video_captions_file: null\n---\nAll about *bends*.\n",
    "content/resources/picture.md": "---\ntitle: k.jpg\nuid: img\ncontent_type: resource\nresourcetype: Image\nfile: https://x.s3.amazonaws.com/courses/18-900-knots-fall-2020/k.jpg\nimage_metadata:\n  image-alt: A knot\n---\n",
    "content/video_galleries/all.md": "---\ntitle: Lectures\nuid: g\ncontent_type: video_gallery\nvideos:\n  content:\n  - v1\n---\n",
}  # fmt: skip


def packed(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"knots/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize("as_archive", [True, False])
def test_the_sources_of_a_site_are_read_as_the_site_is(tmp_path: Path, as_archive: bool) -> None:
    place = tmp_path / "trees"
    place.mkdir()
    (place / "people.jsonl.gz").write_bytes(
        gzip.compress(b'{"uid": "i1", "first_name": "Ada", "last_name": "Quill", "salutation": "Dr."}\nno json\n')
    )
    if as_archive:
        (place / "knots.tar.gz").write_bytes(packed(HUGO_FILES))
    else:
        for name, text in HUGO_FILES.items():
            (place / "knots" / name).parent.mkdir(parents=True, exist_ok=True)
            (place / "knots" / name).write_text(text)
    outcome = read(OpenCourseware(address=str(place)), tmp_path / "store")
    assert outcome.kinds() == {"course": 1, "video": 1, "video_playlist": 1}
    course = outcome.records["18-900-knots-fall-2020/"]
    assert (course.readable_id, course.completeness) == ("18.900+fall_2020", 1.0)
    assert course.description == "<p>First line.</p>\n<p>second line</p>"
    assert [each.full_name for each in course.runs[0].instructors] == ["Dr. Ada Quill"]
    assert course.image
    assert (course.image.url, course.image.alt) == ("https://ocw.mit.edu/courses/18-900-knots-fall-2020/k.jpg", "A knot")
    contents = {file.key.rpartition("/")[2]: file.content for file in course.content_files or ()}
    assert contents == {"calendar": "Week Topic\n1 Bends", "all": "", "lecture": "", "picture": ""}
    assert outcome.records["18-900-knots-fall-2020/resources/lecture"].description == "All about bends."


def test_the_older_single_file_is_read_too(tmp_path: Path) -> None:
    document: dict[str, Any] = {
        "title": "Splices", "short_url": "2-900-splices-fall-2010", "uid": "u", "department_number": "2", "master_course_number": "900",
        "from_semester": "Fall", "from_year": "2010", "course_level": "Undergraduate, Graduate", "sort_as": "2.9",
        "course_collections": [{"ocw_feature": "Engineering", "ocw_subfeature": "", "ocw_speciality": "Ropes"}],
        "course_feature_tags": [{"course_feature_tag": "Lecture Notes"}],
        "extra_course_number": [{"linked_course_number_col": "18.990"}],
        "instructors": [{"first_name": "Ada", "last_name": "Quill", "middle_initial": "", "salutation": "Prof."}],
        "course_pages": [{"title": "Syllabus", "short_url": "syllabus", "uid": "0123456789", "text": "<h2>Time</h2><p>Often.</p>"}],
        "course_files": [{"title": "Notes", "id": "notes.pdf", "uid": "f1", "type": "OCWFile", "file_location": "https://x.org/notes.pdf", "file_type": "application/pdf"}],
        "course_embedded_media": {"v": {"title": "Film", "short_url": "film", "uid": "v1", "transcript": "<p><span m='1'>Over</span> <span m='2'>and under.</span></p>",
                                        "embedded_media": [{"id": "Video-YouTube-Stream", "media_location": "bbbbbbbbbbb"}, 7]}},
    }  # fmt: skip
    (tmp_path / "splices_parsed.json").write_text(json.dumps(document))
    (tmp_path / "1.json").write_text('{"_classname": "CourseSection", "_uid": "x"}')
    (tmp_path / "settings.json").write_text('{"collections": []}')
    outcome = read(OpenCourseware(address=str(tmp_path)), tmp_path / "store")
    course = outcome.records["2-900-splices-fall-2010/"]
    assert (course.readable_id, course.topics, course.content_tags) == ("2.900+fall_2010", ("Engineering", "Ropes"), ("Lecture Notes",))
    assert course.runs[0].level == ("undergraduate", "graduate")
    assert {file.title: file.content for file in course.content_files or ()} == {
        "Syllabus": "Time\nOften.",
        "Notes": "",
        "Film": "Over and under.",
    }
    assert list(outcome.skipped) == ["plone:1.json"]


@pytest.mark.parametrize(
    ("given", "full_name"),
    [
        ({"salutation": "Dr.", "first_name": "Ana", "middle_initial": "B.", "last_name": "Cruz", "title": "Ana Cruz"}, "Dr. Ana B. Cruz"),
        ({"first_name": "Ana", "last_name": "Cruz"}, "Ana Cruz"),
        ({"title": "The Workshop"}, "The Workshop"),
    ],
)
def test_names_are_put_together_from_their_parts(given: dict[str, str], full_name: str) -> None:
    found = person(Instructor.model_validate(given))
    assert found
    assert found.full_name == full_name
    assert person(Instructor()) is None


@pytest.mark.parametrize("text", ["no front", "---\n- a list\n---\n", "---\n[unclosed\n---\n", "---\n" + "[" * 5000 + "\n---\n"])
def test_front_matter_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        front_matter(text)
