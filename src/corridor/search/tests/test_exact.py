"""The exact scan keeps the contract of an engine for vectors."""

from pathlib import Path

from corridor.search.engines.exact import ExactEngine
from corridor.search.ports import VectorEngine

from .vector_contract import VectorContract, pointing


class TestExact(VectorContract):
    @staticmethod
    def open_engine(folder: Path) -> VectorEngine:
        return ExactEngine(folder)

    def test_what_a_killed_writer_left_is_cut_off(self, tmp_path: Path) -> None:
        folder = tmp_path / "vectors"
        ExactEngine(folder).apply([pointing(1), pointing(2)], [])
        for path in (*folder.glob("rows-*"), *folder.glob("log-*")):
            with path.open("ab") as file:
                file.write(b"\xff" * 1_001)
        engine = ExactEngine(folder)
        assert engine.reader().versions() == {1: 1, 2: 1}
        engine.apply([pointing(3)], [1])
        assert ExactEngine(folder).reader().versions() == {2: 1, 3: 1}
