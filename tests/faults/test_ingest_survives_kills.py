"""A run that is killed at any moment is completed by the next: nothing twice, nothing half, nothing lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db.models import F

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.models import LearningResource, ResourceDocument, Run
from corridor.learn.ingest.models import IngestRun, SourceRecord
from tests.fixtures.site import database_url

pytestmark = pytest.mark.slow

COUNT = 3000
MAPPING = """
source: college
name: The College
file: courses.jsonl
platform: {code: college, name: The College}
key: id
record: {resource_type: =course, title: title}
runs: {each: terms, fields: {run_id: term, term: term}}
"""
PATIENCE = 60


def started(folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "corridor", "ingest", "run", "generic", "--mapping", str(folder / "college.yaml")]
    environment = {**os.environ, "DATABASE_URL": database_url(), "LOG_LEVEL": "WARNING"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_more_than(records: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while SourceRecord.objects.count() <= records:
        assert time.monotonic() < deadline, "the run does not go on"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_a_run_killed_again_and_again_is_completed(tmp_path: Path) -> None:
    lines = [
        {"id": f"C{number}", "title": f"Course {number}", "terms": [{"term": "fall 2031"}, {"term": "spring 2032"}]}
        for number in range(COUNT)
    ]
    (tmp_path / "college.yaml").write_text(MAPPING)
    (tmp_path / "courses.jsonl").write_text("\n".join(map(json.dumps, lines)))
    chance = random.Random(9)
    for killed_beyond in (0, COUNT // 3, COUNT - 1):
        process = started(tmp_path)
        wait_for_more_than(killed_beyond)
        time.sleep(chance.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    assert started(tmp_path).wait(PATIENCE) == 0
    runs = list(IngestRun.objects.order_by("id").values_list("status", flat=True))
    assert (runs[0], runs[-1]) == (IngestRun.Status.INTERRUPTED, IngestRun.Status.SUCCEEDED)
    assert SourceRecord.objects.filter(pending=False, resource__readable_id=F("key")).count() == SourceRecord.objects.count() == COUNT
    assert LearningResource.objects.filter(published=True).count() == LearningResource.objects.count() == COUNT
    assert Run.objects.count() == 2 * COUNT
    assert ResourceDocument.objects.filter(published=True).count() == COUNT
    assert set(OutboxEvent.objects.filter(topic="learn.resources").values_list("aggregate", flat=True)) == {
        str(id) for id in LearningResource.objects.values_list("id", flat=True)
    }
