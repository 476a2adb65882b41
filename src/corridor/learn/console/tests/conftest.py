from pathlib import Path

import pytest
from django.test import Client

from corridor.accounts.models import User
from corridor.kit.storage import FolderStore
from corridor.learn.ingest import actions
from tests.fixtures.index import Index

from .cast import World, make_curator, make_world


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raw store of the test's own."""
    folder = FolderStore(tmp_path / "raw-store")
    monkeypatch.setattr(actions, "file_store", lambda: folder)


@pytest.fixture
def world(index: Index) -> World:
    return make_world()


@pytest.fixture
def curator(db: None) -> User:
    return make_curator()


@pytest.fixture
def client(curator: User) -> Client:
    """A curator's browser."""
    client = Client()
    client.force_login(curator)
    return client
