"""Files of every format become records, whatever is wrong with them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from corridor.kit.storage import FolderStore
from corridor.learn.catalog.models import LearningResource, Run, RunInstructor
from corridor.learn.ingest import actions
from corridor.learn.ingest.actions import Wish, run_source
from corridor.learn.ingest.archive import Archive
from corridor.learn.ingest.errors import MappingInvalid
from corridor.learn.ingest.fetching import LiveFetcher
from corridor.learn.ingest.mapping import Reference, Refused, mapped, raw_digest
from corridor.learn.ingest.models import IngestRun
from corridor.learn.ingest.records import ResourceRecord
from corridor.learn.ingest.source import FetchFailed, Gap, RawRecord, Rejected, Skip
from corridor.learn.sources.generic.source import GenericSource, from_file, from_folder

MAPPINGS = Path(__file__).parent / "mappings"
MAPPING: dict[str, Any] = {
    "source": "college",
    "name": "College",
    "platform": {"code": "college", "name": "Our College"},
    "offered_by": {"code": "college"},
    "key": "id",
    "record": {"resource_type": "=course", "title": "title", "course_numbers": "number"},
}


def declared(folder: Path, place: Path | str = "", /, **changes: Any) -> GenericSource:
    """The source of a mapping file that differs from MAPPING."""
    path = folder / "college.yaml"
    path.write_text(yaml.safe_dump({**MAPPING, **changes}))
    return from_file(path, str(place))


def fetched(source: GenericSource, folder: Path) -> list[RawRecord | Gap]:
    archive = Archive(FolderStore(folder / "store"))
    return list(source.fetch(LiveFetcher(archive, actions.trusted(source))))


def records(source: GenericSource, folder: Path) -> list[ResourceRecord]:
    return [source.map(raw) for raw in fetched(source, folder) if isinstance(raw, RawRecord)]


ROWS = [{"id": 1, "title": "Heat", "number": "5.60"}, {"id": 2, "title": "Café", "number": None}]
LINES = "\n".join(map(json.dumps, ROWS)).encode()
TABLE = b"id,title,number\r\n1,Heat,5.60\r\n2,Caf\xc3\xa9,\r\n"


@pytest.mark.parametrize(
    ("name", "content", "changes"),
    [
        ("a.jsonl", LINES, {}),
        ("a.jsonl", b"\xef\xbb\xbf" + LINES + b"\n\n", {}),
        ("a.jsonl.gz", gzip.compress(LINES, mtime=0), {}),
        ("a.json", json.dumps(ROWS).encode(), {}),
        ("a.json", json.dumps({"data": {"courses": ROWS}}).encode(), {"items": "data.courses"}),
        ("a.json", json.dumps({"data": dict(enumerate(ROWS))}).encode(), {"items": "data"}),
        ("a.csv", TABLE, {}),
        ("a.csv", b"\xef\xbb\xbf" + TABLE, {}),
        ("a.csv.gz", gzip.compress(TABLE, mtime=0), {}),
        ("a.tsv", TABLE.replace(b",", b"\t"), {}),
        ("a.csv", TABLE.replace(b",", b";"), {"delimiter": ";"}),
        ("a.csv", TABLE.decode().encode("cp1252"), {"encoding": "cp1252"}),
        ("a.csv", b"\xef\xbb\xbf" + TABLE, {"encoding": "cp1252"}),
        ("a.csv", TABLE.decode().encode("utf-16"), {}),
        ("a.csv", TABLE.replace(b",title,", b", title ,"), {}),
        ("export.txt", TABLE, {"format": "csv"}),
    ],
)
def test_each_format_gives_the_same_records(tmp_path: Path, name: str, content: bytes, changes: dict[str, Any]) -> None:
    (tmp_path / name).write_bytes(content)
    found = records(declared(tmp_path, tmp_path / name, **changes), tmp_path)
    assert [(each.key, each.title, [number.value for number in each.course_numbers]) for each in found] == [
        ("1", "Heat", ["5.60"]),
        ("2", "Café", []),
    ]
    assert (found[0].platform, found[0].offered_by, found[0].readable_id) == ("college", "college", "1")


def test_files_are_found_by_their_pattern(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, row in (("courses-1.jsonl", ROWS[0]), ("courses-2.jsonl", ROWS[1]), ("other.jsonl", {"id": 3, "title": "No"})):
        (tmp_path / "in" / name).write_text(json.dumps(row))
    assert len(records(declared(tmp_path, tmp_path / "in", file="courses-*.jsonl"), tmp_path)) == 2
    assert len(records(declared(tmp_path, address="in", file="courses-1.jsonl"), tmp_path)) == 1
    for missing in ({"file": "none-*.csv"}, {}):
        with pytest.raises(FetchFailed):
            fetched(declared(tmp_path, tmp_path / "in", **missing), tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", LINES + b'\n{"id": 3, "title"', "the line is no JSON"),
        ("a.jsonl", LINES + b'\n{"id": 3, "title": "\xff"}', "the line is no JSON"),
        ("a.jsonl", LINES + b"\n[1, 2]", "the line is no object"),
        ("a.jsonl", LINES + b"\n" + b"[" * 5000, "the line is no JSON"),
        ("a.json", json.dumps([*ROWS, "text"]).encode(), "the entry is no object"),
        ("a.csv", TABLE + b"3,too,many,cells\r\n", "the line has 4 cells where the header has 3"),
        ("a.csv", TABLE + b"3,\xff,5\r\n", "the line is not in the encoding of the file"),
        ("a.jsonl", LINES + b'\n{"title": "Keyless"}', "the row has no key"),
        ("a.jsonl", LINES + b'\n{"id": {"$oid": 1}, "title": "Heat"}', "the row has no key"),
        ("a.jsonl", LINES + b'\n{"id": true, "title": "Heat"}', "the row has no key"),
        ("a.jsonl", LINES + b'\n{"id": 3, "title": {"en": "Heat"}}', "title: an object with en where text should be"),
        ("a.jsonl", b"[{}]\n" + LINES, "the line is no object but a list; if the whole file is one"),
        ("a.csv", TABLE.replace(b"2,Caf", b'9,"The "new" heat",5\r\n2,Caf'), "line 3 is no CSV"),
        ("a.csv", TABLE.replace(b"2,Caf", b"9," + b"x" * (17 << 20) + b",5\r\n2,Caf"), "line 3 is no CSV: field larger"),
    ],
)
def test_a_row_that_cannot_be_read_is_one_bad_record(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    source = declared(tmp_path, tmp_path / name)
    good, refused = [], []
    for raw in fetched(source, tmp_path):
        if isinstance(raw, Gap):
            continue
        try:
            good.append(source.map(raw).title)
        except Rejected as error:
            refused.append(str(error))
    assert good == ["Heat", "Café"]
    assert len(refused) == 1
    assert refused[0].startswith(reason)


def test_a_row_that_cannot_be_read_may_be_of_any_record(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES + b'\n{"id": 3, "title"\nno JSON either')
    gaps = [each for each in fetched(declared(tmp_path, tmp_path / "a.jsonl"), tmp_path) if isinstance(each, Gap)]
    assert [gap.key_prefix for gap in gaps] == [""]
    assert "2 unreadable rows" in gaps[0].reason


def test_an_endless_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridor.learn.sources.generic.rows.LARGEST_LINE", 2000)
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "' + b"x" * 5000 + b'"}\n' + LINES)
    kinds = [raw.kind for raw in fetched(declared(tmp_path, tmp_path / "a.jsonl"), tmp_path) if isinstance(raw, RawRecord)]
    assert kinds == ["unreadable", "row", "row"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl.gz", gzip.compress(LINES * 2000, mtime=0)[:-20], "cut off"),
        ("a.json", json.dumps(ROWS).encode()[:-5], "no JSON"),
        ("a.json", b'{"courses": 5}', "holds no list"),
        ("a.csv", TABLE + b'3,"open quote', "cut off or no CSV"),
        ("a.csv", b"", "is empty"),
        ("a.csv", TABLE.decode().encode("utf-16")[:-1], "cut off or not in utf-16"),
        ("a.csv", TABLE.replace(b",", b";"), "if ';' parts its columns, name it in `delimiter`"),
        ("a.csv", "id,überschrift\n1,x\n".encode("cp1252"), "name the right one in `encoding`"),
        ("a.csv", b"PK\x03\x04" + bytes(50), "a ZIP archive or an Excel sheet"),
        ("a.csv", b"<!DOCTYPE html>\n<title>Sign in</title>\n", "looks like a web page"),
        ("a.jsonl", b"\n <html>\n", "looks like a web page"),
    ],
)
def test_a_file_that_is_cut_off_is_a_failed_fetch(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FetchFailed, match=says):
        fetched(declared(tmp_path, tmp_path / name), tmp_path)


def test_numbers_that_json_does_not_have_are_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": 1, "title": "Heat", "number": NaN}\n{"id": 2, "title": "Cold", "number": -Infinity}\n')
    assert [(each.title, each.course_numbers) for each in records(declared(tmp_path, tmp_path / "a.jsonl"), tmp_path)] == [
        ("Heat", ()),
        ("Cold", ()),
    ]


def test_nul_bytes_of_a_table_are_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TABLE.replace(b"Heat", b"He\0at"))
    assert records(declared(tmp_path, tmp_path / "a.csv"), tmp_path)[0].title == "Heat"


def test_rows_of_another_file_are_the_runs_of_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "terms.csv").write_text("course,term,teachers\n1,f22,Ann Lee; Bo Roe\n1,s23,\n9,s23,\n")
    source = declared(
        tmp_path,
        tmp_path / "a.jsonl",
        join={"terms": {"file": "terms.csv", "by": "id", "its": "course"}},
        runs={"each": "terms", "fields": {"run_id": {"template": "{id}-{term}"}, "term": "term", "instructors": "teachers"}},
    )
    first, second = records(source, tmp_path)
    assert [(run.run_id, run.semester, [person.full_name for person in run.instructors]) for run in first.runs] == [
        ("1-f22", "Fall", ["Ann Lee", "Bo Roe"]),
        ("1-s23", "Spring", []),
    ]
    assert second.runs == ()


def test_several_rows_are_one_record_with_runs(tmp_path: Path) -> None:
    rows = [
        {"id": "A", "title": "Heat", "run": "1"},
        {"id": "B", "title": "Cold", "run": "1"},
        {"id": "A", "title": "Heat again", "run": "2"},
    ]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    source = declared(
        tmp_path, tmp_path / "a.json", group={"by": "id"}, runs={"each": "rows", "fields": {"run_id": "run", "title": "title"}}
    )
    assert [(each.title, [run.title for run in each.runs]) for each in records(source, tmp_path)] == [
        ("Heat", ["Heat", "Heat again"]),
        ("Cold", ["Cold"]),
    ]


def test_parts_of_a_program_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"id": "p", "title": "Program", "courses": ["A", "B", "A"]}]))
    (program,) = records(
        declared(
            tmp_path,
            tmp_path / "a.json",
            record={"resource_type": "=program", "title": "title"},
            children={"each": "courses", "readable_id": "value"},
        ),
        tmp_path,
    )
    assert [(child.readable_id, child.relation_type) for child in program.children or ()] == [
        ("A", "PROGRAM_COURSES"),
        ("B", "PROGRAM_COURSES"),
    ]


def test_rows_that_are_not_wanted_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    source = declared(tmp_path, tmp_path / "a.jsonl", unwanted=[{"value": "title", "matches": "^Heat", "why": "too hot"}])
    first, second = (raw for raw in fetched(source, tmp_path) if isinstance(raw, RawRecord))
    with pytest.raises(Skip, match="too hot"):
        source.map(first)
    assert source.map(second).title == "Café"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"source": "Our College"}, "source: "),
        ({"record": {"titel": "title"}}, "record: there is no field titel; there are availability"),
        ({"key": None}, "key"),
        ({"colour": "red"}, "colour"),
        ({"timezone": "Mars/Base"}, "is no time zone"),
        ({"encoding": "klingon"}, "'klingon' is no encoding of text"),
        ({"encoding": "rot13"}, "'rot13' is no encoding of text"),
        ({"record": {"title": {"path": "a", "match": "("}}}, "is no regular expression"),
        ({"platform": {"code": "much too long a code"}}, "platform.code"),
        ({"runs": {"fields": {"when": "x"}}}, "there is no field when"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_where(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(MappingInvalid, match=r"college\.yaml") as caught:
        declared(tmp_path, **changes)
    assert says in str(caught.value)


@pytest.mark.parametrize("content", [b"a: [", b"- list", b"\xff", b"", b"a: !!python/object/apply:os.system ['true']"])
def test_a_mapping_that_is_no_yaml_of_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.yaml").write_bytes(content)
    with pytest.raises(MappingInvalid, match=r"bad\.yaml"):
        from_file(tmp_path / "bad.yaml")
    with pytest.raises(MappingInvalid):
        from_folder(tmp_path)


def test_a_folder_declares_each_source_once(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match="no mapping files"):
        from_folder(tmp_path)
    declared(tmp_path)
    (tmp_path / "twice.yaml").write_text((tmp_path / "college.yaml").read_text())
    with pytest.raises(MappingInvalid, match="declares the source college, too"):
        from_folder(tmp_path)


ANY = Reference(frozenset(), frozenset(), frozenset(), {}, brought=True)
# Rows of each real file, and those of them that are no record.
EXPECTED = {
    "coursera": (1000, 0),
    "edx_2021": (974, 0),
    "mit_pro_courses": (25, 0),
    "mit_pro_programs": (3, 0),
    "mit_subjects": (4691, 0),
    "ocw_export": (1470, 0),
    "tutorialbank": (20245, 0),
    "udacity": (263, 0),
    "udemy": (3672, 0),
    "uiuc": (1521, 0),
}


def test_every_row_of_real_catalogues_is_a_record(shared_data: Path, tmp_path: Path) -> None:
    tally = {}
    for source in from_folder(MAPPINGS, str(shared_data / "catalog")):
        refused: list[str] = []
        raws = [raw for raw in fetched(source, tmp_path) if isinstance(raw, RawRecord)]
        for raw in raws:
            try:
                mapped(source, raw, raw_digest(source, raw), ANY)
            except Refused as error:
                refused.append(f"{raw.key}: {error}")
        assert len({raw.key for raw in raws}) == len(raws), source.code
        tally[source.code] = (len(raws), len(refused))
        assert not refused[10:], refused[:5]
    assert tally == EXPECTED


@pytest.mark.django_db
def test_real_catalogues_arrive_with_what_they_say(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "file_store", lambda: FolderStore(tmp_path / "store"))
    for source in from_folder(MAPPINGS, str(shared_data / "catalog")):
        run = run_source(source, Wish(limit=60))
        assert (run.status, run.rejected) == (IngestRun.Status.SUCCEEDED, 0), run.error
        assert "no resource could be made of it" not in run.warnings
    resources = LearningResource.objects.filter(published=True)
    assert resources.count() == sum(min(rows, 60) for rows, _ in EXPECTED.values())
    edx = resources.filter(platform="edx")
    assert all(each.min_weeks for each in edx)
    assert edx.filter(resource_prices__0__amount="0.00").count() > 30
    assert Run.objects.filter(resource__platform="mit_subjects").count() > 60
    assert RunInstructor.objects.filter(run__resource__platform="uiuc").exists()
    assert resources.filter(platform="ocw", license_cc=True).count() == 60
    program = resources.filter(resource_type="program", platform="xpro").first()
    assert program
    assert program.child_links.exists()
