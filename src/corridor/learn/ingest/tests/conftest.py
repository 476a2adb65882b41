from pathlib import Path

import pytest

from corridor.kit.storage import FolderStore
from corridor.learn.ingest import actions

from .cast import Given, reference_data


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    """A raw store of the test's own."""
    folder = FolderStore(tmp_path / "raw-store")
    monkeypatch.setattr(actions, "file_store", lambda: folder)
    return folder


@pytest.fixture
def alpha(db: None) -> Given:
    reference_data()
    return Given()


@pytest.fixture
def beta(db: None) -> Given:
    reference_data()
    return Given(code="beta", name="Beta", precedence=20)
