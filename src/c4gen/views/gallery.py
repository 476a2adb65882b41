"""Every picture of a model, in the order of its pages."""

from collections.abc import Iterator

from c4gen.model.graph import Graph
from c4gen.views import system
from c4gen.views.atlas import Atlas
from c4gen.views.infrastructure import infrastructure
from c4gen.views.picture import Picture


def gallery(atlas: Atlas, graph: Graph) -> Iterator[Picture]:
    yield system.context(atlas, graph)
    yield system.containers(atlas, graph)
    yield from (picture for _, picture in system.scenarios(atlas, graph))
    yield system.dependencies(atlas, graph)
    yield from (picture for _, picture in system.components(atlas, graph))
    if (running := infrastructure(graph)) is not None:
        yield running
