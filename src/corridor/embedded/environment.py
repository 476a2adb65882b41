"""The environment of a command: the servers' addresses, our programs first on the path, Django set up."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from corridor.config import load

from .postgres import PROGRAMS, package_folder
from .servers import running_servers


def environment_with(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: ours, the servers' addresses, and first on the path the programs of our Python and of the embedded PostgreSQL."""
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    if "DATABASE_URL" in variables and (package := package_folder()):
        folders.insert(1, str(package / PROGRAMS))
    return {**os.environ, **variables, "PATH": os.pathsep.join(folders), "DJANGO_SETTINGS_MODULE": "corridor.settings"}


@contextmanager
def django_ready() -> Iterator[None]:
    """Servers and Django for the commands that use them in this process."""
    with running_servers(load(os.environ)) as variables:
        os.environ.update(environment_with(variables))
        import django

        django.setup()
        yield


def run_in_foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command as a shell does: Ctrl-C is its to take, other signals are handed on. Gives its exit status."""
    child = subprocess.Popen(command, env=dict(environment))

    def hand_on(number: int, frame: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGINT, lambda number, frame: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, hand_on)
    status = child.wait()
    return status if status >= 0 else 128 - status
