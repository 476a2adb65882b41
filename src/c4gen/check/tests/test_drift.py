"""Model against code, in all three directions."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from c4gen.check.drift import drift, report
from c4gen.cli import c4gen
from c4gen.model.curated import Model
from c4gen.model.merge import merge
from c4gen.tests.code import facts_of, model, service

TODAY = date(2026, 6, 1)
CLIENT = """
import requests
def run():
    return requests.get("https://bank.example-bank.com/v2/statements", timeout=5)
"""
HEAD = """
meta: {name: one, primary_system: one, repositories: [{name: one, path: ../one}]}
systems:
  - {id: one, name: One, kind: internal, repo: campus/one}
  - {id: bank, name: Bank, aliases: [bank.example-bank.com]}
  - {id: rates, name: Rates, aliases: [rates.example-rates.org]}
actors: [{id: person, name: Person}]
"""
BANKS = "  - {id: banks, source: one, target: bank, label: Reads statements}\n"


def written(*flows: str) -> Model:
    return model(HEAD + ("flows:\n" + "".join(flows) if flows else ""))


def drifted(curated: Model, **files: str):
    return drift(merge(curated, facts_of(curated, one=service(CLIENT, **files)), TODAY), {})


def test_a_model_that_says_what_the_code_does_is_clean():
    found = drifted(written(BANKS))
    assert found.clean
    assert (found.undrawn, found.gone, found.differs) == ((), (), ())


def test_an_edge_of_the_code_alone_is_drift():
    found = drifted(written())
    assert [(one.source, one.target) for one in found.undrawn] == [("one", "bank")]
    assert not found.clean


def test_a_flow_of_the_model_alone_is_drift():
    found = drifted(written(BANKS, "  - {id: converts, source: one, target: rates}\n"))
    assert [one.flow.id for one in found.gone] == ["converts"]
    assert not found.clean


def test_what_code_cannot_show_is_no_drift():
    flows = [
        BANKS,
        "  - {id: opens, source: person, target: one}\n",
        "  - {id: between-others, source: rates, target: bank}\n",
        "  - {id: told, source: one, target: rates, asserted: {reason: by telephone, expires: 2026-12-31}}\n",
    ]
    assert drifted(written(*flows)).clean


def test_an_assertion_past_its_date_is_drift_again():
    flows = [BANKS, "  - {id: told, source: one, target: rates, asserted: {reason: by telephone, expires: 2026-01-31}}\n"]
    assert [one.flow.id for one in drifted(written(*flows)).gone] == ["told"]


@pytest.mark.parametrize("lifecycle", ["planned", "retired"])
def test_systems_that_do_not_live_owe_no_code(lifecycle: str):
    text = HEAD.replace("id: rates, name: Rates", f"id: rates, name: Rates, lifecycle: {lifecycle}")
    curated = model(f"{text}flows:\n{BANKS}  - {{id: later, source: one, target: rates}}\n")
    assert drifted(curated).clean


ASYNC = {
    "app/tasks.py": "from celery import shared_task\nfrom app import client\n@shared_task(queue='money')\ndef work():\n    client.run()\n",
    "app/views.py": "def do(request): ...\n",
    "app/beat.py": "SCHEDULE = {'work': {'task': 'app.tasks.work', 'schedule': 600}}\n",
}


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("sync: true", "drift.sync"),
        ("sync: false, queue: slow", "drift.queue"),
        ("sync: false, queue: money, schedule: every 60 s", "drift.schedule"),
    ],
)
def test_attributes_that_differ_are_drift_with_the_line(said: str, what: str):
    found = drifted(written(f"  - {{id: banks, source: one, target: bank, {said}}}\n"), **ASYNC)
    (differs,) = found.differs
    assert differs.code == what
    assert "app/client.py:3" in differs.message
    assert not found.clean


def test_attributes_that_agree_are_none():
    assert drifted(written("  - {id: banks, source: one, target: bank, sync: false, queue: money, schedule: every 600 s}\n"), **ASYNC).clean


def test_the_report_is_what_a_reviewer_reads():
    curated = written("  - {id: converts, source: one, target: rates}\n")
    facts = facts_of(curated, one=service(CLIENT))
    text = report([drift(merge(curated, facts, TODAY), {})], facts)
    assert "| one | bank | GET /v2/statements | sync, host 0.90 | one/app/client.py:3 (requests.get) |" in text
    assert "| converts | one | rates | not known |" in text


def test_names_from_code_are_no_markup_in_the_report():
    client = "import requests\ndef run():\n    return requests.get('https://bank.example-bank.com/<script>alert(1)</script>|`x`[a](b)')\n"
    curated = written()
    facts = facts_of(curated, one=service(client))
    text = report([drift(merge(curated, facts, TODAY), {})], facts)
    assert "<script" not in text
    (row,) = (line for line in text.splitlines() if line.startswith("| one"))
    assert row.replace("\\|", "").count("|") == 6
    assert "\\[a](b)" in row


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose second commit takes the call of the rates away, with its model beside it."""
    root = tmp_path / "one"
    files = service(
        "import requests\nfrom app.rates import rates\ndef run():\n    requests.get('https://bank.example-bank.com/a')\n    rates()\n"
    )
    files["app/rates.py"] = "import requests\ndef rates():\n    return requests.get('https://rates.example-rates.org/daily')\n"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    (root / "app/rates.py").unlink()
    (root / "app/client.py").write_text("import requests\ndef run():\n    requests.get('https://bank.example-bank.com/a')\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Rates are typed in by hand")
    (tmp_path / "models").mkdir()
    return root


def check(root: Path, flows: str, *options: str):
    (root.parent / "models" / "one.yaml").write_text(f"{HEAD}flows:\n{flows}")
    return CliRunner().invoke(c4gen, ["check", "--models", str(root.parent / "models"), "--cache", str(root.parent / "cache"), *options])


def test_check_ends_with_0_where_model_and_code_agree(repository: Path):
    done = check(repository, BANKS)
    assert done.exit_code == 0, done.output
    assert "The model says what the code does." in done.output


def test_check_ends_with_1_and_names_the_commit_that_took_an_edge_away(repository: Path):
    done = check(repository, BANKS + "  - {id: converts, source: one, target: rates}\n", "--report", str(repository.parent / "report.md"))
    assert done.exit_code == 1
    commit = git(repository, "log", "-1", "--format=%h")
    assert f"| converts | one | rates | {commit} " in done.output
    assert "Rates are typed in by hand" in done.output
    assert (repository.parent / "report.md").read_text().strip() == done.output.strip()


def test_the_file_that_a_flow_was_read_from_leads_to_the_commit_too(repository: Path):
    flow = "  - {id: converts, source: one, target: rates, provenance: {derived_from: code, repo: one, path: app/rates.py}}\n"
    done = check(repository, BANKS + flow)
    assert done.exit_code == 1
    assert "Rates are typed in by hand" in done.output
    assert "model.dead-source" in done.output


@pytest.mark.parametrize("text", ["meta: [", "meta: {name: one}\n", "meta: {name: one, primary_system: one}\nsurprise: 1\n"])
def test_check_ends_with_2_where_a_model_cannot_be_read(repository: Path, text: str):
    (repository.parent / "models" / "broken.yaml").write_text(text)
    done = check(repository, BANKS)
    assert done.exit_code == 2
    assert "broken.yaml" in done.output
    assert "Traceback" not in done.output
