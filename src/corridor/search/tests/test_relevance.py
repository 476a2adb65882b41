"""Any collection can be measured: formats, mappings, measures, and what is said of files that are none."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corridor.search.model import Mode
from corridor.search.relevance import judged
from corridor.search.relevance.collection import Fields, Query, guess_fields, reach, read_fields, read_queries, read_records, unique
from corridor.search.relevance.commands import relevance
from corridor.search.relevance.judged import Judged, compared, falls, sample
from corridor.search.relevance.measures import Measures, measure

_RECORDS = [
    {"slug": "a", "title": "Linear Algebra", "about": {"text": "Vectors and the spaces they make"}, "numbers": ["18.06"]},
    {"slug": "b", "title": "Cell Biology", "about": {"text": "How cells live, divide and die"}, "numbers": ["7.06"]},
    {"slug": "c", "title": "World History", "about": {"text": "What happened, and what came of it"}, "numbers": ["21H.001"]},
]
_QUERIES = [{"qid": "1", "query": "vectors", "relevant": {"a": 1}}, {"qid": "2", "query": "7.06", "relevant": ["b"]}]
_MAPPING = "id: slug\ntitle: title\ntext: [about.text]\ncodes: [numbers]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs.jsonl").write_text("\n".join(map(json.dumps, _RECORDS)))
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, _QUERIES)))
    (tmp_path / "mapping.yaml").write_text(_MAPPING)
    return tmp_path


def run(folder: Path, *options: str, documents: str = "docs.jsonl", queries: str = "queries.jsonl") -> Result:
    arguments = ["--documents", str(folder / documents), "--queries", str(folder / queries), *options]
    return CliRunner().invoke(relevance, arguments)


def test_a_collection_is_indexed_and_measured(folder: Path) -> None:
    result = run(folder, "--mapping", str(folder / "mapping.yaml"), "--mode", "lexical", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["documents"], found["queries"]) == (3, 2)
    assert found["modes"]["lexical"]["ndcg@10"] == found["modes"]["lexical"]["success@1"] == 1.0


def test_all_modes_answer_with_the_packaged_encoder(folder: Path) -> None:
    result = run(folder, "--mapping", str(folder / "mapping.yaml"), "--json")
    modes = json.loads(result.stdout)["modes"]
    assert {mode: each["answered_in_mode"] for mode, each in modes.items()} == {mode.value: mode.value for mode in Mode}


@pytest.mark.parametrize("name", ["docs.csv", "docs.json", "docs.jsonl.gz"])
def test_formats(folder: Path, name: str) -> None:
    plain = [{"slug": each["slug"], "title": each["title"], "text": each["about"]["text"]} for each in _RECORDS]
    lines = "\n".join(map(json.dumps, plain))
    written = {
        "docs.csv": "slug,title,text\n" + "\n".join(f'{each["slug"]},{each["title"]},"{each["text"]}"' for each in plain),
        "docs.json": json.dumps(plain),
        "docs.jsonl.gz": lines,
    }[name].encode("utf-8-sig" if name.endswith("csv") else "utf-8")
    (folder / name).write_bytes(gzip.compress(written) if name.endswith("gz") else written)
    assert read_records(folder / name) == plain


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("docs.jsonl", b'{"slug": "a"}\n{"slug"', "line 2"),
        ("docs.jsonl", b"[1, 2]\n", "expected an object"),
        ("docs.jsonl", b'{"slug": "\xff"}\n', "cannot be read"),
        ("docs.jsonl.gz", b"no gzip at all", "cannot be read"),
        ("docs.jsonl.gz", gzip.compress(b'{"slug": "a"}\n' * 1_000, mtime=0)[:40], "cannot be read"),
        ("docs.json", b'{"slug": ', "cannot be read"),
        ("docs.jsonl", b'{"name": "a"}\n', "No record has the field slug; the fields are name"),
    ],
)
def test_a_file_that_is_none_is_named(folder: Path, name: str, content: bytes, said: str) -> None:
    (folder / name).write_bytes(content)
    result = run(folder, "--mapping", str(folder / "mapping.yaml"), "--mode", "lexical", documents=name)
    assert result.exit_code == 1
    assert said in result.output
    assert "docs.json" in result.output or "field" in result.output


@pytest.mark.parametrize("line", ['{"query": "x"}', '{"query": 3, "relevant": {}}', '{"query": "x", "relevant": {"a": "much"}}'])
def test_a_query_without_judgments_is_named(folder: Path, line: str) -> None:
    (folder / "queries.jsonl").write_text(line)
    result = run(folder, "--mode", "lexical")
    assert result.exit_code == 1
    assert "queries.jsonl, record 1" in result.output


def test_an_unknown_key_of_a_mapping_is_named(folder: Path) -> None:
    (folder / "mapping.yaml").write_text("id: slug\nbody: text\n")
    result = run(folder, "--mapping", str(folder / "mapping.yaml"))
    assert result.exit_code == 1
    assert "body" in result.output


def test_half_of_a_collection_is_a_usage_error(folder: Path) -> None:
    assert CliRunner().invoke(relevance, ["--documents", str(folder / "docs.jsonl")]).exit_code == 2


def test_the_first_record_of_an_id_counts() -> None:
    records = [{"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "a", "n": 3}]
    assert unique(records, Fields(id="id")) == records[:2]


def test_a_mapping_is_guessed_by_the_ids_that_are_judged() -> None:
    records = [{"key": f"k{at}", "url": f"u{at}", "name": "One title", "summary": "Some words of prose here"} for at in range(3)]
    guessed = guess_fields(records, {"u1"})
    assert (guessed.id, guessed.title, guessed.text) == ("url", "name", ("summary",))


def test_the_id_is_the_field_that_has_most_of_what_is_judged() -> None:
    records = [{"Weeks": str(at % 3), "Course ID": str(at), "Course Name": "A title", "Instructor": "Ada"} for at in range(9)]
    guessed = guess_fields(records, {str(at) for at in range(9)})
    assert (guessed.id, guessed.title, guessed.names) == ("Course ID", "Course Name", ("Instructor",))


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_columns_are_parted_by_what_the_header_says(tmp_path: Path, sign: str) -> None:
    (tmp_path / "docs.csv").write_text(f"slug{sign}title\na{sign}One\nb{sign}Two{sign}more\n")
    records = read_records(tmp_path / "docs.csv")
    assert [(each["slug"], each["title"]) for each in records] == [("a", "One"), ("b", "Two")]
    assert guess_fields(records, {"a"}).id == "slug"


def test_a_mapping_may_name_one_field_without_a_list(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("id: slug\ntext: about.text\ncodes: [numbers]\nnames:\n")
    assert read_fields(tmp_path / "mapping.yaml") == Fields(id="slug", text=("about.text",), codes=("numbers",))


def test_paths_reach_into_objects_and_lists() -> None:
    record = {"a": [{"b": "x"}, {"b": ["y", None, ""]}], "a.b": "z", "n": 0}
    assert reach({"a": record["a"]}, "a.b") == ["x", "y"]
    assert reach(record, "a.b") == ["z"]
    assert reach(record, "n") == ["0"]


def test_measures() -> None:
    perfect = measure(["a", "b", "x"], {"a": 2, "b": 1})
    assert perfect == Measures(1.0, 1.0, 1.0, 1.0)
    second = measure(["x", "a"], {"a": 1, "c": 1})
    assert (second.mrr_at_10, second.recall_at_100, second.success_at_1) == (0.5, 0.5, 0.0)
    assert second.ndcg_at_10 == pytest.approx((1 / 1.58496) / (1 + 1 / 1.58496), rel=1e-4)
    assert measure(["x"] * 10 + ["a"], {"a": 1}).mrr_at_10 == 0
    assert measure([], {}) == Measures(0, 0, 0, 0)


def test_a_fall_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"set": {"lexical": {"ndcg_at_10": 0.5, "recall_at_100": 0.8}}}
    monkeypatch.setattr(judged, "read_baseline", lambda: before)
    good, poor = Measures(0.5, 0.5, 0.8, 0.5), Measures(0.49, 0.5, 0.8, 0.5)
    assert compared({"set": {Mode.LEXICAL: good}}, before) == []
    assert falls({"set": {Mode.LEXICAL: poor}}) == ["set, lexical: ndcg_at_10 fell from 0.5000 to 0.4900"]
    assert "set: hybrid is below lexical" in falls({"set": {Mode.LEXICAL: good, Mode.HYBRID: poor}})


def test_a_sample_holds_what_its_queries_are_about() -> None:
    records = [{"id": str(at)} for at in range(100)]
    whole = Judged("all", records, Fields(id="id"), [Query(str(at), "q", {str(at): 1.0}) for at in range(40)])
    part = sample(whole, documents=20, queries=10)
    assert len(part.queries) == 10
    assert len(part.records) == 20
    assert {id for query in part.queries for id in query.relevant} <= {str(record["id"]) for record in part.records}
    assert part == sample(whole, documents=20, queries=10)


def test_graded_lists_count_as_one(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"query": "x", "relevant": ["a", 7]}\n')
    assert read_queries(tmp_path / "q.jsonl")[0].relevant == {"a": 1.0, "7": 1.0}
