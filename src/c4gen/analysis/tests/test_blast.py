"""What a change of an operation or a setting reaches."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from c4gen.analysis.blast import of_operation, of_setting, shared_knobs
from c4gen.cli import c4gen
from c4gen.extract.run import extract
from c4gen.extract.trees import FolderTree
from c4gen.model.facts import Facts

CAMPUS = Path(__file__).parents[2] / "tests" / "fixtures" / "campus"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return extract([FolderTree(name, CAMPUS / name) for name in ("directory", "front", "ledger", "shop")])


def test_an_operation_reaches_who_calls_it_and_what_runs_then(facts: Facts):
    found = of_operation(facts, "get", "/people/7/")
    assert {edge.source for edge in found.edges} == {"ledger", "front"}
    assert [one.name for one in found.schedules] == ["remind"]
    assert "task: books.tasks.remind" in found.triggers
    assert {f"{line.repo}/{line.path}" for line in found.lines} >= {"ledger/books/bank.py", "front/src/api.ts", "directory/people/views.py"}


def test_another_verb_of_the_same_path_reaches_nobody(facts: Facts):
    assert of_operation(facts, "DELETE", "/api/v1/entries").edges == ()


def test_a_setting_reaches_edges_and_schedules(facts: Facts):
    assert {(edge.source, edge.operation) for edge in of_setting(facts, "LEDGER_BASE_URL").edges} == {
        ("shop-web", "POST /api/v1/entries"),
        ("shop-exporter", "GET /api/v1/accounts/{}"),
    }
    assert [one.name for one in of_setting(facts, "RATES_SECONDS").schedules] == ["fetch-rates"]


def test_a_variable_reaches_what_its_settings_do(facts: Facts):
    assert {edge.target for edge in of_setting(facts, "BANK_API_URL").edges} == {"bank.example-bank.com"}


def test_what_nothing_reads_reaches_nothing(facts: Facts):
    found = of_setting(facts, "NOBODY_READS")
    assert (found.edges, found.schedules, found.triggers) == ((), (), ())


def test_one_variable_of_several_schedules_is_told():
    from c4gen.tests.code import facts_of, service

    beat = (
        'PACE = int(os.environ.get("PACE", 60))\n'
        'CELERY_BEAT_SCHEDULE = {"a": {"task": "a", "schedule": PACE}, "b": {"task": "b", "schedule": PACE}, "c": {"task": "c", "schedule": 9}}'
    )
    (knob,) = shared_knobs(facts_of(one=service("def run(): ...", beat)))
    assert (knob.env, [one.name for one in knob.schedules]) == ("PACE", ["a", "b"])


def test_the_command_says_it(tmp_path: Path):
    models = ["--models", str(CAMPUS / "models"), "--cache", str(tmp_path)]
    done = CliRunner().invoke(c4gen, ["blast", *models, "GET", "/people/7"])
    assert done.exit_code == 0, done.output
    assert "ledger-app → directory  GET /people/{}" in done.output
    assert "remind: every 21600 s" in done.output
    done = CliRunner().invoke(c4gen, ["blast", *models, "BANK_API_URL"])
    assert "ledger-app → bank" in done.output
