"""The store keeps its contract over the embedded engines."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corridor.search.errors import IndexMissing
from corridor.search.store import IndexStore

from .cast import DEFINITION
from .store_contract import StoreContract, documents, held


class TestEmbeddedStore(StoreContract):
    @staticmethod
    def open_store(folder: Path, encoder: str | None = None) -> IndexStore:
        return IndexStore(folder, DEFINITION, encoder=encoder)


def cut(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.glob(pattern):
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return damage


def without(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def written(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: [path.write_bytes(content) for path in folder.glob(name)] and None


@pytest.mark.parametrize(
    "damage",
    [
        written("CURRENT", b""),
        written("CURRENT", b"g-000099"),
        written("CURRENT", b"\xff\xfe\x00"),
        written("*/generation.json", b"{}"),
        cut("*/generation.json"),
        cut("*/words/meta.json"),
        cut("*/words/*.store"),
        cut("*/words/*.term"),
        cut("*/vectors/manifest.json"),
        cut("*/vectors/rows*"),
        cut("*/vectors/log*"),
        without("*/generation.json"),
        without("*/words"),
        without("*/words/meta.json"),
        without("*/words/*.idx"),
        without("*/vectors"),
        without("*/vectors/manifest.json"),
        without("*/vectors/rows*"),
        without("g-*"),
    ],
)
def test_damaged_files_are_told_and_rebuilt(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    IndexStore(tmp_path, DEFINITION).rebuild(documents(10))
    damage(tmp_path)
    store = IndexStore(tmp_path, DEFINITION)
    with pytest.raises(IndexMissing, match="Rebuild"):
        store.snapshot()
    assert store.rebuild(documents(4, version=2)).documents == 4
    assert held(store) == dict.fromkeys(range(4), 2)
