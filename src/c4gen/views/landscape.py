"""All systems of all models in one picture, grouped by domain."""

from collections import Counter, defaultdict

from c4gen.model.curated import System
from c4gen.model.graph import Connection, Graph
from c4gen.views.atlas import Atlas, bundle, repositories, system_node
from c4gen.views.picture import Boundary, Picture

CROWD = 24  # systems; beyond that, outside systems that a single model knows are left to its own pages


def landscape(atlas: Atlas) -> Picture:
    systems = _systems(atlas)
    shown = _worth_showing(atlas, systems)
    domains = {graph.model.meta.primary_system: graph.model.meta.domain for graph in atlas.graphs if graph.model.meta.domain}
    nodes = tuple(
        system_node(system, f"{atlas.homes[id]}/index.html" if id in atlas.homes else "", domains.get(id, ""))
        for id, system in sorted(systems.items())
        if id in shown
    )
    lifted: dict[tuple[str, str], list[Connection]] = defaultdict(list)
    for graph in atlas.graphs:
        for connection in graph.connections:
            source, target = graph.model.system_of(connection.source), graph.model.system_of(connection.target)
            if source != target and source in shown and target in shown and connection.sure:
                lifted[source, target].append(connection)
    addresses = {name: url for graph in atlas.graphs for name, url in repositories(graph).items()}
    return Picture(
        "landscape",
        "System landscape",
        "Every system that has a model, by domain; the outside systems around them; and who talks to whom.",
        nodes,
        tuple(bundle(source, target, connections, addresses) for (source, target), connections in sorted(lifted.items())),
        tuple(Boundary(domain, domain) for domain in sorted({node.boundary for node in nodes if node.boundary})),
    )


def _systems(atlas: Atlas) -> dict[str, System]:
    """Each by id, as the model says that is about it."""
    known = {system.id: system for graph in atlas.graphs for system in graph.model.systems}
    return known | {graph.model.meta.primary_system: graph.model.primary for graph in atlas.graphs}


def _worth_showing(atlas: Atlas, systems: dict[str, System]) -> set[str]:
    if len(systems) <= CROWD:
        return set(systems)
    uses = Counter(id for graph in atlas.graphs for id in _touched(graph))
    return {id for id, system in systems.items() if system.kind == "internal" or uses[id] > 1 or id in atlas.homes}


def _touched(graph: Graph) -> set[str]:
    return {graph.model.system_of(end) for connection in graph.connections for end in (connection.source, connection.target)}
