"""The store keeps its contract over the embedded engines."""

from pathlib import Path

from corridor.search.store import IndexStore

from .cast import DEFINITION
from .store_contract import StoreContract


class TestEmbeddedStore(StoreContract):
    @staticmethod
    def open_store(folder: Path, encoder: str | None = None) -> IndexStore:
        return IndexStore(folder, DEFINITION, encoder=encoder)
