from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def contract(shared_data: Path) -> Path:
    """The published contract of the Learn API, version 1."""
    return shared_data.parent / "contracts" / "learn-v1.yaml"
