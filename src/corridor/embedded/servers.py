"""The servers a command needs: those the environment names, the embedded ones for the rest."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corridor.config import Config

from .errors import EmbeddedError
from .home import SharedUse, local_secrets, open_home, telling_of_home
from .ownership import Owner, server_folder
from .postgres import Postgres
from .server import Server
from .valkey import Valkey

Report = Callable[[str], None]


@contextmanager
def running_servers(config: Config, report: Report = lambda text: None) -> Iterator[dict[str, str]]:
    """Variables that name a database, a cache and a secret key, with servers behind them for as long as the block runs.

    Commands share the embedded servers. The last one to leave stops them.
    """
    if config.production or (config.database_url and config.redis_url and config.secret_key):
        yield {}
        return
    open_home(config.home)
    with telling_of_home(config.home):
        use = SharedUse(config.home / "run")
        with use.turn():
            known = local_secrets(config.home)
            use.join()
    try:
        with use.turn(), telling_of_home(config.home):
            servers = embedded_servers(config, known)
            _start(servers, report)
        yield {server.variable: server.url for server in servers} | ({} if config.secret_key else {"SECRET_KEY": known["secret_key"]})
    finally:
        with use.turn():
            if use.is_last():
                stop_embedded(config)
        use.close()


def embedded_servers(config: Config, known: dict[str, str]) -> list[Server]:
    """The embedded servers that stand in for those the environment does not name; none of them started."""
    owner = Owner.current()
    folder = server_folder(config.home, owner)
    wanted: list[Server] = []
    if not config.database_url:
        wanted.append(Postgres(folder, known["postgresql"], owner))
    if not config.redis_url:
        wanted.append(Valkey(folder, known["valkey"], owner))
    return wanted


def _start(servers: list[Server], report: Report) -> None:
    for server in servers:
        if server.start():
            report(f"{server.title} runs on port {server.port}")
        if isinstance(server, Postgres):
            server.ensure_database()


def own_servers(config: Config) -> list[Server]:
    """The embedded servers that `running_servers` has started for these settings."""
    needed = not (config.production or (config.database_url and config.redis_url and config.secret_key))
    return embedded_servers(config, local_secrets(config.home)) if needed else []


def start_ended(servers: Iterable[Server], home: Path, report: Report) -> None:
    """Start servers that have ended without having been told to. One that cannot be started is told of, and is tried again the next time."""
    if all(server.pid() for server in servers):
        return
    use = SharedUse(home / "run")
    with use.turn():
        for server in servers:
            if server.pid() is None:
                report(f"{server.title} ended and {_started_again(server)}")
    use.close()


def _started_again(server: Server) -> str:
    try:
        started = server.start_again()
    except (EmbeddedError, OSError) as error:
        return f"cannot be started: {error}"
    return "runs again" if started else f"does not start. See {server.log}"


def stop_embedded(config: Config) -> list[str]:
    """Stop what runs from this home folder. Gives the titles of the servers that did run."""
    servers = embedded_servers(config, local_secrets(config.home))
    return [server.title for server in reversed(servers) if server.stop()]
