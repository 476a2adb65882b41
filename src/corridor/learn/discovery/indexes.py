"""The indexes as a process has them open: files below the home folder, the encoder of queries, the tuning of staff.

home/index/resources    learning resources
home/index/contents     pages and files of courses
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings

from corridor.learn.content.index import CONTENTS
from corridor.search.definition import IndexDefinition
from corridor.search.encoders import choose_encoder
from corridor.search.ports import Encoder
from corridor.search.searcher import Searcher
from corridor.search.store import IndexStore
from corridor.search.tuning import Tuning

from . import tuning
from .index import RESOURCES


def resources() -> Searcher:
    """What answers questions about learning resources, with the tuning as it is now."""
    return _tuned_resources(settings.CONFIG.home).searcher()


def contents() -> Searcher:
    """What answers questions about pages and files of courses."""
    return _tuned_contents(settings.CONFIG.home).searcher()


def resource_store() -> IndexStore:
    return _resource_store(settings.CONFIG.home)


def content_store() -> IndexStore:
    return _content_store(settings.CONFIG.home)


@cache
def encoder(threads: int = 1) -> Encoder | None:
    """What turns texts into vectors; None where none is installed. One thread for queries, more where many texts are embedded."""
    config = settings.CONFIG
    return choose_encoder(
        model=config.embedding_model,
        url=config.embedding_url,
        key=config.embedding_key.get_secret_value() if config.embedding_key else None,
        name=config.embedding_name,
        threads=threads,
    )


@cache
def _resource_store(home: Path) -> IndexStore:
    chosen = encoder()
    return _store(home, RESOURCES, chosen.name if chosen else None)


@cache
def _content_store(home: Path) -> IndexStore:
    return _store(home, CONTENTS, None)


def _store(home: Path, definition: IndexDefinition, encoder: str | None) -> IndexStore:
    return IndexStore(home / "index" / definition.name, definition, encoder=encoder)


@cache
def _tuned_resources(home: Path) -> "Tuned":
    return Tuned(_resource_store(home), encoder(), tuning.load)


@cache
def _tuned_contents(home: Path) -> "Tuned":
    # Boosts are of resources.
    return Tuned(_content_store(home), None, lambda: replace(tuning.load(), boosts=()))


class Tuned:
    """A searcher that follows the tuning."""

    def __init__(self, store: IndexStore, encoder: Encoder | None, load: Callable[[], Tuning]) -> None:
        self._store = store
        self._encoder = encoder
        self._load = load
        self._searcher: Searcher | None = None
        self._token: str | None = None
        self._look_again = 0.0
        self._looking = threading.Lock()

    def searcher(self) -> Searcher:
        known = self._searcher
        if known is not None and time.monotonic() < self._look_again:
            return known
        # One thread looks; the others go on with what is known, if anything is.
        if self._looking.acquire(blocking=known is None):
            try:
                known = self._searcher = self._current()
                self._look_again = time.monotonic() + tuning.FRESH_SECONDS
            finally:
                self._looking.release()
        return known or self.searcher()

    def _current(self) -> Searcher:
        token = tuning.token()
        if self._searcher is None or token != self._token:
            self._searcher = Searcher(self._store, self._encoder, self._load())
            self._token = token
        return self._searcher
