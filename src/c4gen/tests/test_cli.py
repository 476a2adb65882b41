"""The command, as a person meets it."""

from pathlib import Path

from click.testing import CliRunner

from c4gen.cli import c4gen
from c4gen.model.store import from_json

CAMPUS = Path(__file__).parent / "fixtures" / "campus"
FOLDERS = [str(CAMPUS / name) for name in ("directory", "front", "ledger", "shop")]


def run(tmp_path: Path, *arguments: str):
    return CliRunner().invoke(c4gen, [*arguments, "--cache", str(tmp_path / "cache")])


def test_extract_prints_each_edge_with_its_place_and_a_count(tmp_path: Path):
    done = run(tmp_path, "extract", *FOLDERS)
    assert done.exit_code == 0, done.output
    assert "ledger → rates.example-rates.org  GET /daily.json  (async, every 3600 s; host 0.85; books/bank.py:" in done.output
    assert "unresolved  directory/people/views.py:9" in done.output
    assert "32 edges" in done.output


def test_extract_writes_facts_that_can_be_read_again(tmp_path: Path):
    assert run(tmp_path, "extract", "-o", str(tmp_path / "facts.json"), *FOLDERS).exit_code == 0
    assert len(from_json((tmp_path / "facts.json").read_bytes()).edges) == 32


def test_names_from_code_cannot_steer_a_terminal(tmp_path: Path):
    code = tmp_path / "one" / "app"
    code.mkdir(parents=True)
    (code / "client.py").write_text("import requests\ndef run():\n    return requests.get('https://a.example-a.org/\\x1b[2J\\x07x')\n")
    output = run(tmp_path, "extract", str(tmp_path / "one")).output
    assert "\x1b" not in output
    assert "\x07" not in output


def test_a_folder_without_models_is_a_sentence(tmp_path: Path):
    done = run(tmp_path, "check", "--models", str(tmp_path / "none"))
    assert done.exit_code == 1
    assert "there is no folder" in str(done.output) + str(done.exception)


def test_a_history_of_several_repositories_is_refused(tmp_path: Path):
    done = run(tmp_path, "history", "--models", str(CAMPUS / "models"))
    assert "one repository" in str(done.output) + str(done.exception)
