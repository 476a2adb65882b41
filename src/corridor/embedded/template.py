"""The database template: an empty migrated database as one SQL script, so that nobody waits for Wagtail's migrations.

`corridor template` writes it. Migrations that came after it are applied on top; when one of those in it has changed, it is not used.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from . import databases
from .errors import EmbeddedError
from .postgres import PROGRAMS, package_folder

SCRIPT = Path(__file__).with_name("template.sql.gz")
HEADER = "-- migrations: "
# A dump opens with settings that older servers do not know, and with commands of psql.
UNWANTED = ("SET ", "--", "\\")


@cache
def migrations_on_disk() -> dict[str, str]:
    """Digest of the source of every migration of the installed applications, by `app.name`."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return {f"{app}.{name}": _digest(migration.__module__) for (app, name), migration in sorted(loader.disk_migrations.items())}


def _digest(module: str) -> str:
    return hashlib.sha256(Path(str(sys.modules[module].__file__)).read_bytes()).hexdigest()[:12]


def migrations_in_script() -> dict[str, str]:
    """The same for the template, as things were when it was written; empty when there is none."""
    if not SCRIPT.exists():
        return {}
    with gzip.open(SCRIPT, "rt") as script:
        return dict(json.loads(script.readline().removeprefix(HEADER)))


def is_usable() -> bool:
    """Whether all migrations in the template are ours, unchanged."""
    written = migrations_in_script()
    return bool(written) and written.items() <= migrations_on_disk().items()


def is_current() -> bool:
    """Whether the template holds exactly our migrations."""
    return migrations_in_script() == migrations_on_disk()


def load(database: "psycopg.Connection[Any]") -> None:
    """Run the template's script in an empty database: all of it or nothing."""
    with database.transaction():
        database.execute(gzip.decompress(SCRIPT.read_bytes()))
        database.execute("RESET search_path")


def find_pg_dump() -> Path:
    """pg_dump of the embedded PostgreSQL, or the system's."""
    package = package_folder()
    found = package / PROGRAMS / "pg_dump" if package else shutil.which("pg_dump")
    if found is None:
        raise EmbeddedError("pg_dump is not here. Install PostgreSQL's client programs.")
    return Path(found)


def write(pg_dump: Path) -> None:
    """Migrate an empty database and write it as the template."""
    with databases.scratch("corridor_template") as name:
        with databases.django_on(name):
            call_command("migrate", interactive=False, verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE django_migrations SET applied = '2026-01-01'")
        script = _dump(pg_dump, databases.address_of(name))
    header = HEADER + json.dumps(migrations_on_disk(), separators=(",", ":"))
    SCRIPT.write_bytes(gzip.compress(f"{header}\n{script}".encode(), mtime=0))


def _dump(pg_dump: Path, address: dict[str, Any]) -> str:
    where = {"--host": "host", "--port": "port", "--username": "user", "--dbname": "dbname"}
    arguments = [f"{option}={address[name]}" for option, name in where.items() if address.get(name)]
    done = subprocess.run(
        [pg_dump, *arguments, "--no-owner", "--no-privileges", "--rows-per-insert=500"],
        env={**os.environ, "PGPASSWORD": str(address.get("password") or "")}, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise EmbeddedError(f"pg_dump could not read the migrated database:\n{done.stderr.strip()}")
    return "\n".join(line for line in done.stdout.splitlines() if line and not line.startswith(UNWANTED))
