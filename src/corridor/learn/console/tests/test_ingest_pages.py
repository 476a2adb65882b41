"""Sources, runs, quarantine and merges: what the pages tell, and what their buttons do."""

import json
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from corridor.learn.catalog.models import LearningResource
from corridor.learn.console import tasks
from corridor.learn.console.pages.sources import next_turn
from corridor.learn.ingest.models import IngestRun, MergeBarrier, QuarantinedRecord, SourceSetting
from corridor.learn.ingest.tasks import run_source
from tests.fixtures.queries import CountQueries

from .cast import World, mend_reference_data

pytestmark = pytest.mark.django_db


def text(client: Client, name: str, query: str = "", **named: Any) -> str:
    return client.get(reverse(f"console:{name}", kwargs=named) + query).content.decode()


def do(client: Client, name: str, **named: Any) -> str:
    """Press a button. Gives what is said of it."""
    answer = client.post(reverse(f"console:{name}", kwargs=named))
    assert answer.status_code == 302
    return unescape(" ".join(str(message) for message in get_messages(answer.wsgi_request)))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What workers were asked to do."""
    calls: list[tuple[str, Any]] = []
    for task in (run_source, tasks.replay_quarantine):
        monkeypatch.setattr(task, "delay", lambda *given, task=task: calls.append((task.name.rpartition(".")[2], *given)))
    return calls


def test_sources_are_listed_whether_they_have_run_or_not(client: Client, world: World, count_queries: CountQueries) -> None:
    with count_queries("console: sources"):
        page = text(client, "sources")
    assert "MIT OpenCourseWare" in page
    assert "never read" in page
    assert "Beta" in page


def test_the_next_turn_follows_the_schedule(frozen_clock: Any) -> None:
    assert f"{next_turn('10 5 * * *'):%a %d %b, %H:%M}" == "Tue 03 Mar, 05:10"


def test_how_a_source_is_read_can_be_changed(client: Client, world: World) -> None:
    address = reverse("console:source", args=["ocw"])
    assert client.post(address, {"grace_days": 5, "share": 35, "precedence": ""}).status_code == 302
    setting = SourceSetting.objects.get(source="ocw")
    assert (setting.enabled, setting.grace_days, setting.largest_unpublished_share, setting.precedence) == (False, 5, 0.35, None)
    entry = ModelLogEntry.objects.get(action="corridor.source_changed")
    assert (entry.data["before"]["grace_days"], entry.data["after"]["grace_days"]) == (2, 5)
    assert "less than or equal to 100" in client.post(address, {"grace_days": 5, "share": 101}).content.decode()


def test_a_source_is_read_by_a_worker(client: Client, world: World, asked: list[Any]) -> None:
    assert "as soon as a worker is free" in do(client, "read_now", code="ocw")
    assert asked == [("run_source", "ocw")]


def test_a_source_that_cannot_be_read_now_is_refused(client: Client, world: World, asked: list[Any]) -> None:
    SourceSetting.objects.filter(source="xpro").update(enabled=False)
    assert "switched off" in do(client, "read_now", code="xpro")
    IngestRun.objects.create(source="ocw")
    assert "being read already" in do(client, "read_now", code="ocw")
    assert "There is no source beta" in do(client, "read_now", code="beta")
    assert asked == []


def test_a_report_tells_what_a_run_did(client: Client, world: World, count_queries: CountQueries) -> None:
    run = IngestRun.objects.get(source="alpha")
    with count_queries("console: run"):
        page = text(client, "run", pk=run.pk)
    assert "Created: the first 1" in page
    answer = client.get(reverse("console:run_data", args=[run.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="run-{run.pk}.json"'
    assert json.loads(answer.content)["created"] == 1


def test_runs_are_filtered_and_paged(client: Client, world: World, count_queries: CountQueries) -> None:
    IngestRun.objects.bulk_create(IngestRun(source="alpha", status="failed", error="no answer") for _ in range(60))
    with count_queries("console: runs"):
        page = text(client, "runs", "?source=alpha&status=failed")
    assert "60 runs" in page
    assert "beta #" not in page
    assert "Page 2 of 2" in text(client, "runs", "?source=alpha&status=failed&p=2")


def test_a_mended_record_is_taken_in_when_it_is_tried_again(client: Client, world: World) -> None:
    assert "is still refused: the platform 'xpro'" in do(client, "replay_record", pk=world.record.pk)
    assert QuarantinedRecord.objects.filter(resolved_at=None).get() == world.record
    mend_reference_data()
    assert "was taken in" in do(client, "replay_record", pk=world.record.pk)
    assert LearningResource.objects.get(title="Factory Floors").platform_id == "xpro"
    assert "not in quarantine any more" in do(client, "replay_record", pk=world.record.pk)


def test_all_records_of_a_source_are_tried_by_a_worker(client: Client, world: World, asked: list[Any]) -> None:
    assert "1 records of xpro" in do(client, "replay_source", code="xpro")
    assert asked == [("replay_quarantine", "xpro")]
    mend_reference_data()
    tasks.replay_quarantine("xpro")
    assert not QuarantinedRecord.objects.filter(resolved_at=None).exists()
    assert "Nothing of xpro is set aside" in do(client, "replay_source", code="xpro")


def test_a_record_can_be_dismissed(client: Client, world: World) -> None:
    assert "off the list" in do(client, "dismiss_record", pk=world.record.pk)
    assert "There are no records set aside" in text(client, "quarantine")
    assert ModelLogEntry.objects.get(action="corridor.record_dismissed").user == client.get("/cms/").wsgi_request.user


def test_what_cannot_be_tried_again_says_why(client: Client, world: World) -> None:
    cut = QuarantinedRecord.objects.create(source="xpro", key="k", reason="too large", raw={"cut": "…"}, digest="c")
    assert "Only the beginning of it was kept" in text(client, "record", pk=cut.pk)
    assert "Only the beginning" in do(client, "replay_record", pk=cut.pk)


def test_payloads_are_shown_as_text(client: Client, world: World) -> None:
    hostile = QuarantinedRecord.objects.create(source="xpro", key="<b>k</b>", reason="<script>", raw={"a": "<script>"}, digest="h")
    page = text(client, "record", pk=hostile.pk) + text(client, "quarantine")
    assert "<script>&quot;" not in page
    assert "<b>k</b>" not in page
    assert "&lt;script&gt;" in page


def test_the_quarantine_is_searched_by_reason(client: Client, world: World, count_queries: CountQueries) -> None:
    QuarantinedRecord.objects.bulk_create(
        QuarantinedRecord(source="ocw", key=f"k{number}", reason="no title", raw={}, digest=str(number)) for number in range(70)
    )
    with count_queries("console: quarantine"):
        page = text(client, "quarantine", "?q=no+title")
    assert "70 records set aside" in page
    assert f"quarantine/{world.record.pk}/" not in page


def test_an_undone_merge_leaves_two_resources_and_a_barrier(client: Client, world: World) -> None:
    page = text(client, "merge", pk=world.merge.pk)
    assert "Are these two different things?" in page
    assert "is a resource of its own now, apart from alpha: a" in do(client, "undo_merge", pk=world.merge.pk)
    assert set(LearningResource.objects.values_list("title", flat=True)) == {"Heat", "Warmth"}
    assert MergeBarrier.objects.count() == 1
    assert "undone by curator" in text(client, "merges")
    assert "alpha: a" in text(client, "barriers")
    assert "not in force any more" in do(client, "undo_merge", pk=world.merge.pk)


def test_merges_take_as_many_queries_for_many_as_for_few(client: Client, world: World, count_queries: CountQueries) -> None:
    with count_queries("console: merges"):
        page = text(client, "merges")
    assert "alpha, beta" in page
