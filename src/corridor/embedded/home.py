"""The home folder: what is kept in it, who may use it, and how much room it needs."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import DiskFullError, HomeUnusableError, NewerDataError

LAYOUT = 1
NEEDED_BYTES = 400 * 2**20
# The account that a first visit to the staff console uses; its password is one of the secrets.
STAFF = "staff"
# name -> bytes of randomness
SECRETS = {
    "postgresql": 32,
    "valkey": 32,
    "secret_key": 48,
    "staff_password": 12,
    "people_password": 12,
    "standins": 48,
    "courseware_client": 32,
    "courseware_registration": 32,
    "courseware_webhook": 32,
    "courseware_sign_on": 32,
    "payments_profile": 32,
    "payments_merchant": 32,
    "payments_stripe": 32,
    "payments_webhook": 32,
}


def open_home(home: Path) -> None:
    """Make the home folder ready. Refuses one that cannot be written, that a newer Corridor wrote, or that lies on a full disk."""
    with telling_of_home(home):
        home.mkdir(parents=True, exist_ok=True)
        (home / "run").mkdir(exist_ok=True)
        _check_layout(home)
        _check_room(home)


@contextmanager
def telling_of_home(home: Path) -> Iterator[None]:
    """Turn a failure to read or write files into a sentence about the home folder."""
    try:
        yield
    except OSError as error:
        raise HomeUnusableError(
            f"{error.strerror}: {error.filename or home}. Corridor keeps its data in {home}; set CORRIDOR_HOME to a folder that you may write to."
        ) from error


def _check_layout(home: Path) -> None:
    layout = home / "layout"
    written = layout.read_text().strip() if layout.exists() else ""
    if not written:
        layout.write_text(str(LAYOUT))
    elif not written.isdigit() or int(written) > LAYOUT:
        raise NewerDataError(
            f"{home} was written by a newer Corridor. Bring this checkout up to date, or set CORRIDOR_HOME to another folder."
        )


def _check_room(home: Path) -> None:
    free = shutil.disk_usage(home).free
    if free < NEEDED_BYTES:
        raise DiskFullError(
            f"Only {free // 2**20} MB are free where {home} lies; Corridor needs {NEEDED_BYTES // 2**20} MB. "
            "Make room, or set CORRIDOR_HOME to a folder on another disk."
        )


def local_secrets(home: Path) -> dict[str, str]:
    """The passwords and keys of this installation; missing ones are made. Callers hold the servers' lock."""
    path = home / "secrets.json"
    known = told(path) if path.exists() else {}
    if not isinstance(known, dict):
        raise HomeUnusableError(
            f"{path} cannot be read, and holds the passwords of the data beside it. Bring it back from a back-up; without one, begin anew: "
            f"delete {home}."
        )
    missing = SECRETS.keys() - known
    if missing:
        known |= {name: secrets.token_urlsafe(SECRETS[name]) for name in sorted(missing)}
        write_private(path.with_suffix(".new"), json.dumps(known)).rename(path)
    return dict(known)


def write_private(path: Path, text: str) -> Path:
    """Write a file that nobody but its owner can read, at no moment."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return path


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name first: whoever reads it, after a killed writer or on a full disk too, finds all of it or none."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text)
    fresh.replace(path)


def told(path: Path) -> Any:
    """What a JSON file of ours says; None when it is not there or cannot be read."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold a file's lock if nobody does; gives whether we do. The kernel lets go of it however the process ends."""
    with telling_of_home(path.parent):
        file = open(path, "w")  # noqa: SIM115 - closed below; a with would tell of its body's failures as the home folder's
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class SharedUse:
    """Who uses the embedded servers: each command holds a shared lock, and the last to leave is told so.

    Locks belong to open files, so the kernel lets go of them however a command ends.
    """

    def __init__(self, run: Path) -> None:
        self._turn = open(run / "servers.lock", "w")  # noqa: SIM115 - held for the object's life
        self._use = open(run / "servers.used", "w")  # noqa: SIM115 - likewise

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Starting and stopping, one command at a time."""
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def join(self) -> None:
        fcntl.flock(self._use, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Whether nobody else uses the servers. Asked within a turn; afterwards this command no longer counts as a user."""
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._use, fcntl.LOCK_UN)
        return True

    def close(self) -> None:
        self._turn.close()
        self._use.close()
