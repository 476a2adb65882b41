"""What PostgreSQL and Valkey have in common: a folder, a port, a log, and how they are started and stopped."""

import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

from .errors import ServerFailedError
from .ownership import Owner

START_SECONDS = 60.0
STOP_SECONDS = 30.0
# A port may be taken between our look and the start; processes of a killed server may need a moment to end.
ATTEMPTS = 4


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on a port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """A loopback port that nothing listens on, the preferred one if it is free."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def process_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not Path("/proc/self").exists()


def runs_program(pid: int, word: str) -> bool:
    """Whether a process was started with a word in its command line; taken to be so where the system does not tell."""
    try:
        return word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except OSError:
        return True


class Server(ABC):
    """An embedded server. `start` adopts one that already runs from the same folder."""

    name: str
    title: str
    variable: str
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, password: str, owner: Owner) -> None:
        self.folder = folder
        self.password = password
        self.owner = owner

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def _port_file(self) -> Path:
        return self.folder / f"{self.name}.port"

    @property
    def port(self) -> int | None:
        text = self._port_file.read_text().strip() if self._port_file.exists() else ""
        return int(text) if text.isdigit() else None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address with password."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the folder ready for a start."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server on our port takes our password."""

    @abstractmethod
    def pid(self) -> int | None:
        """The process that has our folder in use, or None."""

    def start(self) -> bool:
        """Start the server and wait until it answers. False when it was running already."""
        running = self.pid()
        if running and self._wait_until_answering(running):
            return False
        self.prepare()
        preferred = self.port
        for attempt in range(ATTEMPTS):
            if self._launch(free_port(preferred)):
                return True
            preferred = None
            time.sleep(attempt * 0.5)
        raise ServerFailedError(f"{self.title} did not start. The end of {self.log}:\n{self._log_tail()}")

    def start_again(self) -> bool:
        """Start a server that has ended at the port that its users know. False when it does not start yet."""
        self.prepare()
        return self.port is not None and self._launch(self.port)

    def _launch(self, port: int) -> bool:
        self._port_file.write_text(str(port))
        with self.log.open("ab") as log:
            process = subprocess.Popen(self.command(port), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.owner.process_options())
        if self._wait_until_answering(process.pid, process):
            return True
        process.kill()
        process.wait()
        return False

    def stop(self) -> bool:
        """Stop the server, by force when it does not stop in time. False when it did not run."""
        pid = self.pid()
        if pid is None:
            return False
        for sent in (self.stop_signal, signal.SIGQUIT, signal.SIGKILL):
            os.kill(pid, sent)
            deadline = time.monotonic() + STOP_SECONDS
            while time.monotonic() < deadline:
                _reap(pid)
                if not process_alive(pid):
                    return True
                time.sleep(0.02)
        return True

    def _wait_until_answering(self, pid: int, process: "subprocess.Popen[bytes] | None" = None) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.answers():
                return True
            if (process and process.poll() is not None) or not process_alive(pid):
                return False
            time.sleep(0.03)
        return False

    def _log_tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(f"    {line}" for line in lines[-8:])


def _reap(pid: int) -> None:
    """Collect the exit status of a server that is a child of ours; one that is not needs none."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
