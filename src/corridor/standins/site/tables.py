"""The stand-ins' tables: made when they start, and made anew when the code has others than the file."""

import zlib

from django.apps import apps
from django.core.management import call_command
from django.db import connection


def make_tables() -> None:
    """What a stand-in keeps is for trying things out: a file of another layout is emptied rather than migrated."""
    wanted = _layout()
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        if cursor.fetchone()[0] != wanted:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA user_version = {wanted}")


def _layout() -> int:
    """A number for the tables as the code declares them."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for model in apps.get_models():
            editor.create_model(model)
    return zlib.crc32("\n".join(editor.collected_sql).encode()) & 0x7FFFFFFF
