"""The database is made from the template, brought up to date, or left alone."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Site

from corridor.embedded import databases, template
from corridor.embedded.errors import DatabaseUnusableError, NewerDataError
from corridor.embedded.migrate import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty_database() -> Iterator[None]:
    with databases.scratch("corridor_empty") as name, databases.django_on(name):
        yield


def test_the_template_is_up_to_date_with_the_migrations() -> None:
    assert template.is_current(), "run ./corridor template and commit what it writes"


def test_an_empty_database_is_made_from_the_template(empty_database: None) -> None:
    assert migrate(from_template=True).startswith("Database made from the template")
    assert migrate(from_template=True) == "Database is up to date"
    assert Site.objects.get().root_page.title, "what migrations write is in it"


def test_a_template_whose_migrations_have_changed_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = template.migrations_in_script()
    first = next(iter(written))
    script = tmp_path / "template.sql.gz"
    script.write_bytes(gzip.compress((template.HEADER + json.dumps(written | {first: "changed"}) + "\n").encode()))
    monkeypatch.setattr(template, "SCRIPT", script)
    assert not template.is_usable()
    script.write_bytes(gzip.compress((template.HEADER + json.dumps({first: written[first]}) + "\n").encode()))
    assert template.is_usable(), "an older one is a start"
    assert not template.is_current()
    script.unlink()
    assert not template.is_usable()


def test_a_database_that_a_newer_version_migrated_is_refused() -> None:
    MigrationRecorder(connection).record_applied("learn", "9999_from_the_future")
    with pytest.raises(NewerDataError, match=r"learn\.9999_from_the_future"):
        migrate(from_template=True)


def test_migrations_of_a_system_that_does_not_run_here_are_no_ones_concern() -> None:
    MigrationRecorder(connection).record_applied("another_system", "0001_initial")
    assert migrate(from_template=False) == "Database is up to date"


@pytest.mark.parametrize("change", [{"PORT": "1"}, {"NAME": "no_such_database"}, {"PASSWORD": "wrong", "USER": "nobody"}])
def test_a_database_that_cannot_be_reached_is_one_sentence_without_the_password(
    change: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    secret = connection.settings_dict["PASSWORD"]
    for name, value in change.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    with pytest.raises(DatabaseUnusableError, match="Check DATABASE_URL") as told:
        migrate(from_template=False)
    assert "\n" not in str(told.value)
    assert not secret or secret not in str(told.value)
