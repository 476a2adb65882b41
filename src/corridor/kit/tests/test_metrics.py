"""Numbers to watch are told as collectors read them, to whom may see them."""

import pytest
from django.test import Client, override_settings

from corridor.config import load
from corridor.kit import metrics
from corridor.kit.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db


def test_what_is_owed_is_told_by_topic(client: Client) -> None:
    OutboxEvent.objects.create(topic="letters", aggregate="1")
    answer = client.get("/health/metrics/")
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    told = answer.content.decode().splitlines()
    assert "# TYPE corridor_outbox_messages gauge" in told
    assert 'corridor_outbox_messages{topic="letters",state="pending"} 1' in told
    assert 'corridor_outbox_messages{topic="letters",state="dead"} 0' in told


def test_labels_cannot_break_out_of_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "GAUGES", {})
    metrics.gauge("odd", "Odd names.")(lambda: [({"name": 'a"b\\c\nd'}, 1.5), ({}, 2)])
    assert metrics.exposition() == '# HELP odd Odd names.\n# TYPE odd gauge\nodd{name="a\\"b\\\\c\\nd"} 1.5\nodd 2\n'


def test_they_are_for_who_has_the_status_token(client: Client) -> None:
    with override_settings(CONFIG=load({"STATUS_TOKEN": "token"})):
        assert client.get("/health/metrics/").status_code == 403
        assert client.get("/health/metrics/", headers={"authorization": "Bearer token"}).status_code == 200
