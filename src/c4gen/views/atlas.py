"""Everything that the views of one build share: the graphs, and where each box has its page."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from c4gen.markup import address
from c4gen.model import facts
from c4gen.model.curated import Actor, Component, Container, System
from c4gen.model.curated import Shape as ContainerShape
from c4gen.model.graph import Connection, Graph
from c4gen.views.picture import Edge, Evidence, Node, Shape, Sync

LABELS = 3  # said on one arrow; the table says all
SHAPES = {ContainerShape.CONTAINER: Shape.BOX, ContainerShape.DATABASE: Shape.DATABASE, ContainerShape.QUEUE: Shape.QUEUE}


@dataclass(frozen=True)
class Atlas:
    """The graphs of all models together, each of them seen from its own page."""

    graphs: tuple[Graph, ...]

    @cached_property
    def homes(self) -> dict[str, str]:
        """The folder of pages that a system has, by the system's id."""
        return {graph.model.meta.primary_system: graph.model.meta.name for graph in self.graphs}

    def home(self, graph: Graph, system: str) -> str:
        """What a click on a system leads to, from a page of `graph`; empty where there is no model of it."""
        name = self.homes.get(system)
        if name is None:
            return ""
        return "container.html" if name == graph.model.meta.name else f"../{name}/index.html"


def repositories(graph: Graph) -> dict[str, str]:
    """Where files of a repository are shown, for those that a link can lead to."""
    return {repository.name: link for repository in graph.model.meta.repositories if (link := address(repository.url.rstrip("/")))}


def actor_node(actor: Actor) -> Node:
    return Node(actor.id, actor.name, "Person", actor.description, Shape.PERSON)


def system_node(system: System, link: str = "", boundary: str = "") -> Node:
    outside = system.kind == "external"
    tags = (system.lifecycle,) if system.lifecycle != "live" else ()
    kind = "External System" if outside else "Software System"
    return Node(system.id, system.name, kind, system.description, external=outside, link=link, boundary=boundary, tags=tags)


def container_node(container: Container, boundary: str, link: str = "") -> Node:
    return Node(
        container.id, container.name, _kind("Container", container), container.description, SHAPES[container.shape], False, boundary, link
    )


def component_node(component: Component, boundary: str) -> Node:
    return Node(component.id, component.name, _kind("Component", component), component.description, boundary=boundary)


def _kind(name: str, part: Container | Component) -> str:
    return f"{name}: {part.technology}" if part.technology else name


def arrows(graph: Graph, place: Callable[[str], str | None], connections: Iterable[Connection] | None = None) -> tuple[Edge, ...]:
    """Connections between the boxes that `place` puts their ends in: one arrow for each pair and direction. None leaves a connection out."""
    bundles: dict[tuple[str, str], list[Connection]] = defaultdict(list)
    for connection in graph.connections if connections is None else connections:
        source, target = place(connection.source), place(connection.target)
        if source and target and source != target and connection.sure:
            bundles[source, target].append(connection)
    addresses = repositories(graph)
    return tuple(bundle(source, target, bundled, addresses) for (source, target), bundled in sorted(bundles.items()))


def bundle(source: str, target: str, connections: list[Connection], addresses: dict[str, str]) -> Edge:
    """Synchronous if all are, asynchronous if all are, else both."""
    calls = {connection.sync for connection in connections}
    said = list(dict.fromkeys(connection.label for connection in connections if connection.label))
    most = LABELS if len(said) > LABELS + 1 else len(said)  # "and 1 more" takes the room of the one
    return Edge(
        id=f"{source}--{target}",
        source=source,
        target=target,
        label="\n".join([*said[:most], *([f"and {len(said) - most} more"] if len(said) > most else [])]),
        sync=Sync(calls.pop()) if len(calls) == 1 else Sync.MIXED,
        technology=", ".join(list(dict.fromkeys(connection.protocol for connection in connections if connection.protocol))[:2]),
        tags=tuple(sorted({tag for connection in connections for tag in (*connection.tags, f"known: {connection.standing}")})),
        evidence=tuple(dict.fromkeys(evidence for connection in connections for evidence in _evidence(connection, addresses))),
        details=tuple(_details(connection) for connection in connections),
    )


def _details(connection: Connection) -> str:
    """A flow in one line, with what the picture has no room for."""
    facts = (
        connection.protocol,
        connection.data,
        connection.trigger,
        _named("queue", connection.queue),
        _named("when", connection.schedule),
    )
    return " · ".join(part for part in (connection.label or "uses", *facts, connection.sync) if part)


def _named(name: str, value: str) -> str:
    return f"{name}: {value}" if value else ""


def _evidence(connection: Connection, addresses: dict[str, str]) -> list[Evidence]:
    return [shown(evidence, connection.tier.value, addresses) for evidence in connection.evidence]


def shown(evidence: facts.Evidence, tier: str, addresses: dict[str, str]) -> Evidence:
    base = addresses.get(evidence.repo, "")
    link = f"{base}/{evidence.path}#L{evidence.line}" if base else ""
    note = " · ".join(part for part in (evidence.symbol, evidence.note) if part)
    return Evidence(evidence.repo, evidence.path, evidence.line, evidence.rule, tier, note, link)
