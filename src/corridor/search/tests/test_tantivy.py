"""Tantivy keeps the contract of an engine for words."""

from pathlib import Path

from corridor.search.definition import IndexDefinition
from corridor.search.engines.tantivy import TantivyEngine
from corridor.search.ports import LexicalEngine

from .lexical_contract import LexicalContract


class TestTantivy(LexicalContract):
    @staticmethod
    def open_engine(folder: Path, definition: IndexDefinition) -> LexicalEngine:
        return TantivyEngine(folder, definition)
