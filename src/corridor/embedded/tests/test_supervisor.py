"""Processes that end are started again; what was started is ended, and nothing else."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corridor.embedded import supervisor as supervisors
from corridor.embedded.server import process_alive
from corridor.embedded.supervisor import Process, Supervisor, sweep_left_behind

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_CHILD = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor({**os.environ, "CORRIDOR_HOME": str(tmp_path)}, tmp_path / "processes.json", said.append)
    yield made
    for process in made.processes:
        process.sweep()


def process(tmp_path: Path, name: str, code: str) -> Process:
    return Process(name, [sys.executable, "-c", code], tmp_path / f"{name}.log")


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_process_that_ends_is_started_again_after_longer_and_longer_pauses(
    tmp_path: Path, supervisor: Supervisor, said: list[str]
) -> None:
    supervisor.add(process(tmp_path, "short", "raise SystemExit(3)"))
    wait_for(lambda: (supervisor.keep_running(), len(said) == 3)[1])
    assert [line.split(" in ")[1].split(".")[0] + line.split(".")[1][0] for line in said] == ["05", "10", "20"]
    assert all("short ended (3)" in line and "short.log" in line for line in said)


def test_one_that_does_not_want_to_stop_is_killed_in_the_end(
    tmp_path: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisors, "STOP_SECONDS", 0.5)
    stubborn = process(tmp_path, "stubborn", STUBBORN)
    supervisor.add(stubborn)
    wait_for(lambda: "up" in stubborn.log.read_text())
    assert stubborn.child
    pid = stubborn.child.pid
    supervisor.stop()
    assert not process_alive(pid)
    assert not supervisor.register.exists()


def test_a_second_wish_to_stop_is_not_kept_waiting(tmp_path: Path, supervisor: Supervisor) -> None:
    stubborn = process(tmp_path, "stubborn", STUBBORN)
    supervisor.add(stubborn)
    wait_for(lambda: "up" in stubborn.log.read_text())
    supervisor.listen()
    try:
        os.kill(os.getpid(), signal.SIGINT)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        started = time.monotonic()
        supervisor.stop()
        assert time.monotonic() - started < 5
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def test_the_children_of_a_child_end_with_it(tmp_path: Path, supervisor: Supervisor) -> None:
    parent = process(tmp_path, "parent", WITH_CHILD)
    supervisor.add(parent)
    wait_for(lambda: parent.log.read_text().strip().isdigit())
    grandchild = int(parent.log.read_text())
    supervisor.stop()
    wait_for(lambda: not process_alive(grandchild))


def test_what_a_killed_supervisor_left_is_ended_and_a_stranger_with_its_number_is_not(tmp_path: Path) -> None:
    ours = subprocess.Popen(["sleep", "60"], env={**os.environ, "CORRIDOR_HOME": str(tmp_path)}, start_new_session=True)
    stranger = subprocess.Popen(["sleep", "60"], env={**os.environ, "CORRIDOR_HOME": "/elsewhere"}, start_new_session=True)
    register = tmp_path / "processes.json"
    register.write_text(json.dumps([ours.pid, stranger.pid, 2**22 + 1]))
    assert sweep_left_behind(register, tmp_path) == 1
    assert ours.wait(timeout=10) == -signal.SIGKILL
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    assert not register.exists()


@pytest.mark.parametrize("left", ["", "[12", "null"])
def test_a_register_that_was_being_written_when_the_machine_stopped_keeps_nothing_from_starting(tmp_path: Path, left: str) -> None:
    register = tmp_path / "processes.json"
    register.write_text(left)
    assert sweep_left_behind(register, tmp_path) == 0
    assert not register.exists()


def test_a_full_disk_ends_nothing_that_runs_and_what_ended_starts_once_there_is_room(
    tmp_path: Path, supervisor: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steady, brief = process(tmp_path, "steady", "import time; time.sleep(60)"), process(tmp_path, "brief", "print('x')")
    supervisor.add(steady)
    supervisor.add(brief)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def looked_after() -> bool:
        supervisor.keep_running()
        return any("could not be started (No space left on device)" in text for text in said)

    with monkeypatch.context() as disk:
        disk.setattr(supervisors, "write_whole", full)
        disk.setattr(Process, "start", full)
        wait_for(looked_after)
        assert steady.running
    wait_for(lambda: (supervisor.keep_running(), brief.child is not None)[1])
