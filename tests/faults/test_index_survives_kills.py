"""A relay that is killed while it writes the indexes: nothing is lost, and the index tells what the database does."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.documents import publish
from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.tests.cast import make_resource
from corridor.learn.discovery import entries, indexes, indexing
from tests.fixtures.site import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RESOURCES = 240
PATIENCE = 60


@contextmanager
def relay(home: Path) -> "Iterator[subprocess.Popen[bytes]]":
    environment = {**os.environ, "DATABASE_URL": database_url(), "CORRIDOR_HOME": str(home), "LOG_LEVEL": "ERROR"}
    with subprocess.Popen([sys.executable, "-m", "corridor", "relay"], env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def change(ids: list[int], title: str) -> None:
    with transaction.atomic():
        LearningResource.objects.filter(pk__in=ids).update(title=title)
        LearningResource.objects.filter(pk__in=ids[::7]).update(published=False)
        publish(ids)


def owed() -> int:
    return OutboxEvent.objects.filter(dead_at=None).count()


def wait_for_progress(since: int, share: float) -> None:
    deadline = time.monotonic() + PATIENCE
    while owed() > since * (1 - share):
        assert time.monotonic() < deadline, f"waited in vain: {owed()} messages are left"
        time.sleep(0.002)


def test_a_relay_that_is_killed_while_it_indexes_loses_nothing(tmp_path: Path, settings: Any) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"home": tmp_path})
    ids = [make_resource(f"R{number}", title=f"Course {number}").pk for number in range(RESOURCES)]
    for round_, share in enumerate((0.01, 0.2, 0.5, 0.7)):
        change(ids, f"Course of round {round_}")
        before = owed()
        with relay(tmp_path) as process:
            wait_for_progress(before, share)
            process.kill()
            process.wait()
    assert owed(), "the relay was quicker than the test meant it to be"
    with relay(tmp_path):
        wait_for_progress(owed() or 1, 1.0)
    store = indexes.resource_store()
    assert not store.verify(entries.versions())
    assert indexing.without_vector() == []
    assert store.snapshot().words.documents == LearningResource.objects.filter(published=True).count()
