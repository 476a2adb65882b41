"""The embedded servers, really started: adopted, recovered, refused."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from corridor.embedded.errors import EmbeddedError, NewerDataError, ServerFailedError
from corridor.embedded.ownership import Owner
from corridor.embedded.postgres import Postgres
from corridor.embedded.server import free_port, is_free, process_alive, runs_program
from corridor.embedded.servers import start_ended
from corridor.embedded.valkey import Valkey


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="corridor 'servers\" ") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture(scope="module")
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder, "right", Owner.current())
    yield server
    server.stop()


@pytest.fixture
def valkey(folder: Path) -> Iterator[Valkey]:
    server = Valkey(folder, "right", Owner.current())
    yield server
    server.stop()


def kill(server: Postgres | Valkey) -> None:
    pid = server.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    while process_alive(pid):
        os.waitpid(pid, 0)


def test_postgresql_starts_is_adopted_and_asks_for_the_password(postgres: Postgres) -> None:
    assert postgres.start() is True
    assert postgres.start() is False
    assert postgres.ensure_database() is True
    assert postgres.ensure_database() is False
    with psycopg.connect(postgres.url) as database:
        assert database.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url.replace("right", "wrong"))
    pid = postgres.pid()
    assert pid
    assert os.stat(f"/proc/{pid}").st_uid != 0, "PostgreSQL never runs as root"


def test_postgresql_that_was_killed_comes_back_with_what_was_committed(postgres: Postgres) -> None:
    postgres.start()
    postgres.ensure_database()
    with psycopg.connect(postgres.url) as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")
    kill(postgres)
    assert postgres.start() is True
    with psycopg.connect(postgres.url) as database:
        assert database.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_servers_that_are_killed_beside_a_running_site_come_back_at_the_ports_it_knows(
    postgres: Postgres, valkey: Valkey, tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    servers, said = [postgres, valkey], list[str]()
    for server in servers:
        server.start()
    postgres.ensure_database()
    ports = [server.port for server in servers]
    start_ended(servers, tmp_path, said.append)
    assert said == []
    for server in servers:
        kill(server)
    deadline = time.monotonic() + 30
    while not all(server.answers() for server in servers):
        start_ended(servers, tmp_path, said.append)
        assert time.monotonic() < deadline, said
    assert [server.port for server in servers] == ports
    assert {"PostgreSQL ended and runs again", "Valkey ended and runs again"} <= set(said)


def test_a_lock_file_that_names_another_program_keeps_postgresql_from_nothing(postgres: Postgres) -> None:
    """After a power cut the number in it may belong to a program of ours."""
    postgres.start()
    kill(postgres)
    lock = postgres.data / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"], **postgres.owner.process_options()) as other:
        _, _, rest = lock.read_text().partition("\n")
        lock.write_text(f"{other.pid}\n{rest}")
        assert postgres.start() is True
        other.kill()


def test_a_port_that_was_taken_meanwhile_is_given_up_for_another(postgres: Postgres) -> None:
    postgres.start()
    usual = postgres.port
    postgres.stop()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", usual))
        taken.listen()
        postgres.start()
        assert postgres.port != usual
        assert postgres.answers()


@pytest.mark.parametrize(("version", "error"), [("99", NewerDataError), ("12", EmbeddedError)])
def test_data_of_another_postgresql_are_left_alone(postgres: Postgres, version: str, error: type[Exception]) -> None:
    postgres.start()
    postgres.stop()
    mark = postgres.data / "PG_VERSION"
    ours = mark.read_text()
    mark.write_text(version)
    try:
        with pytest.raises(error, match=f"written by PostgreSQL {version}"):
            postgres.start()
    finally:
        mark.write_text(ours)


def test_a_server_that_cannot_start_shows_the_end_of_its_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Valkey(folder / "broken", "right", Owner.current())
    (folder / "broken").mkdir(mode=0o711)
    monkeypatch.setattr("corridor.embedded.server.ATTEMPTS", 1)
    monkeypatch.setattr(broken, "command", lambda port: ["sh", "-c", "echo no room for me; exit 1"])
    with pytest.raises(ServerFailedError, match="no room for me"):
        broken.start()


def test_valkey_keeps_what_was_written_through_a_kill_and_asks_for_the_password(valkey: Valkey) -> None:
    valkey.start()
    with redis.Redis.from_url(valkey.url) as client:
        client.set("kept", "yes")
        client.execute_command("WAITAOF", 1, 0, 3000)
    kill(valkey)
    assert valkey.start() is True
    assert valkey.start() is False
    with redis.Redis.from_url(valkey.url) as client:
        assert client.get("kept") == b"yes"
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(valkey.url.replace("right", "wrong")).ping()


def test_without_the_wheels_the_way_out_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmbeddedError, match="DATABASE_URL"):
        str(Postgres(folder / "none", "x", Owner.current()).binaries)
    with pytest.raises(EmbeddedError, match="REDIS_URL"):
        str(Valkey(folder / "none", "x", Owner.current()).binary)


def test_ports_and_processes_are_seen_as_they_are() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        assert free_port(port) != port
    assert free_port(port) == port
    assert process_alive(os.getpid())
    assert not process_alive(2**22 + 1)
    with subprocess.Popen(["sh", "-c", "echo up; sleep 60"], stdout=subprocess.PIPE, start_new_session=True) as child:
        assert child.stdout
        child.stdout.readline()
        assert runs_program(child.pid, "sleep")
        assert not runs_program(child.pid, "postgres")
        os.killpg(child.pid, signal.SIGKILL)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not process_alive(child.pid), "one that has ended and was not asked for yet"
