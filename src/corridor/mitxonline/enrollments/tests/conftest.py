from collections.abc import Iterator

import pytest

from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import NOW


@pytest.fixture
def today() -> Iterator[None]:
    """The day that the cast of the catalogue was made for."""
    with clock.fixed(NOW):
        yield
