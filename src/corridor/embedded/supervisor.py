"""Runs the processes of `corridor up` as children: restarts one that ends, stops all when told to."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .home import told, write_whole

STOP_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
PR_SET_PDEATHSIG = 1


@dataclass
class Process:
    """A child to keep running. `pause` doubles with each quick end, so that a broken child does not spin."""

    name: str
    command: Sequence[str]
    log: Path
    child: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float | None = None

    def start(self, environment: Mapping[str, str]) -> None:
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip
        self.started = time.monotonic()
        self.due = None

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def ask_to_stop(self) -> None:
        """Tell the child alone: it sees to its own children, and may let them finish."""
        if self.child and self.running:
            self.child.terminate()

    def sweep(self) -> int | None:
        """End what is left of the child and its children. Gives the child's exit status."""
        if self.child is None:
            return None
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        status, self.child = self.child.wait(), None
        return status

    def log_tail(self, lines: int = 15) -> str:
        return "\n".join(f"    {line}" for line in self.log.read_text(errors="replace").splitlines()[-lines:])


def _end_with_parent() -> None:
    """Have the kernel end the child when its parent is killed, where the kernel can."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Children and their fate. `register` names a file that tells a later start which processes were left behind."""

    def __init__(self, environment: Mapping[str, str], register: Path, report: Callable[[str], None]) -> None:
        self.environment = environment
        self.register = register
        self.report = report
        self.processes: list[Process] = []
        self.wishes_to_stop = 0

    def add(self, process: Process) -> None:
        self.processes.append(process)
        self._start(process)

    def listen(self) -> None:
        """Take SIGINT, SIGTERM and SIGHUP as the wish to stop; a second one as the wish not to wait."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._wish_to_stop)

    @property
    def stopping(self) -> bool:
        return self.wishes_to_stop > 0

    def keep_running(self) -> None:
        """Look after the children once: start again what ended, after a pause."""
        for process in self.processes:
            if process.running:
                if time.monotonic() - process.started > LONGEST_PAUSE:
                    process.pause = FIRST_PAUSE
            elif process.due is None:
                self._schedule(process)
            elif time.monotonic() >= process.due:
                self._start_again(process)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.ask_to_stop()
        patience = self.wishes_to_stop
        deadline = time.monotonic() + STOP_SECONDS
        while any(p.running for p in self.processes) and time.monotonic() < deadline and self.wishes_to_stop <= max(patience, 1):
            time.sleep(0.05)
        for process in self.processes:
            process.sweep()
        self.register.unlink(missing_ok=True)

    def _start(self, process: Process) -> None:
        process.start(self.environment)
        with suppress(
            OSError
        ):  # a full disk: the children go on, and end with us, only a killed supervisor's successor will not know of them
            write_whole(self.register, json.dumps([p.child.pid for p in self.processes if p.child]))

    def _start_again(self, process: Process) -> None:
        try:
            self._start(process)
        except OSError as error:
            self._put_off(process, f"could not be started ({error.strerror})")

    def _schedule(self, process: Process) -> None:
        self._put_off(process, f"ended ({process.sweep()})")

    def _put_off(self, process: Process, what: str) -> None:
        process.due = time.monotonic() + process.pause
        self.tell(f"{process.name} {what} and starts again in {process.pause:.1f} s. See {process.log}")
        process.pause = min(process.pause * 2, LONGEST_PAUSE)

    def tell(self, text: str) -> None:
        """Say what happened, if anybody can still be told: the terminal may be gone, or the disk of the log full."""
        with suppress(OSError):
            self.report(text)

    def _wish_to_stop(self, number: int, frame: Any) -> None:
        self.wishes_to_stop += 1


def sweep_left_behind(register: Path, home: Path) -> int:
    """End the processes that a killed supervisor left running. Gives how many groups there were.

    A number in the register may be another program's by now: only processes started with our home folder are ended.
    """
    groups = set(told(register) or ())
    ours = {group for pid, group in _process_groups() if group in groups and _belongs_to(pid, home)}
    for group in ours:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    register.unlink(missing_ok=True)
    return len(ours)


def _process_groups() -> list[tuple[int, int]]:
    """Process and group numbers of everything that runs, where the system has /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found.append((int(folder.name), os.getpgid(int(folder.name))))
    return found


def _belongs_to(pid: int, home: Path) -> bool:
    try:
        return f"CORRIDOR_HOME={home}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
