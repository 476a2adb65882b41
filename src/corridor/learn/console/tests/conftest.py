"""One world for all tests of the console: each changes it in a transaction of its own, and its own copy of the indexes."""

import copy
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from corridor.accounts.models import User
from corridor.kit.storage import FolderStore
from corridor.learn.ingest import actions
from tests.fixtures.database import for_many_tests
from tests.fixtures.index import Index, index_in

from .cast import World, make_curator, make_world


@dataclass(frozen=True)
class Scene:
    """The world, who looks after it, and the home folder with its indexes, which hold nothing yet."""

    world: World
    curator: User
    home: Path


@pytest.fixture(scope="package")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("console")
    with for_many_tests(django_db_blocker):
        with index_in(folder / "home") as index, patch.object(actions, "file_store", lambda: FolderStore(folder / "raw-store")):
            index.rebuild()
            world = make_world()
        yield Scene(world, make_curator(), folder / "home")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raw store of the test's own."""
    folder = FolderStore(tmp_path / "raw-store")
    monkeypatch.setattr(actions, "file_store", lambda: folder)


@pytest.fixture
def index(db: None, scene: Scene, tmp_path: Path) -> Iterator[Index]:
    shutil.copytree(scene.home, tmp_path / "home")
    with index_in(tmp_path / "home") as index:
        yield index


@pytest.fixture
def world(index: Index, scene: Scene) -> World:
    return copy.deepcopy(scene.world)


@pytest.fixture
def curator(db: None, scene: Scene) -> User:
    return scene.curator


@pytest.fixture
def client(curator: User) -> Client:
    """A curator's browser."""
    client = Client()
    client.force_login(curator)
    return client
