"""Course archives: what is read of them, in which order, and what hostile ones can do."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corridor.learn.ingest import tar
from corridor.learn.ingest.tar import ArchiveRefused
from corridor.learn.sources.olx import OlxCourse, RunArchives, checksums, content_files, read_courses
from corridor.learn.sources.tests.reading import fetcher

FILES = {
    "course/course.xml": '<course url_name="2031" org="MITx" course="12.900x"/>',
    "course/course/2031.xml": '<course display_name="Sundials" language="en"><chapter url_name="one"/><chapter url_name="staff"/></course>',
    "course/chapter/one.xml": '<chapter display_name="Week 1"><sequential url_name="s1"/></chapter>',
    "course/chapter/staff.xml": '<chapter display_name="Notes to us" visible_to_staff_only="true"><sequential url_name="s2"/></chapter>',
    "course/sequential/s1.xml": '<sequential display_name="Shadows"><vertical url_name="v1"/><vertical url_name="v1"/></sequential>',
    "course/sequential/s2.xml": '<sequential><vertical><html url_name="secret">Do not tell.</html></vertical></sequential>',
    "course/vertical/v1.xml": '<vertical display_name="Unit"><video url_name="film"/><html url_name="h1"/><problem url_name="p1"/>'
    '<problem url_name="p2"/><discussion url_name="d1"/><chapter url_name="one"/></vertical>',
    "course/html/h1.xml": '<html filename="h1" display_name="Reading"/>',
    "course/html/h1.html": "<h2>Noon</h2><script>track()</script><p>The <b>shortest</b> shadow.</p>",
    "course/html/lost.html": "<p>In no unit.</p>",
    "course/problem/p1.xml": '<problem display_name="Quiz"><p>Where is <i>north</i>?</p><choicegroup><choice correct="true">Up'
    "<choicehint>Well done</choicehint></choice><choice>Down</choice></choicegroup><solution><p>Up it is.</p></solution></problem>",
    "course/problem/p2.xml": "<problem><p>Broken &nbsp; but <b>readable<p><solution>No!</solution></problem>",
    "course/video/film.xml": '<video display_name="At noon" youtube="0.75:xx,1.00:dQw4w9WgXcQ" transcripts="{&quot;es&quot;: &quot;es.srt&quot;, &quot;en&quot;: &quot;en.srt&quot;}"/>',
    "course/static/en.srt": "1\n00:00:01,000 --> 00:00:02,000\n<i>Look</i> at\n\n2\n00:00:02,000 --> 00:00:03,000\nthe sun.\n",
    "course/static/es.srt": "1\n00:00:01,000 --> 00:00:02,000\nMira.\n",
    "course/static/open.txt": "For everyone.",
    "course/static/locked.txt": "For the enrolled.",
    "course/policies/assets.json": json.dumps({"locked.txt": {"locked": True}, "open.txt": {"locked": False}}),
    "course/about/overview.html": "<p>All about sundials.</p>",
    "course/about/effort.html": "4",
    "course/drafts/vertical/v9.xml": "<vertical/>",
    "course/html/._h1.html": "noise",
}


def packed(files: dict[str, str | bytes], name: Callable[[str], str] = str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            member = tarfile.TarInfo(name(path))
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def course(data: bytes) -> OlxCourse:
    (found,) = read_courses(io.BytesIO(data))
    return found


def test_blocks_come_in_the_order_of_the_course_each_once() -> None:
    found = course(packed(FILES))
    assert (found.run_id, found.title, found.language) == ("course-v1:MITx+12.900x+2031", "Sundials", "en")
    assert [(block.kind, block.id, block.title, block.text) for block in found.blocks] == [
        ("video", "film", "At noon", "Look at the sun."),
        ("html", "h1", "Reading", "Noon\nThe shortest shadow."),
        ("problem", "p1", "Quiz", "Where is north?\nUp\nDown"),
        ("problem", "p2", "Unit", "Broken but readable"),
        ("about", "overview", "Overview", "All about sundials."),
        ("asset", "open.txt", "open.txt", "For everyone."),
    ]  # neither what staff alone see, nor answers, nor what has no place, nor what only the enrolled may open


def test_content_files_have_the_keys_that_the_lms_knows() -> None:
    run = "course-v1:MITx+12.900x+2031"
    found = {file.title: file for file in content_files({run: course(packed(FILES)).model_dump()}, "https://lms.example.org/courses") or ()}
    reading, film, asset = found["Reading"], found["At noon"], found["open.txt"]
    assert reading.key == reading.edx_module_id == "block-v1:MITx+12.900x+2031+type@html+block@h1"
    assert reading.url == f"https://lms.example.org/courses/{run}/jump_to_id/h1"
    assert (film.youtube_id, str(film.content_type), film.content_language, film.run_id) == ("dQw4w9WgXcQ", "video", "en", run)
    assert (asset.key, asset.url) == ("asset-v1:MITx+12.900x+2031+type@asset+block@open.txt", "")


def test_the_checksum_follows_the_contents_and_nothing_else() -> None:
    same = packed(dict(reversed(FILES.items())))
    other = packed(FILES | {"course/html/h1.html": "<p>The longest shadow.</p>"})
    assert course(packed(FILES)).checksum == course(same).checksum != course(other).checksum


def test_an_archive_in_an_archive_is_read() -> None:
    inner = packed(FILES)
    assert course(packed({"export/inner.tar.gz": inner})).blocks == course(inner).blocks


def test_an_empty_archive_holds_no_course() -> None:
    assert read_courses(io.BytesIO(packed({}))) == []


def member(kind: bytes, name: str = "course/course.xml", target: str = "", size: int = 0) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size = kind, target, size
        archive.addfile(info, io.BytesIO(bytes(size)) if size else None)
    return buffer.getvalue()


@pytest.mark.parametrize("target", ["/etc/passwd", "../../etc/passwd"])
@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_links_and_devices_are_not_followed(kind: bytes, target: str) -> None:
    assert tar.files(io.BytesIO(member(kind, target=target))) == {}


@pytest.mark.parametrize("name", ["/etc/course.xml", "../course.xml", "a/../../course.xml", "..\\course.xml"])
def test_paths_that_leave_the_archive_are_left_out(name: str) -> None:
    assert tar.files(io.BytesIO(packed({name: "<course/>"}))) == {}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"no archive at all", "is broken"),
        (packed(FILES)[:300], "is broken"),
        (gzip.compress(b"x" * 100, mtime=0), "is broken"),
        (packed({"readme.txt": "no course here"}), "holds no course.xml"),
        (packed({"course.xml": "<course"}), "is no course"),
        (packed({"course.xml": '<!DOCTYPE c [<!ENTITY a "b">]><course>&a;</course>'}), "is no course"),
        (packed({"course.xml": "<a>" * 5000 + "</a>" * 5000}), "is no course"),
        (member(tarfile.GNUTYPE_LONGNAME, size=2 << 20), "a header of 2097152 bytes"),
    ],
)
def test_what_is_no_course_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ArchiveRefused, match=reason):
        read_courses(io.BytesIO(data))


def test_bombs_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar, "MOST_UNPACKED", 1 << 20)
    with pytest.raises(ArchiveRefused, match="unpacks to more"):
        tar.files(io.BytesIO(packed({f"{number}.bin": bytes(1 << 19) for number in range(4)})))
    monkeypatch.setattr(tar, "MOST_KEPT", 1 << 10)
    with pytest.raises(ArchiveRefused, match="of text"):
        tar.files(io.BytesIO(packed({f"{number}.txt": bytes(1 << 9) for number in range(4)})))
    monkeypatch.setattr(tar, "MOST_MEMBERS", 2)
    with pytest.raises(ArchiveRefused, match="more than 2 files"):
        tar.files(io.BytesIO(packed({f"{number}.bin": "" for number in range(4)})))


@pytest.mark.parametrize(
    "name", ["course-v1:MITx+12.900x+2031.tar.gz", "MITx-12.900x-2031.tar.gz", "course-v1:MITx+12.900x+2031/8f3a.tar.gz"]
)
def test_archives_are_found_by_the_name_of_their_run(tmp_path: Path, name: str) -> None:
    place = tmp_path / "archives"
    (place / name).parent.mkdir(parents=True)
    (place / name).write_bytes(packed(FILES))
    archives = RunArchives(fetcher(tmp_path / "store", place), str(place))
    found = archives.of(["course-v1:MITx+12.900x+2031", "course-v1:MITx+12.900x+2032"])
    assert found
    assert list(found) == ["course-v1:MITx+12.900x+2031"]
    assert checksums(found) == {"course-v1:MITx+12.900x+2031": course(packed(FILES)).checksum}


def test_what_cannot_be_read_says_nothing_of_content(tmp_path: Path) -> None:
    (tmp_path / "a+b+c.tar.gz").write_bytes(b"broken")
    archives = RunArchives(fetcher(tmp_path / "store", tmp_path), str(tmp_path))
    assert archives.of(["course-v1:a+b+c"]) is None
    assert archives.of(["course-v1:x+y+z"]) == {}
    assert RunArchives(fetcher(tmp_path / "store", tmp_path), str(tmp_path / "missing")).of(["x"]) is None
    assert RunArchives(fetcher(tmp_path / "store"), "").of(["x"]) is None
    assert content_files(None) is None
    assert content_files({}) == ()
