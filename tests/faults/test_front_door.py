"""`corridor up` as a person meets it: started, killed, started twice, stopped; from a home folder of its own."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.fixtures.house import PATIENCE, House, home_folder, kill, wait_for

pytestmark = pytest.mark.slow


def interrupt(up: "subprocess.Popen[str]") -> str:
    """Ctrl-C. Gives what was printed."""
    up.send_signal(signal.SIGINT)
    return up.communicate(timeout=PATIENCE)[0]


@pytest.fixture(scope="module")
def made_home() -> Iterator[Path]:
    with home_folder("corridor front ") as folder:
        yield folder


@pytest.fixture
def house(made_home: Path) -> Iterator[House]:
    house = House(made_home)
    yield house
    house.kill_everything()


def test_up_shares_its_servers_mends_what_dies_and_ctrl_c_stops_it_all(house: House) -> None:
    up = house.start()
    wait_for(lambda: requests.get(f"{house.url}/health/full/", timeout=20).ok, "worker, relay and beat")
    names = " ".join(house.processes().values())
    assert all(part in names for part in ("granian", "worker", "beat", "relay", "postgres", "valkey-server"))

    second = house.run("up", "--empty")
    assert second.returncode == 1
    assert f"runs already from {house.home}, at {house.url}" in second.stderr
    shared = house.run("exec", "printenv", "DATABASE_URL")
    assert shared.stdout.strip().endswith(f"@127.0.0.1:{(house.home / 'data' / 'postgresql.port').read_text()}/corridor")
    assert house.is_ready(), "another command leaves the servers running"

    login = requests.get(f"{house.url}/cms/", timeout=20)
    style = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', login.text)
    assert style, "static files have names with a digest"
    assert "immutable" in requests.get(f"{house.url}{style[1]}", timeout=20).headers["Cache-Control"]

    register = house.home / "run" / "processes.json"
    web = json.loads(register.read_text())[0]
    kill([web])
    wait_for(lambda: web not in json.loads(register.read_text()) and house.is_ready(), "another web server")

    started = time.monotonic()
    printed = interrupt(up)
    assert time.monotonic() - started < 15
    assert up.returncode == 0
    assert "web ended (-9) and starts again" in printed
    assert f"{house.url}/search" in printed
    assert house.secret("staff_password") in printed
    assert house.processes() == {}


def test_after_kills_everything_that_was_committed_is_there_and_nothing_is_left_running(house: House) -> None:
    house.start("--no-worker")
    house.sql("INSERT INTO taggit_tag (name, slug) VALUES ('kept', 'kept')")
    house.kill_everything()

    up = house.start("--no-worker")
    assert house.sql("SELECT name FROM taggit_tag") == "kept"
    up.kill()
    up.wait()
    wait_for(lambda: "granian" not in " ".join(house.processes().values()), "the web server to end with the process that started it")
    assert any("postgres" in command for command in house.processes().values())
    stopped = house.run("stop")
    assert stopped.returncode == 0, stopped.stderr
    assert "PostgreSQL" in stopped.stderr
    assert house.processes() == {}


def test_a_taken_port_is_told_and_stopping_what_does_not_run_is_no_error(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = house.run("up", "--empty", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr.strip() == f"✗  127.0.0.1 port {port} is in use or not ours to use. Free it, or give another with --port."
    stopped = house.run("stop")
    assert stopped.returncode == 0
    assert "Nothing was running" in stopped.stderr


def test_an_interrupt_while_it_starts_leaves_nothing_running(house: House) -> None:
    command = [sys.executable, "-m", "corridor", "up", "--empty", "--port", str(house.port)]
    up = subprocess.Popen(command, env=house.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    house.ups.append(up)
    wait_for(lambda: any("prepare" in command for command in house.processes().values()), "the start")
    up.terminate()
    printed, _ = up.communicate(timeout=PATIENCE)
    assert "Traceback" not in printed
    wait_for(lambda: not house.processes(), "everything to end")


def test_the_doctor_tells_how_things_are(house: House) -> None:
    done = house.run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "corridor up does not run" in done.stdout
    assert "✗" not in done.stdout


def test_a_newer_database_is_left_alone(house: House) -> None:
    record = "INSERT INTO django_migrations (app, name, applied) VALUES ('learn', '9999_from_the_future', now())"
    assert house.run("exec", "sh", "-c", f'psql "$DATABASE_URL" -c "{record}"').returncode == 0
    up = house.run("up", "--empty", "--port", str(house.port))
    assert up.returncode == 1
    assert "migrated by a newer Corridor: it has learn.9999_from_the_future" in up.stderr
    assert "Traceback" not in up.stderr
    assert house.processes() == {}
