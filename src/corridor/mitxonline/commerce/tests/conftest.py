from collections.abc import Iterator

import pytest

from .gateway import PretendGateway, in_place_of_all


@pytest.fixture
def gateway(frozen_clock: object) -> Iterator[PretendGateway]:
    """Every order is paid at this one."""
    made = PretendGateway()
    with in_place_of_all(made):
        yield made
