"""Whose files and processes the embedded servers are: ours, or an unprivileged user's when we are root."""

import os
import pwd
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import HomeUnusableError

# Where the servers' data lie when root keeps Corridor in a folder that the servers' user cannot enter.
ROOT_FOLDER = Path("/var/lib/corridor")
NOBODY = 65534


@dataclass(frozen=True)
class Owner:
    """A user that servers run as. `uid` None means the user we already are."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def current(cls) -> "Owner":
        if os.geteuid() != 0:
            return cls()
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            return cls(NOBODY, NOBODY)
        return cls(nobody.pw_uid, nobody.pw_gid)

    def process_options(self) -> dict[str, Any]:
        """Arguments of Popen that start a process as this user, out of reach of the terminal's Ctrl-C."""
        options: dict[str, Any] = {"start_new_session": True, "cwd": "/", "umask": 0o077}
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def take(self, path: Path) -> Path:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
        return path

    def make_folder(self, path: Path) -> Path:
        """A folder that only this user can enter."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        return self.take(path)


def open_to_others(path: Path) -> bool:
    """Whether any user may pass through a folder and every folder above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents] if folder.exists())


def server_folder(home: Path, owner: Owner) -> Path:
    """Where the servers' data lie: in the home folder, or where a link in it points when their user cannot enter it."""
    folder = home / "data"
    if folder.is_symlink():
        return folder.resolve()
    if owner.uid is None:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    if open_to_others(home):
        return _passable(folder)
    if folder.exists():
        raise HomeUnusableError(
            f"The servers' data lie in {folder}, which their user nobody cannot enter any more. "
            f"Let others pass through every folder of {home} (chmod o+x), or set CORRIDOR_HOME to another folder."
        )
    _passable(ROOT_FOLDER)
    apart = _passable(ROOT_FOLDER / secrets.token_hex(6))
    folder.symlink_to(apart)
    return apart


def _passable(folder: Path) -> Path:
    """A folder that others can pass through but not list, whatever the umask."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    return folder


def reachable_binaries(package: Path, libraries: Path | None, target: Path, owner: Owner) -> Path:
    """A package's folder of programs, copied to where the owner can read it if it cannot read the original."""
    if owner.uid is None or open_to_others(package):
        return package
    copy = target / package.name
    marker = target / f"{package.name}.from"
    identity = f"{package}\n{package.stat().st_mtime_ns}"
    if not marker.exists() or marker.read_text() != identity:
        for original in filter(None, (package, libraries)):
            if original.exists():
                _copy_readable(original, target / original.name)
        marker.write_text(identity)
    return copy


def _copy_readable(original: Path, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    _passable(copy.parent)
    shutil.copytree(original, copy, symlinks=True)
    for folder, _, files in os.walk(copy):
        os.chmod(folder, 0o755)  # noqa: S103 - the servers' user reads these
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
