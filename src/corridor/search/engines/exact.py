"""Exact search by vectors: one product with a matrix that all processes map.

A folder holds the rows (float32), a log that says which row is whose, and a manifest that says how much of both is true.
Both files only grow; the manifest is replaced at the end of a change. What a killed writer left behind the true part is
cut off by the next one, and readers never look at it.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corridor.search import durable
from corridor.search.errors import UnfitVector
from corridor.search.model import Document
from corridor.search.ports import Neighbours, Numbers, Vectors

_ENTRY = np.dtype([("id", "<i8"), ("version", "<i8"), ("row", "<i8")])
_DELETED = -1
_MANIFEST = "manifest.json"
# Rows of nobody that are put up with before the files are written anew.
_SLACK = 2_000
_PATIENCE = 5


@dataclass(frozen=True)
class Manifest:
    generation: int = 0
    dimensions: int = 0
    rows: int = 0
    entries: int = 0

    def rows_file(self, folder: Path) -> Path:
        return folder / f"rows-{self.generation}.f32"

    def log_file(self, folder: Path) -> Path:
        return folder / f"log-{self.generation}.bin"


class ExactEngine:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.exists():
            folder.mkdir(parents=True)
            self._publish(Manifest())
        self._lock = threading.Lock()
        self._state: tuple[int, int] | None = None
        self._reader: ExactReader | None = None

    def reader(self) -> "ExactReader":
        state = self._look()
        if self._reader is None or state != self._state:
            with self._lock:
                self._state, self._reader = state, self._load()
        return self._reader

    def _look(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._folder / _MANIFEST)
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def _load(self) -> "ExactReader":
        for _ in range(_PATIENCE):
            manifest = self._manifest()
            try:
                return ExactReader(self._folder, manifest)
            except FileNotFoundError:  # written anew between the two looks
                continue
        return ExactReader(self._folder, self._manifest())

    def _manifest(self) -> Manifest:
        written = durable.read_json(self._folder / _MANIFEST)
        if written is None and any(self._folder.glob("rows-*")):
            raise ValueError(f"{self._folder} holds vectors, and not the manifest that says which count.")
        return Manifest(**(written or {}))

    def apply(self, documents: Sequence[Document], deletes: Sequence[int]) -> None:
        reader = self.reader()
        manifest = reader.manifest
        given = [(each.id, each.version, _row(each.vector)) for each in documents if each.vector is not None]
        gone = reader.present([*deletes, *(each.id for each in documents if each.vector is None)])
        if not given and not gone:
            return
        rows = _matrix([row for _, _, row in given], manifest.dimensions)
        entries = [(id, 0, _DELETED) for id in gone]
        entries += [(id, version, manifest.rows + position) for position, (id, version, _) in enumerate(given)]
        if reader.idle_rows + len(gone) > max(_SLACK, reader.size // 2):
            self._write_anew(reader, rows, entries)
        else:
            self._append(manifest, rows, np.array(entries, dtype=_ENTRY))

    def _append(self, manifest: Manifest, rows: Vectors, entries: NDArray[np.void]) -> None:
        dimensions = rows.shape[1]
        durable.append(manifest.rows_file(self._folder), manifest.rows * dimensions * 4, rows.tobytes())
        durable.append(manifest.log_file(self._folder), manifest.entries * _ENTRY.itemsize, entries.tobytes())
        self._publish(Manifest(manifest.generation, dimensions, manifest.rows + len(rows), manifest.entries + len(entries)))

    def _write_anew(self, reader: "ExactReader", rows: Vectors, entries: list[tuple[int, int, int]]) -> None:
        """The live rows and the new ones, without those of nobody."""
        replaced = {id for id, _, _ in entries}
        kept = [(id, version, row) for id, version, row in reader.entries() if id not in replaced]
        old = reader.manifest
        fresh = Manifest(old.generation + 1, rows.shape[1])
        matrix = np.vstack([reader.rows([row for _, _, row in kept]), rows])
        added = [(id, version, row - old.rows + len(kept)) for id, version, row in entries if row != _DELETED]
        log = [(id, version, position) for position, (id, version, _) in enumerate(kept)] + added
        self._append(fresh, matrix, np.array(log, dtype=_ENTRY))
        old.rows_file(self._folder).unlink(missing_ok=True)
        old.log_file(self._folder).unlink(missing_ok=True)

    def _publish(self, manifest: Manifest) -> None:
        durable.replace(self._folder / _MANIFEST, durable.json_bytes(asdict(manifest)))


def _matrix(rows: Sequence[Vectors], dimensions: int) -> Vectors:
    expected = dimensions or len(rows[0])
    if (unfit := next((row for row in rows if len(row) != expected), None)) is not None:
        raise UnfitVector(f"Vectors of the index have {expected} numbers, this one has {len(unfit)}. Rebuild the index.")
    return np.vstack(rows) if rows else np.zeros((0, expected), np.float32)


def _row(vector: bytes) -> Vectors:
    """A stored vector (float16) as a row of length 1."""
    row = np.frombuffer(vector, dtype="<f2").astype(np.float32)
    length = float(np.linalg.norm(row)) if len(row) else 0.0
    if not np.isfinite(length) or length == 0:
        raise UnfitVector("A vector is empty, zero or not a number.")
    return row / np.float32(length)


class ExactReader:
    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._matrix = _map(manifest.rows_file(folder), manifest)
        log = np.fromfile(manifest.log_file(folder), dtype=_ENTRY, count=manifest.entries) if manifest.entries else np.zeros(0, _ENTRY)
        if len(log) < manifest.entries:
            raise ValueError(f"The log of the vectors in {folder} is cut short.")
        ids, last = np.unique(log["id"][::-1], return_index=True)
        entries = log[len(log) - 1 - last]
        live = entries["row"] != _DELETED
        self._ids: Numbers = ids[live].astype(np.int64)  # sorted
        self._versions: Numbers = entries["version"][live].astype(np.int64)
        self._row_of: Numbers = entries["row"][live].astype(np.int64)
        self._id_of = np.full(manifest.rows, _DELETED, dtype=np.int64)
        self._id_of[self._row_of] = self._ids

    @property
    def size(self) -> int:
        return len(self._ids)

    @property
    def dimensions(self) -> int | None:
        return self.manifest.dimensions or None

    @property
    def idle_rows(self) -> int:
        return self.manifest.rows - self.size

    def nearest(self, vector: Vectors, limit: int) -> Neighbours:
        if not self.size:
            return Neighbours(np.zeros(0, np.int64), np.zeros(0, np.float32), 0.0)
        cosines = self._matrix @ np.asarray(vector, dtype=np.float32)
        live = cosines if not self.idle_rows else cosines[self._row_of]
        ids = self._id_of if not self.idle_rows else self._ids
        limit = min(limit, self.size)
        best = np.argpartition(-live, limit - 1)[:limit]
        best = best[np.lexsort((ids[best], -live[best]))]
        return Neighbours(ids[best], live[best], float(live.mean()))

    def vectors(self, ids: Sequence[int]) -> Vectors:
        wanted = np.asarray(ids, dtype=np.int64)
        found = np.zeros((len(wanted), self.manifest.dimensions), dtype=np.float32)
        if self.size:
            at = np.minimum(np.searchsorted(self._ids, wanted), self.size - 1)
            known = self._ids[at] == wanted
            found[known] = self._matrix[self._row_of[at[known]]]
        return found

    def versions(self) -> dict[int, int]:
        return dict(zip(self._ids.tolist(), self._versions.tolist(), strict=True))

    def present(self, ids: Sequence[int]) -> list[int]:
        wanted = np.unique(np.asarray(ids, dtype=np.int64))
        return [int(each) for each in wanted[np.isin(wanted, self._ids)]]

    def entries(self) -> list[tuple[int, int, int]]:
        """(id, version, row) of every live row, in the order of rows."""
        order = np.argsort(self._row_of)
        return list(zip(self._ids[order].tolist(), self._versions[order].tolist(), self._row_of[order].tolist(), strict=True))

    def rows(self, rows: Sequence[int]) -> Vectors:
        return np.asarray(self._matrix[np.asarray(rows, dtype=np.int64)])


def _map(path: Path, manifest: Manifest) -> Vectors:
    if not manifest.rows:
        return np.zeros((0, manifest.dimensions), np.float32)
    return np.asarray(np.memmap(path, dtype=np.float32, mode="r", shape=(manifest.rows, manifest.dimensions)))
