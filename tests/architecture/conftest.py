from datetime import date
from pathlib import Path

import pytest

from c4gen.extract.cache import Cache
from c4gen.model.facts import Facts
from c4gen.model.graph import Graph
from c4gen.workspace import Workspace, open_workspace

FOLDER = Path(__file__).parents[2] / "docs" / "architecture"


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    return open_workspace(FOLDER / "models")


@pytest.fixture(scope="session")
def facts(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return workspace.facts(Cache(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def graphs(workspace: Workspace, facts: Facts) -> list[Graph]:
    return workspace.graphs(facts, date.today())
