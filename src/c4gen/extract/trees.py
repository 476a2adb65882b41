"""Where files come from: a folder, or a commit of a Git repository. Both give the same paths and digests."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Protocol

LARGEST = 2 * 2**20  # bytes of one file
MOST_FILES = 200_000
_SKIPPED_FOLDERS = frozenset(
    [
        "node_modules",
        "bower_components",
        ".git",
        ".hg",
        ".tox",
        ".nox",
        ".venv",
        "venv",
        "site-packages",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        "dist",
        ".yarn",
        ".next",
        ".corridor",
        "migrations",
        "locale",
        "locales",
        "load_testing",
        "loadtests",
        "locust",
        "e2e",
        "cypress",
        "__mocks__",
        "__tests__",
        "fixtures",
        "testdata",
        "test_json",
        "storybook",
        ".storybook",
    ]
)
_TEST_FOLDERS = frozenset({"tests", "test", "testing", "test_utils"})
_NAMES = frozenset({"package.json", "app.json", "Procfile", "Caddyfile", "openapi.json", "swagger.json"})
_SUFFIXES = frozenset({".py", ".yml", ".yaml", ".conf", ".env", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".toml"})


@dataclass(frozen=True)
class Entry:
    path: str
    size: int
    digest: str  # of the content; "" where the file is too large to be read


class Tree(Protocol):
    """Files of one repository, those that matter alone."""

    name: str
    url: str

    def entries(self) -> list[Entry]: ...
    def read(self, path: str) -> bytes: ...
    def problems(self) -> list[tuple[str, str, str]]:
        """(path, code, message) of what was passed over."""
        ...


def matters(path: str) -> bool:
    """Whether a file can tell about the architecture: code and configuration, no tests, no packages of others."""
    pure = PurePosixPath(path)
    if any(part in _SKIPPED_FOLDERS or part in _TEST_FOLDERS for part in pure.parts[:-1]):
        return False
    name = pure.name
    if name.startswith("test_") or name.endswith(
        ("_test.py", "_tests.py", ".test.ts", ".test.tsx", ".test.js", ".spec.ts", ".d.ts", ".min.js")
    ):
        return False
    if name in ("conftest.py", "tests.py", "locustfile.py"):
        return False
    if pure.suffix == ".json":
        return name in _NAMES or "openapi" in path.lower() or "apisix" in path.lower()
    return pure.suffix in _SUFFIXES or name in _NAMES or ".env" in name or name.endswith((".conf.template", ".conf.j2"))


@dataclass
class FolderTree:
    """A folder on disk. Links are never followed, so no file outside is read and no loop is entered."""

    name: str
    root: Path
    url: str = ""
    _passed_over: list[tuple[str, str, str]] = field(default_factory=list)
    _contents: dict[str, bytes] = field(default_factory=dict)

    def entries(self) -> list[Entry]:
        self._passed_over.clear()
        found: list[Entry] = []
        for path in self._paths():
            if len(found) >= MOST_FILES:
                self._passed_over.append((path, "tree.too-many-files", f"Only the first {MOST_FILES} files are read."))
                break
            if entry := self._entry(path):
                found.append(entry)
        return found

    def _paths(self) -> Iterator[str]:
        top = os.fspath(self.root)
        for folder, folders, files in os.walk(top, followlinks=False):
            if "pyvenv.cfg" in files:
                folders.clear()
                continue
            folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS and name not in _TEST_FOLDERS)
            prefix = os.path.relpath(folder, top).replace(os.sep, "/")
            for name in sorted(files):
                path = name if prefix == "." else f"{prefix}/{name}"
                if matters(path):
                    yield path

    def _entry(self, path: str) -> Entry | None:
        full = self.root / path
        try:
            path.encode()
            if full.is_symlink() or not full.is_file():
                return None
            size = full.stat().st_size
            if size > LARGEST:
                self._passed_over.append((path, "tree.too-large", f"The file has {size:,} bytes; {LARGEST:,} are read at most."))
                return None
            content = full.read_bytes()
        except UnicodeEncodeError:
            self._passed_over.append((ascii(path), "tree.name", "The file's name is no text."))
            return None
        except OSError as error:
            self._passed_over.append((path, "tree.unreadable", f"The file cannot be read: {error.strerror}."))
            return None
        self._contents[path] = content
        return Entry(path, size, blake2b(content, digest_size=16).hexdigest())

    def read(self, path: str) -> bytes:
        return self._contents[path] if path in self._contents else (self.root / path).read_bytes()

    def problems(self) -> list[tuple[str, str, str]]:
        return self._passed_over


@dataclass
class CommitTree:
    """The files of a commit, read from Git's objects: nothing is checked out."""

    name: str
    root: Path
    revision: str
    url: str = ""
    below: str = ""  # a folder of the repository that counts as its root
    _objects: dict[str, str] = field(default_factory=dict)
    _contents: dict[str, bytes] = field(default_factory=dict)
    _passed_over: list[tuple[str, str, str]] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        listing = git(self.root, "ls-tree", "-r", "-z", "-l", "--full-tree", self.revision)
        found = []
        prefix = f"{self.below}/" if self.below else ""
        for line in listing.split(b"\0"):
            head, _, raw = line.partition(b"\t")
            mode, kind, sha, size = (*head.split(), b"", b"", b"", b"")[:4]
            path = raw.decode(errors="replace")
            if kind != b"blob" or mode == b"120000" or not path.startswith(prefix) or not matters(path[len(prefix) :]):
                continue
            path = path[len(prefix) :]
            if int(size) > LARGEST:
                self._passed_over.append((path, "tree.too-large", f"The file has {int(size):,} bytes; {LARGEST:,} are read at most."))
                continue
            self._objects[path] = sha.decode()
            found.append(Entry(path, int(size), sha.decode()))
        return sorted(found, key=lambda entry: entry.path)

    def load(self, paths: list[str]) -> None:
        """Read many files with one Git process."""
        wanted = [path for path in paths if path not in self._contents]
        if not wanted:
            return
        asked = "".join(f"{self._objects[path]}\n" for path in wanted).encode()
        output = git(self.root, "cat-file", "--batch", input=asked)
        place = 0
        for path in wanted:
            end = output.index(b"\n", place)
            size = int(output[place:end].split()[2])
            self._contents[path] = output[end + 1 : end + 1 + size]
            place = end + size + 2

    def read(self, path: str) -> bytes:
        self.load([path])
        return self._contents[path]

    def problems(self) -> list[tuple[str, str, str]]:
        return self._passed_over


class GitFailed(Exception):
    """Git gave no answer; the text says why."""


def git(root: Path, *arguments: str, input: bytes | None = None, environment: Mapping[str, str] | None = None) -> bytes:
    """Output of a Git command that only reads. Raises GitFailed."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "safe.directory=*", "-C", os.fspath(root), *arguments]
    try:
        done = subprocess.run(command, input=input, capture_output=True, check=False, env={**os.environ, **(environment or {})})
    except OSError as error:
        raise GitFailed(f"git cannot be run: {error.strerror}.") from None
    if done.returncode:
        raise GitFailed(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed.")
    return done.stdout
