"""`corridor up`: servers, database, web, worker, beat and relay, for as long as a person wants them."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click

from corridor.config import Config, load

from .environment import environment_with
from .errors import AlreadyRunningError, EmbeddedError, NotReadyError, PortTakenError
from .home import STAFF, held, local_secrets, open_home, told, write_whole
from .progress import step
from .server import is_free
from .servers import own_servers, running_servers, start_ended
from .standins import StandIns, server_words, stand_ins
from .supervisor import Process, Supervisor, sweep_left_behind

READY_SECONDS = 90.0
PORTS_TO_TRY = 50
LOOK_AT_SERVERS_SECONDS = 3.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a person may ask for with --host
QUEUES = "default,ingest,embeddings"


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        host = EVERYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def up(*, host: str | None, port: int | None, demo: bool, background: bool) -> None:
    """Run everything until told to stop. `background` is worker, beat and relay."""
    config = load(os.environ)
    open_home(config.home)
    with only_one(config.home) as register, ExitStack() as stack:
        address = choose_address(config, host, port)
        write_whole(register, json.dumps({"process": os.getpid(), "url": address.url}))
        with step("Starting the servers") as current:
            said: list[str] = []
            variables = stack.enter_context(running_servers(config, said.append))
            current.title = ", ".join(said) or ("The servers were running already" if variables else "The environment names the servers")
        standins = stand_ins(config)
        environment = environment_with(variables | own_variables(config, address) | standins.variables)
        prepare(environment, own_database="DATABASE_URL" in variables, demo=demo and not config.production, standins=standins)
        supervisor = Supervisor(environment, config.under("run", "processes.json"), report=click.echo)
        supervisor.listen()
        try:
            serve(
                supervisor, config, address, [*(background_processes(config) if background else ()), *standin_processes(config, standins)]
            )
            look_after(supervisor, config, address, standins)
        finally:
            with step("Stopping"):
                supervisor.stop()


def serve(supervisor: Supervisor, config: Config, address: Address, others: Iterable[Process]) -> None:
    """Start the web server first, so that pages are there soon, then the rest."""
    with step("Starting the web server") as current:
        web = web_process(config, address)
        supervisor.add(web)
        wait_until_ready(supervisor, web, address)
        current.title = f"The web server answers with {config.web_workers} processes"
    for process in others:
        supervisor.add(process)


def look_after(supervisor: Supervisor, config: Config, address: Address, standins: StandIns) -> None:
    if not supervisor.stopping:
        announce(config, address, standins)
    servers, due = own_servers(config), 0.0
    while not supervisor.stopping:
        supervisor.keep_running()
        if time.monotonic() >= due:
            start_ended(servers, config.home, supervisor.tell)
            due = time.monotonic() + LOOK_AT_SERVERS_SECONDS
        time.sleep(0.2)


@contextmanager
def only_one(home: Path) -> Iterator[Path]:
    """Hold the home folder's place of `corridor up`. Gives the file in which it says where it runs."""
    register = home / "run" / "up.json"
    with held(home / "run" / "up.lock") as ours:
        if not ours:
            raise AlreadyRunningError(
                f"Corridor runs already from {home}{_as_told(register)}. Stop it with Ctrl-C there, or with ./corridor stop."
            )
        sweep_left_behind(home / "run" / "processes.json", home)
        try:
            yield register
        finally:
            register.unlink(missing_ok=True)


def _as_told(register: Path) -> str:
    said = told(register)
    return f", at {said['url']} (process {said['process']})" if said else " and is about to start"


def choose_address(config: Config, host: str | None, port: int | None) -> Address:
    """The port that was asked for, or the first free one from the usual on. Raises PortTakenError."""
    host = host or config.host
    asked = port or (config.port if "port" in config.model_fields_set else None)
    candidates = [asked] if asked else range(config.port, min(config.port + PORTS_TO_TRY, 65536))
    try:
        free = next(candidate for candidate in candidates if is_free(candidate, host))
    except StopIteration:
        raise PortTakenError(f"{host} port {candidates[0]} is in use or not ours to use. Free it, or give another with --port.") from None
    return Address(host, free)


def own_variables(config: Config, address: Address) -> dict[str, str]:
    """Settings that follow from where we listen, unless the environment says otherwise."""
    chosen = {"CORRIDOR_HOME": str(config.home.absolute()), "CORRIDOR_STATIC": "hashed"}
    if "base_url" not in config.model_fields_set:
        chosen["CORRIDOR_BASE_URL"] = address.url
    if "allowed_hosts" not in config.model_fields_set:
        chosen["ALLOWED_HOSTS"] = ",".join([*config.allowed_hosts, *names_of_this_machine(address.host)])
    return chosen


def names_of_this_machine(host: str) -> list[str]:
    """What others may call this machine by when the server listens beyond loopback."""
    if host not in EVERYWHERE:
        return [f"[{host}]" if ":" in host else host]
    name = socket.gethostname()
    try:
        return [name, socket.getfqdn(), *socket.gethostbyname_ex(name)[2]]
    except OSError:
        return [name]


def prepare(environment: Mapping[str, str], *, own_database: bool, demo: bool, standins: StandIns) -> None:
    """Bring database, static files and catalogue up to date, in a process of its own: this one stays small and imports no Django."""
    options = [*(["--from-template"] if own_database else []), *(["--demo"] if demo else [])]
    options += ["--standins", standins.url] if standins.port else []
    quiet = {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING")}
    done = subprocess.run([sys.executable, "-m", "corridor", "prepare", *options], env={**environment, **quiet})
    if done.returncode:
        raise EmbeddedError("The site could not be made ready; nothing was started.")


def web_process(config: Config, address: Address) -> Process:
    options = {
        "--interface": "wsgi",
        "--host": address.host,
        "--port": address.port,
        "--workers": config.web_workers,
        "--blocking-threads": config.web_threads,
        # These count connections, idle ones of browsers too, not requests at work: those are the threads'.
        "--backlog": 2048,
        "--backpressure": 1024,
        "--workers-kill-timeout": 10,
        "--log-level": "warning",
    }
    words = [str(word) for pair in options.items() for word in pair]
    return _process(config, "web", "granian", *words, "--no-ws", "--respawn-failed-workers", "corridor.wsgi:application")


def background_processes(config: Config) -> list[Process]:
    celery = ("celery", "--app", "corridor.celery", "--quiet")
    return [
        _process(config, "relay", "corridor", "relay"),
        _process(
            config,
            "worker",
            *celery,
            "worker",
            "--queues",
            QUEUES,
            "--concurrency",
            str(config.task_processes or min(os.cpu_count() or 1, 2)),
            "--without-gossip",
            "--without-mingle",
        ),
        _process(config, "beat", *celery, "beat"),
    ]


def standin_processes(config: Config, standins: StandIns) -> list[Process]:
    return [_process(config, "standins", *server_words(standins.port))] if standins.port else []


def _process(config: Config, name: str, module: str, *arguments: str) -> Process:
    logs = config.under("logs")
    logs.mkdir(exist_ok=True)
    return Process(name, [sys.executable, "-m", module, *arguments], logs / f"{name}.log")


def wait_until_ready(supervisor: Supervisor, web: Process, address: Address) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping and not _answers(address):
        if not web.running or time.monotonic() > deadline:
            raise NotReadyError(f"The web server does not answer. The end of {web.log}:\n{web.log_tail()}")
        time.sleep(0.05)


def _answers(address: Address) -> bool:
    try:
        with urlopen(f"{address.url}/health/readiness/", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def announce(config: Config, address: Address, standins: StandIns) -> None:
    url = config.base_url if "base_url" in config.model_fields_set else address.url
    lines = [
        "",
        f"  Corridor is up at {url}",
        "",
        f"    the catalogue       {url}/search",
        f"    the API and docs    {url}/api/docs",
        f"    the staff console   {url}/cms/{_first_login(config)}",
        *([] if config.production or config.email_url else [f"    mail of this site   {url}/mail/"]),
        *([f"    stand-ins           {standins.url}/"] if standins.port else []),
        f"    the state of it all {url}/health/full/",
        f"    logs                {config.under('logs')}",
        "",
        "  Ctrl-C stops everything.",
        "",
    ]
    click.echo("\n".join(lines))


def _first_login(config: Config) -> str:
    if config.production:
        return ""
    return f"   (user {STAFF}, password {local_secrets(config.home)['staff_password']} unless changed)"
