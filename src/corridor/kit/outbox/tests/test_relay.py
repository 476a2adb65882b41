"""Relays as they are run: processes that are killed, wait for one another and lose their connection."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, transaction

from corridor.kit.outbox import publish
from corridor.kit.outbox.models import OutboxEvent
from tests.fixtures.site import database_url

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAM = Path(__file__).with_name("relay_process.py")
PATIENCE = 60


@dataclass(frozen=True)
class Entry:
    time: float
    process: int
    aggregate: str
    id: int


class Ledger:
    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[Entry]:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        words = [line.split() for line in lines if line.count(" ") == 3]
        return [Entry(float(moment), int(process), aggregate, int(number)) for moment, process, aggregate, number in words]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def start_relay(ledger: Ledger) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    with ExitStack() as stack:

        def start(pause: float = 0.0) -> "subprocess.Popen[bytes]":
            environment = {**os.environ, "DATABASE_URL": database_url(), "LOG_LEVEL": "ERROR"}
            process = stack.enter_context(subprocess.Popen([sys.executable, PROGRAM, ledger.path, str(pause)], env=environment))
            stack.callback(process.kill)
            return process

        yield start


def owe(*aggregates: str) -> None:
    with transaction.atomic():
        publish("catalogue", aggregates)


def wait_for(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def connected_processes() -> int:
    """How many others use the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        return int(cursor.fetchone()[0])


def all_delivered() -> bool:
    return not OutboxEvent.objects.exists()


def test_a_relay_that_is_killed_again_and_again_delivers_everything_in_order(
    ledger: Ledger, start_relay: Callable[..., "subprocess.Popen[bytes]"]
) -> None:
    for _ in range(30):
        owe("a", "b", "c", "a", "b", "a")
    owed = {
        aggregate: list(OutboxEvent.objects.filter(aggregate=aggregate).order_by("id").values_list("id", flat=True)) for aggregate in "abc"
    }
    for round_ in range(2):
        relay = start_relay(pause=0.004)
        seen = len(ledger.entries())
        wait_for(lambda seen=seen, round_=round_: len(ledger.entries()) > seen + 13 + round_, "deliveries")
        relay.kill()
        relay.wait()
    assert not all_delivered(), "the relay was quicker than the test meant it to be"
    start_relay()
    wait_for(all_delivered, "the rest")
    for aggregate, ids in owed.items():
        got = [entry.id for entry in ledger.entries() if entry.aggregate == aggregate]
        assert set(got) == set(ids)
        assert list(dict.fromkeys(reversed(got)))[::-1] == ids, "the last delivery of each message keeps the order"


def test_a_second_relay_waits_until_the_first_is_gone(ledger: Ledger, start_relay: Callable[..., "subprocess.Popen[bytes]"]) -> None:
    first = start_relay()
    owe("a")
    wait_for(all_delivered, "the first relay")
    second = start_relay()
    wait_for(lambda: connected_processes() == 2, "the second relay to come up")
    for number in range(40):
        owe(f"n{number}")
        time.sleep(0.03)
    wait_for(all_delivered, "the first relay")
    assert {entry.process for entry in ledger.entries()} == {first.pid}
    first.kill()
    killed = time.monotonic()
    owe("late")
    wait_for(all_delivered, "the second relay")
    assert ledger.entries()[-1].process == second.pid
    assert time.monotonic() - killed < 5


def test_a_commit_wakes_the_relay_at_once(ledger: Ledger, start_relay: Callable[..., "subprocess.Popen[bytes]"]) -> None:
    """The best third of many, so that what else the machine does is left out."""
    start_relay()
    owe("a")
    wait_for(all_delivered, "the relay to come up")
    committed: dict[str, float] = {}
    for number in range(15):
        owe(f"n{number}")
        committed[f"n{number}"] = time.time()
        time.sleep(0.12)
    wait_for(all_delivered, "the rest")
    latencies = [entry.time - committed[entry.aggregate] for entry in ledger.entries() if entry.aggregate in committed]
    assert len(latencies) == 15
    assert sorted(latencies)[5] < 0.1


def test_a_relay_goes_on_when_its_connection_is_cut(ledger: Ledger, start_relay: Callable[..., "subprocess.Popen[bytes]"]) -> None:
    relay = start_relay()
    owe("a")
    wait_for(all_delivered, "the relay to come up")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.rowcount == 1
    owe("b")
    wait_for(all_delivered, "the relay to come back")
    assert [(entry.process, entry.aggregate) for entry in ledger.entries()] == [(relay.pid, "a"), (relay.pid, "b")]
