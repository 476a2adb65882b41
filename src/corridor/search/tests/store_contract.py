"""What the store of an index must do, whatever engines it holds."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corridor.search.clauses import Everything
from corridor.search.errors import IndexBusy, IndexMissing, ShrinkRefused
from corridor.search.model import Document, Search
from corridor.search.searcher import Searcher
from corridor.search.store import Applied, IndexStore

from .cast import DEFINITION
from .vector_contract import pointing

_SPAWN = multiprocessing.get_context("spawn")


def documents(count: int, version: int = 1, start: int = 0) -> list[Document]:
    return [
        replace(pointing(id, version=version), texts={"title": f"course {id}"}, body=str(version).encode())
        for id in range(start, start + count)
    ]


def held(store: IndexStore) -> dict[int, int]:
    snapshot = store.snapshot()
    versions = snapshot.words.versions()
    assert snapshot.vectors.versions() == versions
    return versions


class StoreContract:
    @staticmethod
    def open_store(folder: Path, encoder: str | None = None) -> IndexStore:
        raise NotImplementedError

    @pytest.fixture
    def store(self, tmp_path: Path) -> IndexStore:
        return self.open_store(tmp_path / "index")

    # Writing

    def test_nothing_indexed_is_a_clear_error(self, store: IndexStore) -> None:
        with pytest.raises(IndexMissing, match="Rebuild"):
            store.snapshot()

    def test_the_first_writer_makes_the_index(self, store: IndexStore) -> None:
        with store.writer() as writer:
            assert writer.apply(documents(3)) == Applied(written=3, outdated=0, deleted=0)
        assert held(store) == {0: 1, 1: 1, 2: 1}

    def test_each_apply_is_visible_at_once(self, store: IndexStore) -> None:
        with store.writer() as writer:
            writer.apply(documents(2))
            assert held(store) == {0: 1, 1: 1}
            writer.apply(deletes=[1, 7])
            assert held(store) == {0: 1}

    def test_versions_only_grow(self, store: IndexStore) -> None:
        with store.writer() as writer:
            writer.apply(documents(2, version=5))
            assert writer.apply([*documents(2, version=4), *documents(1, version=6)]) == Applied(written=1, outdated=1, deleted=0)
            assert held(store) == {0: 6, 1: 5}

    def test_a_change_may_be_delivered_again(self, store: IndexStore) -> None:
        with store.writer() as writer:
            for _ in range(2):
                writer.apply(documents(2, version=2), deletes=[5])
        assert held(store) == {0: 2, 1: 2}

    def test_a_vector_may_come_later(self, store: IndexStore) -> None:
        (document,) = documents(1)
        with store.writer() as writer:
            writer.apply([replace(document, vector=None)])
            assert store.snapshot().vectors.versions() == {}
            writer.apply([document])
        assert held(store) == {0: 1}

    def test_one_writer_at_a_time(self, store: IndexStore) -> None:
        with store.writer() as first:
            first.apply(documents(1))
            with pytest.raises(IndexBusy, match="writing"), self.open_store(store.folder).writer():
                pass
        with self.open_store(store.folder).writer() as second:
            second.apply(documents(2))
        assert len(held(store)) == 2

    def test_a_patient_writer_waits(self, store: IndexStore) -> None:
        started = time.monotonic()
        with store.writer(), pytest.raises(IndexBusy), self.open_store(store.folder).writer(patience=0.2):
            pass
        assert time.monotonic() - started >= 0.2

    # Rebuilding

    def test_a_rebuild_takes_the_place_of_the_live_index(self, store: IndexStore) -> None:
        store.rebuild(documents(10))
        before = store.snapshot()
        rebuilt = store.rebuild(documents(12, version=2))
        assert (rebuilt.documents, rebuilt.before) == (12, 10)
        assert held(store) == dict.fromkeys(range(12), 2)
        assert before.words.count(Everything(), {}) == 10, "who still looks at the old one goes on"

    def test_an_unexplained_shrink_is_refused(self, store: IndexStore) -> None:
        store.rebuild(documents(20))
        with pytest.raises(ShrinkRefused, match="17"):
            store.rebuild(documents(17))
        assert len(held(store)) == 20
        store.rebuild(documents(17), deleted=3)
        store.rebuild(documents(16))
        store.rebuild(documents(2), allow_shrink=True)
        assert len(held(store)) == 2
        with pytest.raises(ShrinkRefused):
            store.rebuild([])

    def test_a_failing_source_leaves_the_live_index(self, store: IndexStore) -> None:
        store.rebuild(documents(5))

        def failing() -> Iterator[Document]:
            yield from documents(3, version=2)
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError):
            store.rebuild(failing())
        assert held(store) == dict.fromkeys(range(5), 1)
        assert len(list(store.folder.glob("g-*"))) == 1

    def test_old_generations_go(self, store: IndexStore) -> None:
        for version in range(1, 6):
            store.rebuild(documents(3, version=version))
        assert len(list(store.folder.glob("g-*"))) == 2

    def test_another_definition_or_encoder_asks_for_a_rebuild(self, store: IndexStore) -> None:
        store.rebuild(documents(3))
        changed = IndexStore(store.folder, replace(DEFINITION, revision=2))
        with pytest.raises(IndexMissing, match="another definition"):
            changed.snapshot()
        with pytest.raises(IndexMissing, match="encoder"), self.open_store(store.folder, "another").writer():
            pass
        assert changed.rebuild(documents(3)).documents == 3
        assert changed.snapshot().words.documents == 3

    # Comparing

    def test_verify_tells_what_is_missing_stale_and_extra(self, store: IndexStore) -> None:
        assert not store_with(store, documents(4)).verify([(id, 1) for id in range(4)])
        drift = store.verify([(0, 1), (1, 2), (9, 1)])
        assert (drift.missing, drift.stale, drift.extra) == ([9], [1], [2, 3])
        with store.writer() as writer:
            writer.apply([*documents(1, start=9), *documents(1, version=2, start=1)], drift.extra)
        assert not store.verify([(0, 1), (1, 2), (9, 1)])

    def test_verify_sees_vectors_of_another_version(self, store: IndexStore) -> None:
        store_with(store, documents(2))
        snapshot = store.snapshot()
        store._live().vectors.apply(documents(1, version=3), [])  # what a crash between vectors and words leaves
        assert store.snapshot() is not snapshot
        assert store.verify([(0, 1), (1, 1)]).stale == [0]

    # Processes and crashes

    @pytest.mark.parametrize("seed", range(3))
    def test_kill_while_writing_and_rebuilding(self, store: IndexStore, seed: int) -> None:
        """Whatever is cut off, the live index is whole, delivery repeated makes it right, and the next writer goes on."""
        worker = _SPAWN.Process(target=_work_for_ever, args=(type(self), store.folder, seed))
        worker.start()
        _wait_for(lambda: (store.folder / "CURRENT").exists() and store.snapshot().words.documents > 0)
        pauses = random.Random(seed)
        for _ in range(10):
            assert store.snapshot().words.count(Everything(), {}) >= _SIZE
            time.sleep(pauses.uniform(0.0, 0.05))
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        final = 1_000_000
        drift = store.verify((id, final) for id in range(_SIZE))
        assert (drift.missing, drift.stale) == ([], list(range(_SIZE)))
        with self.open_store(store.folder).writer() as writer:
            writer.apply(documents(_SIZE, version=final), drift.extra)
        assert held(store) == dict.fromkeys(range(_SIZE), final)
        store.rebuild(documents(_SIZE, version=final + 1))
        assert held(store) == dict.fromkeys(range(_SIZE), final + 1)

    def test_readers_of_other_processes_work_through_commits_and_swaps(self, store: IndexStore) -> None:
        store.rebuild(documents(_SIZE))
        stop, failures = _SPAWN.Event(), _SPAWN.Queue()
        readers = [_SPAWN.Process(target=_read_for_ever, args=(type(self), store.folder, stop, failures)) for _ in range(2)]
        for reader in readers:
            reader.start()
        for version in range(2, 7):
            store.rebuild(documents(_SIZE, version=version))
            with store.writer() as writer:
                writer.apply(documents(3, version=version + 1))
        stop.set()
        searches = [failures.get(timeout=60) for _ in readers]
        for reader in readers:
            reader.join(60)
        assert all(isinstance(count, int) and count > 10 for count in searches), searches


_SIZE = 30


def store_with(store: IndexStore, given: list[Document]) -> IndexStore:
    store.rebuild(given)
    return store


def _work_for_ever(suite: type[StoreContract], folder: Path, seed: int) -> None:
    store = suite.open_store(folder)
    for version in range(1, 1_000, 3):
        store.rebuild(documents(_SIZE, version=version), allow_shrink=True)
        for step in (1, 2):
            with store.writer() as writer:
                writer.apply(documents(_SIZE + step * (seed + 1), version=version + step))


def _read_for_ever(suite: type[StoreContract], folder: Path, stop: object, outcome: object) -> None:
    """Reports how many searches went well, or what went wrong."""
    searcher = Searcher(suite.open_store(folder))
    searches = 0
    try:
        while not stop.is_set() or searches <= 10:
            results = searcher.search(Search("course", limit=_SIZE))
            assert results.total == _SIZE, results.total
            assert len({hit.id for hit in results.hits}) == _SIZE
            searches += 1
    except BaseException as error:
        outcome.put(repr(error))
    else:
        outcome.put(searches)


def _wait_for(condition: Callable[[], object], patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
