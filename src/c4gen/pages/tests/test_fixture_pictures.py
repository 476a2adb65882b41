"""The systems of the fixtures, read from their code and drawn: pictures that can be read, with their figures. Raise a limit only with a look at the picture."""

from datetime import date
from pathlib import Path

import pytest

from c4gen.extract.cache import Cache
from c4gen.layout.kept import Positions
from c4gen.layout.place import placer
from c4gen.layout.quality import Quality, quality
from c4gen.views.atlas import Atlas
from c4gen.views.gallery import gallery
from c4gen.views.landscape import landscape
from c4gen.workspace import open_workspace

MODELS = Path(__file__).parents[2] / "tests" / "fixtures" / "campus" / "models"
MOST_CROSSINGS = {"landscape": 20}  # of twenty systems in one picture
MOST_SHRUNK = {"landscape": 3.5}


@pytest.fixture(scope="module")
def figures() -> dict[str, Quality]:
    workspace = open_workspace(MODELS)
    atlas = Atlas(tuple(workspace.graphs(workspace.facts(Cache(None)), date(2026, 1, 1))))
    asked = [("", landscape(atlas)), *((graph.model.meta.name, picture) for graph in atlas.graphs for picture in gallery(atlas, graph))]
    with placer() as layer:
        pictures = [(Positions(), picture) for _, picture in asked if picture.nodes]
        layer.ahead(pictures)
        found = {}
        for (name, picture), (layer.positions, _) in zip([one for one in asked if one[1].nodes], pictures, strict=True):
            found[f"{name} {picture.id}".strip()] = quality(picture, layer.lay_out(picture))
    return found


def test_every_system_has_its_pictures(figures: dict[str, Quality]):
    assert {"landscape", "shop context", "shop container", "ledger context", "directory dependencies", "front context"} <= figures.keys()


def test_nothing_lies_on_anything(figures: dict[str, Quality]):
    assert not {name: found for name, found in figures.items() if found.through or found.covered or found.overlaps}


def test_few_arrows_cross_and_letters_stay_large(figures: dict[str, Quality]):
    assert not {name: found for name, found in figures.items() if found.crossings > MOST_CROSSINGS.get(name, 4)}
    assert not {name: found for name, found in figures.items() if found.shrunk > MOST_SHRUNK.get(name, 1.9)}
