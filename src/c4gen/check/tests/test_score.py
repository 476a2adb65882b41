"""The table of edges expected, found, missed and extra, held at what it is. Corridor's own models are held in tests/architecture."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from c4gen.check.score import Score, of_case, score, told_scores
from c4gen.cli import c4gen
from c4gen.extract.cache import Cache

FIXTURES = Path(__file__).parents[2] / "tests" / "fixtures"


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return {one.name: one for one in score(FIXTURES, None, Cache(None))}


def test_every_expected_edge_of_the_fixtures_is_found_and_none_is_made_up(scores: dict[str, Score]):
    assert {name: (one.expected, one.missed, one.extra) for name, one in scores.items()} == {
        "campus": (32, (), ()),
        "model directory": (7, (), ()),
        "model front": (3, (), ()),
        "model ledger": (8, (), ()),
        "model shop": (17, (), ()),
    }


def test_what_stays_unresolved_is_counted(scores: dict[str, Score]):
    assert scores["campus"].unresolved == 1


def test_a_missed_edge_and_an_extra_one_are_named(tmp_path: Path):
    code = tmp_path / "one" / "app"
    code.mkdir(parents=True)
    (code / "client.py").write_text("import requests\ndef run():\n    return requests.get('https://a.example-a.org/x')\n")
    (tmp_path / "expected.yaml").write_text("edges:\n  - {source: one, target: b.example-b.org}\n")
    found = of_case(tmp_path, Cache(None))
    assert found.missed == ("source=one target=b.example-b.org",)
    assert found.extra == ("one → a.example-a.org http GET /x sync",)
    assert (found.recall, found.precision) == (0.0, 0.0)
    table = told_scores([found])
    assert f"missed in {tmp_path.name}: source=one target=b.example-b.org" in table
    assert f"extra in {tmp_path.name}: one → a.example-a.org http GET /x sync" in table


def test_the_command_prints_the_table_and_ends_well(tmp_path: Path):
    done = CliRunner().invoke(c4gen, ["score", "--models", str(tmp_path / "none"), "--cache", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[0].split() == ["expected", "found", "missed", "extra", "recall", "precision", "unresolved"]
    assert "campus" in done.output
