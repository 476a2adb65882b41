"""`corridor check` and `corridor test`: what a change must pass, the same here and in the build."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from corridor.config import load
from corridor.embedded import found
from corridor.embedded.chromium import ensure_chromium
from corridor.embedded.environment import environment_with, run_in_foreground
from corridor.embedded.progress import step
from corridor.embedded.servers import running_servers

ROOT = Path(__file__).parents[2]
# Each process of pytest has a database, a cache and a home folder of its own; the tests of a file share what they prepare.
ON_ALL_CORES = (f"--numprocesses={min(4, os.cpu_count() or 1)}", "--dist=loadfile")


@dataclass(frozen=True)
class Check:
    """A program that ends with status 0 when all is well. `remedy` says what to do when it is not."""

    name: str
    command: tuple[str, ...]
    remedy: str


CHECKS = (
    Check("types", ("mypy",), "mend what mypy shows"),
    Check("style", ("ruff", "check"), "./corridor exec ruff check --fix"),
    Check("format", ("ruff", "format", "--check"), "./corridor exec ruff format"),
    Check("boundaries", ("lint-imports", "--no-cache"), "a package imports what it must not know"),
    Check(
        "migrations", ("django-admin", "makemigrations", "--check", "--dry-run"), "./corridor exec django-admin makemigrations APP -n WHAT"
    ),
    Check("template", ("corridor", "template", "--check"), "./corridor template, and commit what it writes"),
)


@click.command()
def check() -> None:
    """Run the quick checks: types, style, format, boundaries between packages, missing migrations, the database template."""
    with running_servers(load(os.environ)) as variables:
        passed = run_checks(environment_with(variables))
    sys.exit(0 if passed else 1)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--found-servers",
    is_flag=True,
    help="Repeat the tests that use the database on the PostgreSQL and Redis of this machine's usual ports.",
)
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(found_servers: bool, pytest_arguments: tuple[str, ...]) -> None:
    """Run every check and every test; with PYTEST_ARGUMENTS the tests that they name, alone.

    A test that cannot run here fails. Browser tests need Chromium: it is installed when none is found.

    \b
    ./corridor test                            everything, as the build does
    ./corridor test src/corridor/search -k typo
    ./corridor test --found-servers            once more on servers that are not ours
    """
    if found_servers:
        sys.exit(test_on_found_servers(pytest_arguments))
    with running_servers(load(os.environ)) as variables:
        environment = environment_with(variables) | {"CHROME_PATH": str(ensure_chromium(click.echo))}
        checked = bool(pytest_arguments) or run_checks(environment)
        started = time.monotonic()
        status = run_in_foreground(pytest_command(*(pytest_arguments or ON_ALL_CORES)), environment)
    if not pytest_arguments:
        summarise("checks", checked)
        summarise(f"tests, in {time.monotonic() - started:.0f} s", status == 0)
    sys.exit(status or (0 if checked else 1))


def test_on_found_servers(pytest_arguments: Sequence[str]) -> int:
    """Migrate a scratch database from nothing and run the tests that use the database on copies of it. Gives the exit status."""
    servers = found.find()
    if servers is None:
        click.echo(
            "  ·  No PostgreSQL and Redis answer on 127.0.0.1:5432 and :6379; the tests are not repeated on servers that are not ours."
        )
        return 0
    click.echo(f"  ·  Repeating the tests that use the database on {servers.title}")
    with running_servers(load(os.environ)) as variables, found.scratch_database(servers) as database:
        addresses = {"DATABASE_URL": database.url, "REDIS_URL": servers.redis_url}
        environment = environment_with(variables) | addresses
        if subprocess.run([sys.executable, "-m", "corridor", "migrate"], env=environment).returncode:
            return 1
        asked = pytest_arguments or ON_ALL_CORES
        return run_in_foreground(pytest_command("--database-only", f"--migrated-database={database.name}", *asked), environment)


def pytest_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"--config-file={ROOT / 'pyproject.toml'}", *arguments]


def run_checks(environment: Mapping[str, str]) -> bool:
    """Run all checks and show how each went, with the output of those that failed. True when all passed."""
    began = time.monotonic()
    running = [(each, _start(each, environment)) for each in CHECKS]
    failures = [output for each, process in running if (output := _failure(each, process, began)) is not None]
    for output in failures:
        click.echo(f"\n{output.strip()}\n")
    return not failures


def _start(each: Check, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """All are started at once: types take as long as the others together, and there are two cores in most machines."""
    program = [sys.executable, "-m", *each.command] if each.command[0] == "corridor" else list(each.command)
    return subprocess.Popen(program, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _failure(each: Check, process: "subprocess.Popen[str]", began: float) -> str | None:
    """Wait for a check; give what it printed when it failed."""
    with step(each.name, began=began) as current:
        output, _ = process.communicate()
        if process.returncode == 0:
            return None
        current.fail(f"{each.name}: {each.remedy}")
        return output


def summarise(what: str, passed: bool) -> None:
    click.echo(f"  {'✓' if passed else '✗'}  {what}")
