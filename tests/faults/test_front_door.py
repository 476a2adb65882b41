"""`corridor up` as a person meets it: started, killed, started twice, stopped; from a home folder of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

pytestmark = pytest.mark.slow

PATIENCE = 90
SERVERS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Front:
    """The commands of a checkout with a home folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.ups: list[subprocess.Popen[str]] = []

    @property
    def environment(self) -> Mapping[str, str]:
        ours = {name: value for name, value in os.environ.items() if name not in SERVERS}
        return {**ours, "CORRIDOR_HOME": str(self.home), "CORRIDOR_WEB_WORKERS": "1"}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "corridor", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)

    def sql(self, statement: str) -> Any:
        """Ask the embedded database directly. Gives the first value of the answer."""
        password = json.loads((self.home / "secrets.json").read_text())["postgresql"]
        port = (self.home / "data" / "postgresql.port").read_text()
        with psycopg.connect(
            host="127.0.0.1", port=port, user="corridor", password=password, dbname="corridor", autocommit=True
        ) as database:
            answer = database.execute(statement)
            return answer.fetchone()[0] if answer.description else None

    def start(self, *options: str) -> "subprocess.Popen[str]":
        """`corridor up`, awaited until pages can be had."""
        command = [sys.executable, "-m", "corridor", "up", "--empty", "--port", str(self.port), *options]
        up = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.ups.append(up)
        wait_for(lambda: self.is_ready() or up.poll() is not None, "corridor up")
        assert up.poll() is None, up.communicate()[0]
        return up

    def is_ready(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{self.port}/health/readiness/", timeout=5).ok
        return False

    def processes(self) -> dict[int, str]:
        """Command lines of everything that runs from this home folder, servers included."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (folder / "cmdline").read_bytes()
                if str(self.home).encode() in (folder / "environ").read_bytes() + command or self._is_our_valkey(folder.name):
                    found[int(folder.name)] = command.decode(errors="replace").replace("\0", " ")
        return found

    def _is_our_valkey(self, number: str) -> bool:
        """Valkey writes its title over its environment, so its process number is all there is to go by."""
        noted = self.home / "data" / "valkey" / "valkey.pid"
        return noted.exists() and noted.read_text().strip() == number

    def clean_up(self) -> None:
        kill(self.processes())
        for up in self.ups:
            up.wait()


def wait_for(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def interrupt(up: "subprocess.Popen[str]") -> str:
    """Ctrl-C. Gives what was printed."""
    up.send_signal(signal.SIGINT)
    return up.communicate(timeout=PATIENCE)[0]


def kill(processes: Iterable[int]) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def made_home() -> Iterator[Path]:
    """A home folder that others can pass through, as a checkout usually has: servers of root run as nobody."""
    folder = Path(tempfile.mkdtemp(prefix="corridor front ")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def front(made_home: Path) -> Iterator[Front]:
    front = Front(made_home)
    yield front
    front.clean_up()


def test_up_shares_its_servers_mends_what_dies_and_ctrl_c_stops_it_all(front: Front) -> None:
    up = front.start()
    wait_for(lambda: requests.get(f"http://127.0.0.1:{front.port}/health/full/", timeout=20).ok, "worker, relay and beat")
    names = " ".join(front.processes().values())
    assert all(part in names for part in ("granian", "worker", "beat", "relay", "postgres", "valkey-server"))

    second = front.run("up", "--empty")
    assert second.returncode == 1
    assert f"runs already from {front.home}, at http://127.0.0.1:{front.port}" in second.stderr
    shared = front.run("exec", "printenv", "DATABASE_URL")
    assert shared.stdout.strip().endswith(f"@127.0.0.1:{(front.home / 'data' / 'postgresql.port').read_text()}/corridor")
    assert front.is_ready(), "another command leaves the servers running"

    login = requests.get(f"http://127.0.0.1:{front.port}/cms/", timeout=20)
    style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', login.text)
    assert style, "static files have names with a digest"
    assert "immutable" in requests.get(f"http://127.0.0.1:{front.port}{style[1]}", timeout=20).headers["Cache-Control"]

    register = front.home / "run" / "processes.json"
    web = json.loads(register.read_text())[0]
    kill([web])
    wait_for(lambda: web not in json.loads(register.read_text()) and front.is_ready(), "another web server")

    started = time.monotonic()
    printed = interrupt(up)
    assert time.monotonic() - started < 15
    assert up.returncode == 0
    assert "web ended (-9) and starts again" in printed
    assert f"http://127.0.0.1:{front.port}/search" in printed
    assert json.loads((front.home / "secrets.json").read_text())["staff_password"] in printed
    assert front.processes() == {}


def test_after_kills_everything_that_was_committed_is_there_and_nothing_is_left_running(front: Front) -> None:
    up = front.start("--no-worker")
    front.sql("INSERT INTO taggit_tag (name, slug) VALUES ('kept', 'kept')")
    kill(front.processes())
    up.wait()
    wait_for(lambda: not front.processes(), "the killed to be gone")

    up = front.start("--no-worker")
    assert front.sql("SELECT name FROM taggit_tag") == "kept"
    up.kill()
    up.wait()
    wait_for(lambda: "granian" not in " ".join(front.processes().values()), "the web server to end with the process that started it")
    assert any("postgres" in command for command in front.processes().values())
    stopped = front.run("stop")
    assert stopped.returncode == 0, stopped.stderr
    assert "PostgreSQL" in stopped.stderr
    assert front.processes() == {}


def test_a_taken_port_is_told_and_stopping_what_does_not_run_is_no_error(front: Front) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = front.run("up", "--empty", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr.strip() == f"✗  127.0.0.1 port {port} is in use or not ours to use. Free it, or give another with --port."
    stopped = front.run("stop")
    assert stopped.returncode == 0
    assert "Nothing was running" in stopped.stderr


def test_an_interrupt_while_it_starts_leaves_nothing_running(front: Front) -> None:
    command = [sys.executable, "-m", "corridor", "up", "--empty", "--port", str(front.port)]
    up = subprocess.Popen(command, env=front.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    front.ups.append(up)
    wait_for(lambda: any("prepare" in command for command in front.processes().values()), "the start")
    up.terminate()
    printed, _ = up.communicate(timeout=PATIENCE)
    assert "Traceback" not in printed
    wait_for(lambda: not front.processes(), "everything to end")


def test_the_doctor_tells_how_things_are(front: Front) -> None:
    done = front.run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "corridor up does not run" in done.stdout
    assert "✗" not in done.stdout


def test_a_newer_database_is_left_alone(front: Front) -> None:
    record = "INSERT INTO django_migrations (app, name, applied) VALUES ('learn', '9999_from_the_future', now())"
    assert front.run("exec", "sh", "-c", f'psql "$DATABASE_URL" -c "{record}"').returncode == 0
    up = front.run("up", "--empty", "--port", str(front.port))
    assert up.returncode == 1
    assert "migrated by a newer Corridor: it has learn.9999_from_the_future" in up.stderr
    assert "Traceback" not in up.stderr
    assert front.processes() == {}
