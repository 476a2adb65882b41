"""What compose files, gateways and settings say runs, and how it is tied together."""

from c4gen.model.facts import FoundEdge, Kind
from c4gen.model.graph import Graph
from c4gen.views.atlas import repositories, shown
from c4gen.views.picture import Edge, Node, Picture, Shape, Sync

TIES = frozenset({Kind.DATABASE, Kind.CACHE, Kind.QUEUE, Kind.GATEWAY, Kind.PROXY, Kind.CONFIG})
SHAPES = {"db": Shape.DATABASE, "queue": Shape.QUEUE}


def infrastructure(graph: Graph) -> Picture | None:
    """None where no file of that kind was found."""
    found = {node.id: node for node in graph.facts.nodes}
    edges = [edge for edge in graph.facts.edges if edge.kind in TIES and edge.source in found and edge.target in found]
    drawn = {end for edge in edges for end in (edge.source, edge.target)}
    drawn |= {node.id for node in graph.facts.nodes if node.kind == "container"}
    if not drawn:
        return None
    nodes = tuple(
        Node(
            id,
            node.name,
            node.technology or node.kind,
            ", ".join(node.hosts[:4]),
            SHAPES.get(node.shape, Shape.BOX),
            node.kind == "external",
        )
        for id, node in found.items()
        if id in drawn
    )
    return Picture(
        "infrastructure",
        f"{graph.model.meta.title or graph.model.primary.name}: infrastructure references",
        "What files of the repositories say runs: services of compose files, databases, caches, queues, gateways.",
        nodes,
        tuple(_edge(graph, edge) for edge in edges if edge.source != edge.target),
    )


def _edge(graph: Graph, edge: FoundEdge) -> Edge:
    addresses = repositories(graph)
    return Edge(
        edge.id,
        edge.source,
        edge.target,
        edge.label,
        Sync(edge.sync),
        edge.protocol,
        edge.tags,
        tuple(shown(evidence, edge.tier.value, addresses) for evidence in edge.evidence),
        (edge.label or "uses",),
    )
