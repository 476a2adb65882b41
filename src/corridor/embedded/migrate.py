"""Brings the database up to date: from the template when it is empty and ours, by migrations otherwise."""

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from . import databases, template
from .errors import DatabaseUnusableError, NewerDataError

OLDEST_SERVER = 150000
# Two deployments that start at once take turns.
LOCK = 0x0B0C_0AD0


def migrate(*, from_template: bool) -> str:
    """Bring the database up to date and say what was done. Raises NewerDataError when it is ahead of this code."""
    _check_server()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        return _migrate(from_template)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _migrate(from_template: bool) -> str:
    loaded = from_template and template.is_usable() and not connection.introspection.table_names()
    if loaded:
        with databases.connected(str(connection.settings_dict["NAME"])) as database:
            template.load(database)
    pending = pending_migrations()
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    if loaded:
        return "Database made from the template" + (f", {pending} migrations added" if pending else "")
    return f"Database brought up to date with {pending} migrations" if pending else "Database is up to date"


def pending_migrations() -> int:
    """How many migrations are to be applied. Raises NewerDataError when the database has some that this code does not know."""
    executor = MigrationExecutor(connection)
    labels = {app.label for app in apps.get_app_configs()}
    unknown = sorted(
        f"{app}.{name}" for app, name in executor.loader.applied_migrations.keys() - executor.loader.disk_migrations.keys() if app in labels
    )
    if unknown:
        raise NewerDataError(
            f"The database was migrated by a newer Corridor: it has {', '.join(unknown[:3])}{' and more' if len(unknown) > 3 else ''}, "
            "which this checkout does not know. Bring the checkout up to date. Nothing was changed."
        )
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _check_server() -> None:
    address = connection.settings_dict
    try:
        connection.ensure_connection()
    except (OperationalError, psycopg.Error) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__).removeprefix("connection failed: ")
        raise DatabaseUnusableError(
            f"The database {address['NAME']} at {address['HOST'] or 'the local socket'}:{address['PORT'] or 5432} cannot be reached: {reason}. "
            "Check DATABASE_URL."
        ) from error
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
    if version < OLDEST_SERVER:
        raise DatabaseUnusableError(f"The database server is PostgreSQL {version // 10000}; Corridor needs 15 or newer.")
