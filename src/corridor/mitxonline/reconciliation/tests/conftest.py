from collections.abc import Iterator
from unittest.mock import patch

import pytest

from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import NOW
from corridor.mitxonline.commerce.tests.gateway import PretendGateway, in_place_of_all
from corridor.mitxonline.gateways import registry


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def gateway() -> Iterator[PretendGateway]:
    """Every order is paid at this one."""
    made = PretendGateway()
    with in_place_of_all(made), patch.object(registry, "configured", lambda: {made.name: made}):
        yield made
