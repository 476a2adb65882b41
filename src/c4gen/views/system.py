"""The pictures of one model: context, containers, components, scenarios, dependencies."""

from collections import defaultdict
from dataclasses import replace

from c4gen.model.curated import Actor, Component, Container, Scenario, Step, System
from c4gen.model.graph import Connection, Graph
from c4gen.views.atlas import Atlas, actor_node, arrows, component_node, container_node, repositories, shown, system_node
from c4gen.views.circles import in_circles
from c4gen.views.picture import Boundary, Edge, Evidence, Node, Picture, Sync

GROUP = "group."


def context(atlas: Atlas, graph: Graph) -> Picture:
    """Systems and people. Outside systems of one group are one box here."""
    model = graph.model
    groups: dict[str, list[System]] = defaultdict(list)
    for system in model.systems:
        groups[_context_box(system, graph)].append(system)
    systems = {system.id: box for box, members in groups.items() for system in members}
    nodes = [*map(actor_node, model.actors), *(_group_node(atlas, graph, box, members) for box, members in groups.items())]
    known = {actor.id for actor in model.actors}

    def place(id: str) -> str | None:
        return id if id in known else systems.get(model.system_of(id))

    return Picture(
        "context",
        f"{_title(graph)}: system context",
        f"Who uses {graph.model.primary.name}, and the systems it works with.",
        tuple(nodes),
        arrows(graph, place),
    )


def _title(graph: Graph) -> str:
    return graph.model.meta.title or graph.model.primary.name


def _context_box(system: System, graph: Graph) -> str:
    grouped = system.context_group and system.kind == "external" and system.id != graph.model.meta.primary_system
    return f"{GROUP}{system.context_group}" if grouped else system.id


def _group_node(atlas: Atlas, graph: Graph, box: str, members: list[System]) -> Node:
    if not box.startswith(GROUP) or box in {member.id for member in members}:
        return system_node(members[0], atlas.home(graph, members[0].id))
    names = ", ".join(sorted(member.name for member in members))
    return Node(box, box.removeprefix(GROUP), f"{len(members)} External Systems", names, external=True)


def containers(atlas: Atlas, graph: Graph) -> Picture:
    """The primary system opened. What is addressed to the system as a whole lands at `api_container`."""
    model, primary = graph.model, graph.model.primary
    inside = {container.id for container in primary.containers}
    door = model.meta.api_container or primary.id

    def place(id: str) -> str:
        if id in inside:
            return id
        system = model.system_of(id)
        return door if system == primary.id else system

    parts = inside | {door}
    drawn = tuple(edge for edge in arrows(graph, place) if edge.source in parts or edge.target in parts)
    touched = {end for edge in drawn for end in (edge.source, edge.target)}
    within = [
        container_node(container, primary.id, f"component.html#{container.id}" if container.components else "")
        for container in primary.containers
    ]
    if door not in inside and (door in touched or not within):
        within.append(system_node(primary, boundary=primary.id))
    around = [*(actor_node(a) for a in model.actors if a.id in touched)]
    others = [system_node(s, atlas.home(graph, s.id)) for s in model.systems if s.id in touched and s.id != primary.id]
    return Picture(
        "container",
        f"{_title(graph)}: containers",
        f"What {primary.name} is made of: the parts that run, and who they talk to.",
        (*around, *within, *others),
        drawn,
        (Boundary(primary.id, primary.name, "Software System"),),
    )


class _Book:
    """Every box of a model by its id."""

    def __init__(self, atlas: Atlas, graph: Graph) -> None:
        self.atlas, self.graph = atlas, graph
        self.actors: dict[str, Actor] = {actor.id: actor for actor in graph.model.actors}
        self.systems: dict[str, System] = {system.id: system for system in graph.model.systems}
        self.containers: dict[str, tuple[System, Container]] = graph.model.containers()
        self.components: dict[str, Component] = {
            component.id: component for _, container in self.containers.values() for component in container.components
        }

    def node(self, id: str) -> Node | None:
        if id in self.actors:
            return actor_node(self.actors[id])
        if id in self.systems:
            return system_node(self.systems[id], self.atlas.home(self.graph, id))
        if id in self.containers:
            system, container = self.containers[id]
            return container_node(container, system.id if system.id == self.graph.model.meta.primary_system else "", "container.html")
        return component_node(self.components[id], "") if id in self.components else None


def components(atlas: Atlas, graph: Graph) -> list[tuple[Container, Picture]]:
    """One picture for each container of the primary system that has components."""
    book = _Book(atlas, graph)
    return [(container, _components(book, container)) for container in graph.model.primary.containers if container.components]


def _components(book: _Book, container: Container) -> Picture:
    inside = {component.id for component in container.components}
    edges = tuple(
        Edge(
            f"{component.id}--{relationship.target}-{index}",
            component.id,
            relationship.target,
            relationship.label,
            Sync.SYNC if relationship.sync else Sync.ASYNC,
            relationship.technology,
            evidence=_stated(component, repositories(book.graph)),
            details=(relationship.label or "uses",),
        )
        for component in container.components
        for index, relationship in enumerate(component.relationships)
        if relationship.target in inside or book.node(relationship.target)
    )
    outside = dict.fromkeys(edge.target for edge in edges if edge.target not in inside)
    around = tuple(replace(node, boundary="") for id in outside if (node := book.node(id)))
    return Picture(
        f"component.{container.id}",
        f"{_title(book.graph)}: components of {container.name}",
        f"The parts of {container.name} and what they use.",
        (*(component_node(component, container.id) for component in container.components), *around),
        edges,
        (Boundary(container.id, container.name, "Container"),),
    )


def _stated(component: Component, addresses: dict[str, str]) -> tuple[Evidence, ...]:
    source = component.source
    if source is None:
        return ()
    base, line = addresses.get(source.repo, ""), source.line or 1
    return (Evidence(source.repo, source.path, line, "model.source", "curated", "", f"{base}/{source.path}#L{line}" if base else ""),)


def scenarios(atlas: Atlas, graph: Graph) -> list[tuple[Scenario, Picture]]:
    """Each scenario as numbered arrows; steps between the same boxes share one."""
    book = _Book(atlas, graph)
    return [(scenario, _scenario(book, scenario)) for scenario in graph.model.scenarios if scenario.steps]


def _scenario(book: _Book, scenario: Scenario) -> Picture:
    steps: dict[tuple[str, str, bool], list[tuple[int, Step]]] = defaultdict(list)
    for number, step in enumerate(scenario.steps, start=1):
        steps[step.source, step.target, step.sync].append((number, step))
    used = dict.fromkeys(end for step in scenario.steps for end in (step.source, step.target))
    nodes = tuple(node for id in used if (node := book.node(id)))
    drawn = {node.id for node in nodes}
    primary = book.graph.model.primary
    return Picture(
        f"flow.{scenario.id}",
        scenario.title,
        scenario.description,
        nodes,
        tuple(_step_edge(book.graph, key, numbered) for key, numbered in steps.items() if key[0] in drawn and key[1] in drawn),
        (Boundary(primary.id, primary.name, "Software System"),) if any(node.boundary for node in nodes) else (),
    )


def _step_edge(graph: Graph, key: tuple[str, str, bool], numbered: list[tuple[int, Step]]) -> Edge:
    source, target, sync = key
    said = [f"{number}. {step.label or 'uses'}" for number, step in numbered]
    return Edge(
        f"step-{numbered[0][0]}",
        source,
        target,
        "\n".join(said),
        Sync.SYNC if sync else Sync.ASYNC,
        evidence=tuple(dict.fromkeys(_behind(graph, source, target))),
        details=tuple(said),
    )


def _behind(graph: Graph, source: str, target: str) -> list[Evidence]:
    """What code says of the same way between the same boxes, or the systems around them."""
    addresses = repositories(graph)
    exact = [connection for connection in graph.connections if (connection.source, connection.target) == (source, target)]
    return [shown(evidence, connection.tier.value, addresses) for connection in exact for evidence in connection.evidence]


def dependencies(atlas: Atlas, graph: Graph) -> Picture:
    """Systems that depend on each other, without people; arrows on a circle carry the tag `cycle`."""
    model = graph.model
    systems = {system.id: system for system in model.systems}

    def place(id: str) -> str | None:
        system = model.system_of(id)
        return system if system in systems else None

    every = arrows(graph, place)
    circling = in_circles((edge.source, edge.target) for edge in every)
    callers = {edge.source for edge in every}
    shown_ids = {id for id, system in systems.items() if system.kind == "internal" or id in callers} | {model.meta.primary_system}
    if len(shown_ids) < 2:
        shown_ids |= {edge.target for edge in every}
    edges = tuple(
        replace(edge, tags=(*edge.tags, "cycle")) if (edge.source, edge.target) in circling else edge
        for edge in every
        if edge.source in shown_ids and edge.target in shown_ids
    )
    return Picture(
        "dependencies",
        f"{_title(graph)}: dependencies between systems",
        "Systems that call each other. Thick arrows lie on a cycle.",
        tuple(system_node(systems[id], atlas.home(graph, id)) for id in systems if id in shown_ids),
        edges,
    )


def matrix(graph: Graph) -> list[tuple[str, str, list[Connection]]]:
    """Connections between different systems, lifted to them: who depends on whom, for what."""
    model = graph.model
    systems = {system.id for system in model.systems}
    lifted: dict[tuple[str, str], list[Connection]] = defaultdict(list)
    for connection in graph.connections:
        source, target = model.system_of(connection.source), model.system_of(connection.target)
        if source != target and source in systems and target in systems and connection.sure:
            lifted[source, target].append(connection)
    return [(source, target, connections) for (source, target), connections in sorted(lifted.items())]
