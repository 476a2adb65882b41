"""Read every file of the trees: from the cache where its content is known, in two processes where much is new."""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context

from c4gen.extract.cache import Cache, packed, unpacked
from c4gen.extract.documents import Document, read_document
from c4gen.extract.python import read_python
from c4gen.extract.syntax import PythonFile
from c4gen.extract.trees import CommitTree, Entry, Tree
from c4gen.model.facts import Trouble

PROCESSES = 2
WORTH_A_PROCESS = 1_500_000  # bytes of new files; below that starting one costs more than it saves
_CHUNK = 400_000  # bytes given to a process at once

Job = tuple[str, str, bytes]  # key in the cache, path, content


@dataclass
class Scan:
    """One repository as read."""

    name: str
    url: str
    python: dict[str, PythonFile] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    read: int = 0  # files that were not in the cache


def scan(trees: Iterable[Tree], cache: Cache, processes: int = PROCESSES) -> tuple[list[Scan], list[Trouble]]:
    scans: list[Scan] = []
    troubles: list[Trouble] = []
    for tree in trees:
        entries = tree.entries()
        keys = {entry.path: _key(entry) for entry in entries}
        known = cache.get(keys.values())
        missing = [entry for entry in entries if keys[entry.path] not in known]
        new = _read(tree, missing, keys, processes)
        cache.put(new)
        found = Scan(tree.name, tree.url, read=len(missing))
        for path, key in keys.items():
            _place(found, path, new.get(key) or known.get(key), troubles)
        troubles += [Trouble(tree.name, path, 0, code, message) for path, code, message in tree.problems()]
        scans.append(found)
    return scans, troubles


def _key(entry: Entry) -> str:
    """Documents are told apart by their names too: the same text is read otherwise in a Procfile than in a `.env`."""
    return f"py:{entry.digest}" if entry.path.endswith(".py") else f"{entry.path}:{entry.digest}"


def _read(tree: Tree, entries: list[Entry], keys: dict[str, str], processes: int) -> dict[str, bytes]:
    if isinstance(tree, CommitTree):
        tree.load([entry.path for entry in entries])
    jobs = {keys[entry.path]: (keys[entry.path], entry.path, tree.read(entry.path)) for entry in entries}
    if processes < 2 or sum(entry.size for entry in entries) < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
        return dict(_facts(list(jobs.values())))
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            return {key: value for part in pool.map(_facts, _chunks(jobs.values())) for key, value in part}
    except (BrokenProcessPool, OSError):  # where no process may be started, this one reads
        return dict(_facts(list(jobs.values())))


def _chunks(jobs: Iterable[Job]) -> Iterable[list[Job]]:
    chunk: list[Job] = []
    size = 0
    for job in jobs:
        chunk.append(job)
        size += len(job[2])
        if size > _CHUNK:
            yield chunk
            chunk, size = [], 0
    yield chunk


def _facts(jobs: list[Job]) -> list[tuple[str, bytes]]:
    return [(key, packed(read_python(content) if path.endswith(".py") else read_document(path, content))) for key, path, content in jobs]


def _place(found: Scan, path: str, content: bytes | None, troubles: list[Trouble]) -> None:
    value = unpacked(content) if content else None
    found.paths.add(path)
    if isinstance(value, PythonFile):
        found.python[path] = value
        if value.error:
            troubles.append(
                Trouble(found.name, path, value.error_line, "python.syntax", f"The file is no Python that can be read: {value.error}.")
            )
    elif isinstance(value, Document):
        found.documents[path] = value
        if value.error:
            troubles.append(Trouble(found.name, path, value.error_line, "file.malformed", value.error))
