"""What does not agree, on its pages: told, compared now, and mended with a reason."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from corridor.kit.audit.models import AuditEntry
from corridor.mitxonline.commerce.models import Order
from corridor.mitxonline.reconciliation import tasks
from corridor.mitxonline.reconciliation.models import Comparison
from corridor.mitxonline.reconciliation.vocabulary import FindingKind
from tests.fixtures.queries import CountQueries

from .cast import World, found
from .test_learner_pages import do, text

pytestmark = pytest.mark.django_db


def compared(client: Client, kind: str) -> str:
    answer = client.post(reverse("registrar:compare", args=[kind]))
    *_, said = get_messages(answer.wsgi_request)
    return str(said).strip()


def test_findings_are_told_with_what_to_do(client: Client, world: World, count_queries: CountQueries) -> None:
    with count_queries("registrar: findings"):
        page = text(client, "findings")
    assert "is written down as review, but ledger and gateway make it fulfilled" in page
    assert "Write the state that the ledger makes of it." in text(client, "finding", pk=world.finding.pk)
    assert "is written down as review" not in text(client, "findings", "?open=false")


def test_a_finding_is_mended_with_a_reason(client: Client, world: World) -> None:
    assert do(client, "mend", pk=world.finding.pk) == "It agrees again."
    assert Order.objects.get().state == "fulfilled"
    entry = AuditEntry.objects.get(code="finding.repair_asked")
    assert (entry.cause, entry.about, entry.actor and entry.actor.username) == ("A letter of theirs", world.ada, "registrar")


def test_what_has_no_safe_repair_offers_none(client: Client, world: World, gateway: Any) -> None:
    gateway.said.clear()
    missing = found(FindingKind.NOT_AT_GATEWAY)
    assert reverse("registrar:mend", args=[missing.pk]) not in text(client, "finding", pk=missing.pk)
    assert "There is no safe repair" in do(client, "mend", pk=missing.pk)


def test_our_own_tables_are_compared_at_once_and_others_by_a_worker(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compared(client, "certificate_due") == "A certificate earned, but not issued: 0 open, 0 gone."
    asked: list[str] = []
    monkeypatch.setattr(tasks.compare, "delay", asked.append)
    assert "a worker asks for it" in compared(client, "not_in_courseware")
    assert asked == ["not_in_courseware"]
    assert not Comparison.objects.filter(kind="not_in_courseware").exists()
    assert "Nothing is compared under the name nothing" in compared(client, "nothing")
