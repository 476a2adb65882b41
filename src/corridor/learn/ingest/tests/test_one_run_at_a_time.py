"""A source is read by one process at a time, and what a killed one left is taken up by the next."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from corridor.kit.outbox.models import OutboxEvent
from corridor.learn.catalog.models import LearningResource, ResourceDocument
from corridor.learn.ingest import applying, reading, schedule, staging
from corridor.learn.ingest.actions import run_source
from corridor.learn.ingest.errors import SourceBusy
from corridor.learn.ingest.models import IngestRun, SourceRecord, SourceSetting
from corridor.learn.ingest.scheduled import run as take_turn
from corridor.learn.ingest.source import Fetcher, RawRecord
from corridor.learn.sources import sources

from .cast import Given, course, read, reference_data, titles

Status = IngestRun.Status
MANY = [course(str(number)) for number in range(60)]


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten records at a time, so that few make several transactions."""
    monkeypatch.setattr(applying, "CHUNK", 10)
    monkeypatch.setattr(reading, "BATCH", 10)


class Paused(Given):
    """Waits before its last record until it is told to go on."""

    def __init__(self, payloads: list[Any]) -> None:
        super().__init__(payloads=payloads)
        self.reached, self.go_on = threading.Event(), threading.Event()

    def fetch(self, fetcher: Fetcher) -> Iterator[Any]:
        *first, last = [RawRecord(each["key"], "course", each) for each in self.payloads]
        yield from first
        self.reached.set()
        assert self.go_on.wait(20)
        yield last


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_steps")
class TestTwoConnections:
    @pytest.fixture
    def paused(self) -> Iterator[Paused]:
        """A source that another thread reads, up to its last record."""
        reference_data()
        source = Paused(MANY)
        thread = threading.Thread(target=lambda: (run_source(source), connection.close()))
        thread.start()
        assert source.reached.wait(20)
        yield source
        source.go_on.set()
        thread.join()

    def test_a_second_reader_is_turned_away_and_the_first_goes_on(self, paused: Paused) -> None:
        with pytest.raises(SourceBusy, match="is being read by another process"):
            read(Given(), course("1"))
        read(Given(code="beta"), course("b", title="Of another source"))
        paused.go_on.set()

    def test_new_records_become_resources_while_others_are_read(self, paused: Paused) -> None:
        for _ in range(200):
            if LearningResource.objects.count() >= 20:
                break
            threading.Event().wait(0.05)
        assert 20 <= LearningResource.objects.count() < len(MANY)
        assert IngestRun.objects.get().status == Status.RUNNING

    def test_in_the_end_all_are_there_and_counted(self) -> None:
        reference_data()
        run = read(Given(), *MANY)
        assert (run.created, run.documents, len(titles())) == (60, 60, 60)
        assert OutboxEvent.objects.filter(topic="learn.resources").count() == ResourceDocument.objects.count() == 60


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.mark.parametrize("place", ["staging", "applying"])
def test_what_a_killed_run_left_is_taken_up(alpha: Given, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name = {"staging": (staging, "_write"), "applying": (applying, "apply")}[place]

    def killed(*arguments: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(module, name, killed)
        with pytest.raises(Killed):
            read(alpha, *MANY)
    assert not titles()
    run = read(alpha, *MANY)
    assert run.status == Status.SUCCEEDED
    assert run.documents == len(titles()) == 60
    assert not SourceRecord.objects.filter(pending=True).exists()
    assert list(IngestRun.objects.order_by("id").values_list("status", flat=True)) == [Status.INTERRUPTED, Status.SUCCEEDED]


def test_a_run_whose_process_is_gone_is_closed_by_the_next(alpha: Given) -> None:
    left = IngestRun.objects.create(source="alpha")
    read(alpha, course("1"))
    left.refresh_from_db()
    assert (left.status, left.error) == (Status.INTERRUPTED, "The process that read the source ended.")


def test_every_source_has_its_turn_in_the_schedule() -> None:
    entries = schedule.schedule()
    assert {entry["args"] for entry in entries.values() if entry["args"]} == {(source.code,) for source in sources() if source.schedule}
    assert all(entry["task"].startswith("corridor.learn.ingest.tasks.") for entry in entries.values())


@pytest.mark.django_db
def test_a_source_that_staff_switched_off_has_no_turn() -> None:
    SourceSetting.objects.create(source="xpro", enabled=False)
    take_turn("xpro")
    assert not IngestRun.objects.exists()
