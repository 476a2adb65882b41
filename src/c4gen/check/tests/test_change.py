"""What a branch changes, and what a history did."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from c4gen.check.change import compare, lives, told
from c4gen.cli import c4gen
from c4gen.model.facts import Facts
from c4gen.tests.code import facts_of, service

CALL = "import requests\ndef run():\n    return requests.get('https://{}/a', timeout=5)\n"
BANK, RATES = CALL.format("bank.example-bank.com"), CALL.format("rates.example-rates.org")


def after(client: str, settings: str = "", **files: str) -> Facts:
    return facts_of(one=service(client, settings, **files))


def test_the_same_code_changes_nothing():
    change = compare(after(BANK), after(BANK))
    assert change.empty
    assert "The architecture stays as it is." in told(change, "a to b")


def test_lines_that_move_change_nothing():
    assert compare(after(BANK), after("\n\n# more\n" + BANK)).empty


def test_edges_come_and_go():
    change = compare(after(BANK), after(RATES))
    assert [edge.target for edge in change.added] == ["rates.example-rates.org"]
    assert [edge.target for edge in change.removed] == ["bank.example-bank.com"]
    text = told(change, "a to b")
    assert "## New edges\n\n- one → rates.example-rates.org: GET /a [sync, host] (app/client.py:3)" in text
    assert "## Edges that end\n\n- one → bank.example-bank.com: GET /a" in text


def test_operations_schedules_and_settings_come_and_go():
    urls = "from app import views\nfrom django.urls import path\nurlpatterns = [path('do/', views.do), path('more/', views.do)]\n"
    beat = 'CELERY_BEAT_SCHEDULE = {"nightly": {"task": "app.tasks.work", "schedule": %s}}\n'
    change = compare(
        after(BANK, beat % 60 + 'OLD = os.environ["OLD"]'), after(BANK, beat % 90 + 'NEW = os.environ["NEW"]', **{"app/urls.py": urls})
    )
    assert [one.path for one in change.operations_added] == ["/more"]
    assert change.schedules == (("nightly", "every 60 s app.tasks.work", "every 90 s app.tasks.work"),)
    assert (change.settings_added, change.settings_removed) == (("NEW",), ("OLD",))


def test_an_edge_that_changes_says_how():
    change = compare(after(BANK), after(BANK.replace(", timeout=5", "")))
    assert not change.added
    assert "tags" in told(change, "a to b")
    assert "no-timeout" in told(change, "a to b")


def test_an_edge_that_comes_back_lives_twice():
    commits = {"1": BANK, "2": RATES, "3": BANK}
    found = lives(commits, lambda commit: after(commits[commit]))
    assert sorted((life.edge.target.partition(".")[0], life.born, life.died) for life in found) == [
        ("bank", "1", "2"),
        ("bank", "3", ""),
        ("rates", "2", "3"),
    ]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits: the bank; the rates instead; both."""
    root = tmp_path / "one"
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-C", str(root)]
    for path, text in service(BANK).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    for number, client in enumerate((BANK, RATES, RATES + BANK.replace("def run", "def bank"))):
        (root / "app/client.py").write_text(client)
        subprocess.run(["git", *identity, "add", "."], check=True)
        subprocess.run(["git", *identity, "commit", "-q", "-m", f"Commit {number}"], check=True)
    return root


def run(root: Path, *arguments: str):
    return CliRunner().invoke(c4gen, [*arguments, "--models", str(root / "none"), "--cache", str(root.parent / "cache")])


def test_diff_compares_two_commits(repository: Path):
    done = run(repository, "diff", "HEAD~2..HEAD~1", str(repository))
    assert done.exit_code == 0, done.output
    assert "# Architecture from HEAD~2 to HEAD~1" in done.output
    assert "one → rates.example-rates.org" in done.output.partition("## Edges that end")[0]
    assert "one → bank.example-bank.com" in done.output.partition("## Edges that end")[2]


def test_diff_to_the_last_commit_needs_no_second_name(repository: Path):
    done = run(repository, "diff", "HEAD~1", str(repository))
    assert "one → bank.example-bank.com" in done.output
    assert "Edges that end" not in done.output


def test_what_is_not_committed_does_not_count(repository: Path):
    (repository / "app/client.py").write_text("def run(): ...\n")
    assert "The architecture stays as it is." in run(repository, "diff", "HEAD..HEAD", str(repository)).output


def test_history_tells_births_and_deaths(repository: Path):
    done = run(repository, "history", str(repository))
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "3 of 3 commits read."
    commits = subprocess.run(
        ["git", "-C", str(repository), "log", "--reverse", "--format=%h"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [(line.split()[0], "until" in line, line.partition("→")[2].split()[0]) for line in lines[1:]] == [
        (commits[0], True, "bank.example-bank.com"),
        (commits[1], False, "rates.example-rates.org"),
        (commits[2], False, "bank.example-bank.com"),
    ]


def test_a_folder_of_a_repository_counts_as_one(repository: Path):
    done = run(repository, "history", str(repository / "app"))
    assert done.exit_code == 0, done.output
    assert "bank.example-bank.com" in done.output


def test_a_revision_that_is_none_is_a_sentence(repository: Path):
    from c4gen.extract.trees import GitFailed

    done = run(repository, "diff", "nowhere..HEAD", str(repository))
    assert isinstance(done.exception, GitFailed)
    assert "nowhere" in str(done.exception)
