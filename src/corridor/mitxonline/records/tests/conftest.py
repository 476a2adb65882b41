from collections.abc import Iterator

import pytest

from corridor.kit import clock
from corridor.mitxonline.catalog.tests.cast import NOW


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.fixed(NOW):
        yield
