"""Probes say whether the site can do its work, and what is wrong when it cannot."""

import time

import pytest
from django.test import Client, override_settings
from redis import ConnectionError as CacheDown

from corridor.config import load
from corridor.kit import checks, health
from corridor.kit.health import Check, Unwell
from corridor.kit.outbox.models import OutboxEvent
from corridor.kit.outbox.receivers import Receiver

pytestmark = pytest.mark.django_db

CHEAP = ("startup", "liveness", "readiness")
EXPECTED = {
    "startup": {"database", "cache", "broker", "migrations"},
    "liveness": {"database"},
    "readiness": {"database", "cache", "broker"},
}


@pytest.mark.parametrize("probe", CHEAP)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_probe_answers_with_its_checks(client: Client, probe: str, slash: str) -> None:
    answer = client.get(f"/health/{probe}{slash}")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["checks"].keys() == EXPECTED[probe]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_probe_does_not_mind_which_host_it_is_called_by(client: Client) -> None:
    assert client.get("/health/readiness/", headers={"host": "10.1.2.3:8000"}).status_code == 200


@pytest.mark.parametrize("probe", CHEAP)
def test_a_cheap_probe_is_cheap(client: Client, probe: str) -> None:
    """The best tenth of many, so that what else the machine does is left out."""
    client.get(f"/health/{probe}/")
    times = []
    for _ in range(50):
        started = time.perf_counter()
        client.get(f"/health/{probe}/")
        times.append(time.perf_counter() - started)
    assert sorted(times)[5] < 0.005


def test_what_does_not_work_is_named_without_its_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise CacheDown("Error 111 connecting to redis://:secret@cache:6379. Connection refused.")

    monkeypatch.setitem(health.CHECKS, "cache", Check("cache", down, frozenset({"full", "readiness"})))
    answer = client.get("/health/readiness/")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["checks"]["cache"]["reason"] == "ConnectionError"
    assert answer.json()["checks"]["database"]["status"] == "ok"
    assert "secret" not in answer.content.decode()


def test_everything_is_asked_for_the_full_report(client: Client, worker: None, index: object) -> None:
    checks._broker().set("corridor:beat:lock", "held")
    answer = client.get("/health/full/")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["checks"].keys() >= {"database", "cache", "broker", "migrations", "worker", "beat", "outbox", "index"}
    assert answer.json()["checks"]["outbox"]["pending"] == 0
    assert client.get("/health/").json()["checks"].keys() == answer.json()["checks"].keys()


def test_the_full_report_can_be_kept_for_those_with_the_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECKS", {})
    with override_settings(CONFIG=load({"STATUS_TOKEN": "open sesame"})):
        assert client.get("/health/full/").status_code == 403
        assert client.get("/health/full/", headers={"authorization": "Bearer guess"}).status_code == 403
        assert client.get("/health/full/", headers={"authorization": "Bearer open sesame"}).status_code == 200
        assert client.get("/health/liveness/").status_code == 200


def test_messages_that_wait_for_long_are_told() -> None:
    OutboxEvent.objects.create(topic="catalogue", aggregate="a", due_at="2026-01-01T00:00Z")
    with pytest.raises(Unwell, match="the relay does not run or does not keep up"):
        checks.outbox()


def test_messages_of_long_work_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    OutboxEvent.objects.create(topic="vectors", aggregate="a", due_at="2026-01-01T00:00Z")
    monkeypatch.setitem(checks.RECEIVERS, "vectors", Receiver("vectors", lambda messages: None, 16, patient=True))
    told = checks.outbox()
    assert told is not None
    assert told["pending"] == 1


def test_missing_migrations_are_told_until_they_are_there() -> None:
    checks._all_applied.cache_clear()
    from django.db.migrations.recorder import MigrationRecorder

    record = MigrationRecorder.Migration.objects.filter(app="kit").last()
    record.delete()
    with pytest.raises(Unwell, match="lacks migrations"):
        checks.migrations()
    record.save()
    checks.migrations()
