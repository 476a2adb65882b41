"""What every engine for vectors must do. An adapter's tests subclass VectorContract and say how it is opened."""

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from corridor.search.errors import UnfitVector
from corridor.search.model import Document
from corridor.search.ports import VectorEngine, Vectors

_SPAWN = multiprocessing.get_context("spawn")
_SIZE = 16


def direction(seed: int) -> Vectors:
    vector = np.random.default_rng(seed).standard_normal(_SIZE)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def pointing(id: int, seed: int | None = None, version: int = 1) -> Document:
    """A document whose vector points where the seed (its id) says."""
    return Document(id=id, version=version, texts={}, vector=direction(id if seed is None else seed).astype("<f2").tobytes())


def nearest(engine: VectorEngine, seed: int, limit: int = 3) -> list[int]:
    ids: list[int] = engine.reader().nearest(direction(seed), limit).ids.tolist()
    return ids


class VectorContract:
    @staticmethod
    def open_engine(folder: Path) -> VectorEngine:
        raise NotImplementedError

    @pytest.fixture
    def engine(self, tmp_path: Path) -> VectorEngine:
        return self.open_engine(tmp_path / "vectors")

    def test_an_empty_engine_answers(self, engine: VectorEngine) -> None:
        reader = engine.reader()
        assert (reader.size, reader.dimensions) == (0, None)
        assert len(reader.nearest(direction(1), 5).ids) == 0
        assert reader.versions() == {}
        engine.apply([], [1, 2])
        engine.apply([Document(id=1, version=1, texts={})], [])
        assert engine.reader().size == 0

    def test_nearest_is_exact(self, engine: VectorEngine) -> None:
        engine.apply([pointing(id) for id in range(300)], [])
        matrix = np.array([direction(id).astype("<f2").astype(np.float32) for id in range(300)])
        for seed in (3, 77, 1001):
            expected = matrix @ direction(seed) / np.linalg.norm(matrix, axis=1)
            found = engine.reader().nearest(direction(seed), 10)
            assert found.ids.tolist() == np.argsort(-expected)[:10].tolist()
            np.testing.assert_allclose(found.cosines, np.sort(expected)[::-1][:10], atol=1e-5)
            assert found.mean == pytest.approx(expected.mean(), abs=1e-5)

    def test_an_update_replaces_and_a_delete_removes(self, engine: VectorEngine) -> None:
        engine.apply([pointing(id) for id in range(1, 6)], [])
        engine.apply([pointing(2, seed=50, version=4)], [3])
        reader = engine.reader()
        assert reader.versions() == {1: 1, 2: 4, 4: 1, 5: 1}
        assert nearest(engine, 50, 1) == [2]
        assert set(nearest(engine, 3, 10)) == {1, 2, 4, 5}
        assert reader.size == 4

    def test_a_document_without_a_vector_loses_the_old_one(self, engine: VectorEngine) -> None:
        engine.apply([pointing(1), pointing(2)], [])
        engine.apply([Document(id=1, version=2, texts={})], [])
        assert engine.reader().versions() == {2: 1}

    def test_a_reader_keeps_what_it_saw(self, engine: VectorEngine) -> None:
        engine.apply([pointing(1), pointing(2)], [])
        before = engine.reader()
        engine.apply([pointing(3)], [1])
        assert before.versions() == {1: 1, 2: 1}
        assert engine.reader().versions() == {2: 1, 3: 1}
        assert engine.reader() is engine.reader()

    def test_vectors_come_in_the_order_asked_for(self, engine: VectorEngine) -> None:
        engine.apply([pointing(10), pointing(20)], [])
        rows = engine.reader().vectors([20, 999, 10])
        np.testing.assert_allclose(rows[0], direction(20), atol=1e-3)
        np.testing.assert_allclose(rows[2], direction(10), atol=1e-3)
        assert not rows[1].any()

    def test_unfit_vectors_are_refused_and_nothing_is_lost(self, engine: VectorEngine) -> None:
        engine.apply([pointing(1)], [])
        unfit = [
            np.ones(_SIZE + 1, "<f2"),
            np.zeros(_SIZE, "<f2"),
            np.full(_SIZE, np.nan, "<f2"),
            np.full(_SIZE, np.inf, "<f2"),
            np.ones(0, "<f2"),
        ]
        for vector in unfit:
            with pytest.raises(UnfitVector):
                engine.apply([pointing(2), Document(id=3, version=1, texts={}, vector=vector.tobytes())], [1])
        assert engine.reader().versions() == {1: 1}

    def test_many_changes_do_not_pile_up(self, engine: VectorEngine, tmp_path: Path) -> None:
        for version in range(1, 5):
            engine.apply([pointing(id, seed=id * version, version=version) for id in range(1_500)], [])
        reader = engine.reader()
        assert reader.versions() == dict.fromkeys(range(1_500), 4)
        assert nearest(engine, 4 * 777, 1) == [777]
        stored = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
        assert stored < 3 * 1_500 * _SIZE * 4

    def test_another_process_sees_changes(self, tmp_path: Path, engine: VectorEngine) -> None:
        engine.apply([pointing(1)], [])
        assert engine.reader().size == 1
        worker = _SPAWN.Process(target=_apply_in_process, args=(type(self), tmp_path / "vectors"))
        worker.start()
        worker.join(60)
        assert worker.exitcode == 0
        assert engine.reader().versions() == {1: 1, 2: 1}

    @pytest.mark.parametrize("seed", range(3))
    def test_kill_during_writes_leaves_a_whole_state(self, tmp_path: Path, seed: int) -> None:
        folder = tmp_path / "vectors"
        engine = self.open_engine(folder)
        worker = _SPAWN.Process(target=_apply_rounds, args=(type(self), folder))
        worker.start()
        deadline = time.monotonic() + 30
        while not engine.reader().size:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(random.Random(seed).uniform(0.0, 0.3))
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        reader = engine.reader()
        (version,) = set(reader.versions().values())
        assert sorted(reader.versions()) == list(range(_ROUND)), "all of a round or none"
        np.testing.assert_allclose(reader.vectors([7])[0], direction(7 * version), atol=1e-3)
        again = self.open_engine(folder)
        again.apply([pointing(500)], [])
        assert again.reader().versions()[500] == 1
        np.testing.assert_allclose(again.reader().vectors([7])[0], direction(7 * version), atol=1e-3)


_ROUND = 400


def _apply_in_process(suite: type[VectorContract], folder: Path) -> None:
    suite.open_engine(folder).apply([pointing(2)], [])


def _apply_rounds(suite: type[VectorContract], folder: Path) -> None:
    engine = suite.open_engine(folder)
    for version in range(1, 10_000):
        engine.apply([pointing(id, seed=id * version, version=version) for id in range(_ROUND)], [])
