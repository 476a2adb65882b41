"""The generations of one index in a folder: which is live, who writes, how one takes another's place.

    folder/CURRENT      name of the live generation
    folder/lock         held by the writer
    folder/g-000001/    generation.json, words/, vectors/

Readers of any process look at CURRENT before a search, so a commit or a swap shows at once. Vectors are written before
words, and words carry the version that counts: whatever a crash cuts off is written again when the change is delivered again.
"""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from . import durable
from .definition import IndexDefinition
from .engines.exact import ExactEngine
from .engines.tantivy import TantivyEngine
from .errors import IndexBusy, IndexDamaged, IndexMissing, ShrinkRefused
from .memory import Memory
from .model import Document, Drift, Results
from .ports import LexicalEngine, LexicalReader, LexicalWriter, OpenLexical, OpenVectors, VectorEngine, VectorReader

_CURRENT, _LOCK, _ABOUT, _WORDS, _VECTORS = "CURRENT", "lock", "generation.json", "words", "vectors"
_BATCH = 1_000
MOST_READINGS = 2_048
MOST_ANSWERS = 96 * 2**20  # bytes in each process
# A generation is kept until the next but one is live: a reader may be about to open it.
_KEPT = 2


@dataclass(frozen=True)
class Snapshot:
    """Words and vectors as they were at one moment."""

    generation: str
    words: LexicalReader
    vectors: VectorReader
    encoder: str | None  # whose vectors these are
    readings: Memory[Any] = field(default_factory=lambda: Memory(MOST_READINGS), compare=False)  # of questions, by searcher
    answers: Memory[Results] = field(default_factory=lambda: Memory(MOST_ANSWERS), compare=False)  # weighed in bytes


@dataclass(frozen=True)
class Applied:
    written: int
    outdated: int  # left alone, because the index holds a later version
    deleted: int


@dataclass(frozen=True)
class Rebuilt:
    generation: str
    documents: int
    before: int


@dataclass(frozen=True)
class _Generation:
    name: str
    encoder: str | None
    words: LexicalEngine
    vectors: VectorEngine


class _Gone(Exception):
    """A generation that is not there."""


class IndexStore:
    def __init__(
        self,
        folder: Path,
        definition: IndexDefinition,
        *,
        encoder: str | None = None,
        lexical: OpenLexical = TantivyEngine,
        vectors: OpenVectors = ExactEngine,
    ) -> None:
        """`encoder` names the encoder of the vectors that are written; vectors of another are not compared with its."""
        self.folder = folder
        self.definition = definition
        self.encoder = encoder
        self._open_lexical = lexical
        self._open_vectors = vectors
        self._opened: _Generation | None = None
        self._snapshot: Snapshot | None = None
        self._named: tuple[tuple[int, int], str] | None = None
        self._lock = threading.Lock()

    # Reading

    def snapshot(self) -> Snapshot:
        """The index as it is now; the same object as long as nothing changed. Raises IndexMissing."""
        generation = self._live()
        with self._telling_damage():
            words, vectors = generation.words.reader(), generation.vectors.reader()
        known = self._snapshot
        if known is None or known.words is not words or known.vectors is not vectors:
            known = self._snapshot = Snapshot(generation.name, words, vectors, generation.encoder)
        return known

    def verify(self, expected: Iterable[tuple[int, int]]) -> Drift:
        """Compares with the (id, version) of everything that should be indexed. Repair by applying what is missing or stale and deleting what is extra."""
        snapshot = self.snapshot()
        words, vectors = snapshot.words.versions(), snapshot.vectors.versions()
        missing, stale = [], []
        for id, version in expected:
            indexed = words.pop(id, None)
            if indexed is None:
                missing.append(id)
            elif indexed != version or vectors.get(id, version) != version:
                stale.append(id)
            vectors.pop(id, None)
        return Drift(missing, stale, extra=sorted({*words, *vectors}))

    def _live(self) -> _Generation:
        for _ in range(5):
            name = self._current()
            if self._opened is not None and self._opened.name == name:
                return self._opened
            if name is None:
                break
            try:
                with self._lock, self._telling_damage():
                    self._opened = self._reopened(name)
                return self._opened
            except _Gone:  # replaced and removed between the two looks
                continue
        raise IndexMissing(f"Nothing is indexed in {self.folder} yet. Rebuild the index.")

    def _current(self) -> str | None:
        """Name of the live generation. The file is replaced, never written to, so it is read again only when it is another one."""
        try:
            status = os.stat(self.folder / _CURRENT)
            state = (status.st_mtime_ns, status.st_ino)
            if self._named is None or self._named[0] != state:
                self._named = (state, (self.folder / _CURRENT).read_text(errors="replace").strip())
        except FileNotFoundError:
            return None
        return self._named[1]

    @contextmanager
    def _telling_damage(self) -> Iterator[None]:
        """What engines say of files that are not theirs any more, as one error."""
        try:
            yield
        except (ValueError, KeyError, OSError) as error:
            raise IndexDamaged(f"The index in {self.folder} is damaged. Rebuild it. ({error})") from error

    def _reopened(self, name: str) -> _Generation:
        """A generation that was complete once. Engines would make anew what is missing of it."""
        folder = self.folder / name
        if folder.exists() and not all((folder / part).is_dir() for part in (_WORDS, _VECTORS)):
            raise IndexDamaged(f"The index in {self.folder} is damaged: parts of it are missing. Rebuild it.")
        return self._open(name)

    def _open(self, name: str) -> _Generation:
        folder = self.folder / name
        about = durable.read_json(folder / _ABOUT)
        if about is None:
            raise _Gone
        if about["fingerprint"] != self.definition.fingerprint:
            raise IndexMissing(f"The index in {self.folder} was made for another definition of {self.definition.name}. Rebuild the index.")
        return _Generation(
            name, about["encoder"], self._open_lexical(folder / _WORDS, self.definition), self._open_vectors(folder / _VECTORS)
        )

    # Writing

    @contextmanager
    def writer(self, patience: float = 0.0) -> Iterator["IndexWriter"]:
        """The one writer; waits `patience` seconds for another to end. Raises IndexBusy, or IndexMissing when a rebuild is due."""
        with self._locked(patience):
            if self._current() is None:
                self._publish(self._create())
            generation = self._live()
            if generation.encoder != self.encoder:
                raise IndexMissing(
                    f"The vectors in {self.folder} are of the encoder {generation.encoder}, not of {self.encoder}. Rebuild the index."
                )
            with generation.words.writer() as words:
                yield IndexWriter(words, generation.words, generation.vectors)

    def rebuild(
        self, documents: Iterable[Document], *, allow_shrink: bool = False, deleted: int = 0, share: float = 0.1, patience: float = 0.0
    ) -> Rebuilt:
        """Builds a generation beside the live one and puts it in its place.

        A new generation that has lost more than `share` of the live one's documents beyond the `deleted` ones that are
        known to be gone is thrown away, unless `allow_shrink`. Raises ShrinkRefused, IndexBusy.
        """
        with self._locked(patience):
            before = self._documents()
            name = self._create()
            try:
                count = self._fill(self._open(name), documents)
                if not allow_shrink and count < (before - deleted) * (1 - share):
                    raise ShrinkRefused(
                        f"The new index of {self.definition.name} would hold {count} documents, the live one holds {before} and {deleted} are known to "
                        "be deleted. The live one stays; allow the loss if it is meant."
                    )
            except BaseException:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                raise
            self._publish(name)
            return Rebuilt(name, count, before)

    def _fill(self, generation: _Generation, documents: Iterable[Document]) -> int:
        source = iter(documents)
        with generation.words.writer() as words:
            while batch := list(islice(source, _BATCH)):
                generation.vectors.apply(batch, ())
                words.put(batch)
            words.commit()
        return generation.words.reader().documents

    def _documents(self) -> int:
        """How many the live generation holds; 0 where it cannot be read, be it damaged or made for another definition."""
        try:
            return self.snapshot().words.documents
        except IndexMissing:
            return 0

    def _create(self) -> str:
        names = [int(path.name.removeprefix("g-")) for path in self.folder.glob("g-*")]
        name = f"g-{max(names, default=0) + 1:06d}"
        (self.folder / name).mkdir()
        about = {"fingerprint": self.definition.fingerprint, "encoder": self.encoder, "created": time.time()}
        durable.replace(self.folder / name / _ABOUT, durable.json_bytes(about))
        self._open(name)
        return name

    def _publish(self, name: str) -> None:
        durable.replace(self.folder / _CURRENT, name.encode())
        kept = {name, *sorted(path.name for path in self.folder.glob("g-*") if path.name <= name)[-_KEPT:]}
        for path in self.folder.glob("g-*"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _locked(self, patience: float) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + patience
        with (self.folder / _LOCK).open("a") as lock:
            while not _try_lock(lock.fileno()):
                if time.monotonic() >= deadline:
                    raise IndexBusy(f"Another process is writing the index in {self.folder}. Try again when it has ended.")
                time.sleep(0.02)
            yield


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class IndexWriter:
    """Writes to the live generation. Every call to apply is one visible, durable change, and may be repeated."""

    def __init__(self, words: LexicalWriter, lexical: LexicalEngine, vectors: VectorEngine) -> None:
        self._words = words
        self._lexical = lexical
        self._vectors = vectors

    def apply(self, upserts: Iterable[Document] = (), deletes: Iterable[int] = ()) -> Applied:
        """Documents older than what is indexed are left alone; of several versions of one, the latest counts."""
        latest: dict[int, Document] = {}
        for document in upserts:
            if document.id not in latest or latest[document.id].version <= document.version:
                latest[document.id] = document
        gone = list(dict.fromkeys(deletes))
        current = self._current([*latest, *gone])
        written = [each for each in latest.values() if current.get(each.id, each.version) <= each.version]
        if written or gone:
            self._vectors.apply(written, gone)
            self._words.delete(gone)
            self._words.put(written)
            self._words.commit()
        return Applied(len(written), len(latest) - len(written), sum(id in current for id in gone))

    def _current(self, ids: Sequence[int]) -> dict[int, int]:
        reader = self._lexical.reader()
        versions: dict[int, int] = {}
        for start in range(0, len(ids), _BATCH):
            versions.update(reader.versions(ids[start : start + _BATCH]))
        return versions
