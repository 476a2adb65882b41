"""Drift is found both ways and mended."""

import json

import pytest
from click.testing import CliRunner
from django.db import transaction

from corridor.kit.outbox import publish
from corridor.learn.catalog.documents import TOPIC
from corridor.learn.catalog.models import ResourceDocument
from corridor.learn.catalog.tests.cast import make_resource, publish_now
from corridor.learn.discovery import entries, indexes, maintenance, verification
from corridor.learn.discovery.commands import index as command
from corridor.search.model import Document
from tests.fixtures.index import Index

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(index: Index, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Six resources, indexed."""
    monkeypatch.setattr(verification, "A_MOMENT", 0.0)
    resources = [make_resource(f"R{number}", title=f"Course {number}") for number in range(6)]
    publish_now(*resources)
    index.deliver()
    return [each.pk for each in resources]


def disturb(ids: list[int]) -> None:
    """One entry is lost, one is of nobody, one is older, one is newer than the database has it."""
    with indexes.resource_store().writer() as writer:
        writer.apply([Document(99_999, 1, {"title": "Nobody's"})], deletes=[ids[0]])
    ResourceDocument.objects.filter(pk=ids[1]).update(version=10**9)
    ResourceDocument.objects.filter(pk=ids[2]).update(version=0)


def test_drift_is_told_both_ways_and_repaired(catalogue: list[int]) -> None:
    kept = verification.KEPT["resources"]
    assert not verification.drift(kept)
    disturb(catalogue)
    drift = verification.drift(kept)
    assert (drift.missing, drift.stale, drift.extra) == ([catalogue[0]], catalogue[1:3], [99_999])
    assert verification.repair(kept, drift) == 4
    assert not verification.drift(kept)
    assert indexes.resource_store().snapshot().words.versions() == dict(entries.versions())


def test_changes_on_their_way_are_no_drift(catalogue: list[int]) -> None:
    disturb(catalogue)
    with transaction.atomic():
        publish(TOPIC, map(str, catalogue[:2]))
    drift = verification.drift(verification.KEPT["resources"])
    assert (drift.missing, drift.stale, drift.extra) == ([], [catalogue[2]], [99_999])


def test_a_start_mends(catalogue: list[int]) -> None:
    assert maintenance.mend() == 0
    disturb(catalogue)
    assert maintenance.mend() == 4
    assert maintenance.unfit() == []


def test_the_commands_tell_and_mend(catalogue: list[int]) -> None:
    run = CliRunner().invoke
    assert run(command, ["verify"]).exit_code == 0
    disturb(catalogue)
    told = run(command, ["verify", "--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout)["resources"]["extra"] == [99_999]
    assert "2 stale" in run(command, ["verify"]).stdout
    assert "4 entries mended" in run(command, ["repair"]).output
    assert run(command, ["verify"]).exit_code == 0
    state = json.loads(run(command, ["status", "--json"]).stdout)[0]
    assert (state["index"], state["documents"], state["vectors"], state["waiting"]) == ("resources", 6, 6, 0)


def test_a_rebuild_that_lost_documents_is_refused_unless_it_is_allowed(catalogue: list[int]) -> None:
    from corridor.search.errors import ShrinkRefused

    run = CliRunner().invoke
    ResourceDocument.objects.filter(pk__in=catalogue[:3]).delete()
    refused = run(command, ["rebuild", "resources"])
    assert isinstance(refused.exception, ShrinkRefused)
    assert indexes.resource_store().snapshot().words.documents == 6, "the live one stays"
    assert "resources: 3 documents, 6 before" in run(command, ["rebuild", "--allow-shrink"]).output


def test_deletions_that_are_on_their_way_explain_a_smaller_index(catalogue: list[int]) -> None:
    ResourceDocument.objects.filter(pk__in=catalogue[:3]).update(published=False)
    with transaction.atomic():
        publish(TOPIC, map(str, catalogue[:3]))
    assert CliRunner().invoke(command, ["rebuild"]).exit_code == 0
    assert indexes.resource_store().snapshot().words.documents == 3


def test_waiting_ends_when_everything_is_delivered_and_says_so_when_it_is_not(index: Index) -> None:
    run = CliRunner().invoke
    publish_now(make_resource("B"))
    waiting = run(command, ["wait", "--timeout", "0"])
    assert waiting.exit_code == 1
    assert "does the relay run?" in waiting.output
    index.deliver()
    assert run(command, ["wait"]).exit_code == 0


def test_texts_are_embedded_at_once_on_demand(index: Index) -> None:
    publish_now(*(make_resource(f"R{number}", title=f"Course {number}") for number in range(3)))
    index.rebuild()
    assert maintenance.lacking_vectors() == 3
    assert "3 resources embedded" in CliRunner().invoke(command, ["embed"]).output
    assert maintenance.lacking_vectors() == 0
