from collections.abc import Iterator

import pytest

from c4gen.layout.engines import Engine, quickjs
from c4gen.pages.tests import cast
from c4gen.views import system
from c4gen.views.atlas import Atlas
from c4gen.views.landscape import landscape
from c4gen.views.picture import Picture


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with quickjs() as started:
        yield started


@pytest.fixture(scope="session")
def pictures() -> dict[str, Picture]:
    """One of each kind, and two that are large."""
    graphs = (cast.campus(), cast.library(), cast.large(14), cast.large(24, seed=5))
    atlas = Atlas(graphs)
    campus = graphs[0]
    return {
        "context": system.context(atlas, campus),
        "containers": system.containers(atlas, campus),
        "components": system.components(atlas, campus)[0][1],
        "scenario": system.scenarios(atlas, campus)[0][1],
        "dependencies": system.dependencies(atlas, campus),
        "landscape": landscape(Atlas(graphs[:2])),
        "star": system.context(atlas, graphs[2]),
        "large containers": system.containers(atlas, graphs[3]),
    }
