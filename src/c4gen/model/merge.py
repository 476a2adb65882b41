"""Curated and generated to one graph. What a person wrote wins; where the code says otherwise, that is a finding."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from c4gen.model.curated import Container, Flow, Meta, Model, Role, Shape, System
from c4gen.model.facts import Evidence, Facts, FoundEdge, Tier
from c4gen.model.findings import Finding, Severity, ordered
from c4gen.model.graph import Connection, Graph, Standing
from c4gen.model.validate import boxes_of

Pair = tuple[str, str]
_TIERS = list(Tier)


def merge(model: Model, facts: Facts, today: date, others: Sequence[Model] = ()) -> Graph:
    """The graph of one model: its boxes and flows, and the found edges that touch its primary system. `others` know systems of boxes that this
    model does not have."""
    systems = {id: system for other in others for id, system in systems_of(other, facts).items()} | systems_of(model, facts)
    own = model.meta.primary_system
    here = boxes_of(model) | {node.id for node in facts.nodes}
    edges = [_seen_from(edge, here, systems) for edge in facts.edges if own in (systems.get(edge.source), systems.get(edge.target))]
    by_pair: dict[Pair, list[FoundEdge]] = defaultdict(list)
    for edge in edges:
        by_pair[systems.get(edge.source, edge.source), systems.get(edge.target, edge.target)].append(edge)
    connections = []
    findings: list[Finding] = []
    used: set[str] = set()
    for flow in model.flows:
        found = matching(flow, by_pair, systems)
        used.update(edge.id for edge in found)
        connections.append(_of_flow(flow, found, today))
        findings += _contradictions(flow, found)
    rest: dict[tuple[str, str, str], list[FoundEdge]] = defaultdict(list)
    for edge in edges:
        if edge.id not in used:
            rest[edge.source, edge.target, edge.sync].append(edge)
    connections += [_of_edges(found) for _, found in sorted(rest.items())]
    return Graph(
        _with_found(model, facts, connections, others),
        tuple(sorted(connections, key=lambda one: (one.source, one.target, one.id))),
        facts,
        ordered(findings),
    )


def _seen_from(edge: FoundEdge, here: set[str], systems: dict[str, str]) -> FoundEdge:
    """An edge whose ends are boxes of this model: a container that only another model has counts as its system."""
    source = edge.source if edge.source in here else systems.get(edge.source, edge.source)
    target = edge.target if edge.target in here else systems.get(edge.target, edge.target)
    return edge if (source, target) == (edge.source, edge.target) else replace(edge, source=source, target=target)


def systems_of(model: Model, facts: Facts) -> dict[str, str]:
    """The system of every box, curated or found."""
    systems = {actor.id: actor.id for actor in model.actors}
    for node in facts.nodes:
        systems[node.id] = node.system or node.id
    for system in model.systems:
        systems[system.id] = system.id
        systems.update({container.id: system.id for container in system.containers})
    return systems


def matching(flow: Flow, by_pair: dict[Pair, list[FoundEdge]], systems: dict[str, str]) -> list[FoundEdge]:
    """Found edges that say what a flow says: between the same systems, and between the same containers where both name them."""
    source, target = systems.get(flow.source, flow.source), systems.get(flow.target, flow.target)
    found = [
        edge
        for edge in by_pair.get((source, target), ())
        if _fits(flow.source, edge.source, systems) and _fits(flow.target, edge.target, systems)
    ]
    same = [edge for edge in found if edge.sync == "mixed" or (edge.sync == "sync") == flow.sync]
    return same or found


def _fits(said: str, found: str, systems: dict[str, str]) -> bool:
    return said == found or said == systems.get(found) or found == systems.get(said)


def _of_flow(flow: Flow, found: list[FoundEdge], today: date) -> Connection:
    standing = Standing.CONFIRMED if found else Standing.ASSERTED if flow.asserted and flow.asserted.expires >= today else Standing.CURATED
    return Connection(
        flow.id, flow.source, flow.target, flow.label, "sync" if flow.sync else "async", standing, best_tier(found) if found else Tier.CURATED,
        max((edge.confidence for edge in found), default=0.5 if standing is Standing.CURATED else 0.7), flow.protocol or _one(edge.protocol for edge in found), flow.data, flow.trigger,
        flow.queue or _one(edge.queue for edge in found), flow.schedule or _one(edge.schedule for edge in found),
        tuple(dict.fromkeys((*flow.tags, *_common_tags(found)))), _evidence(found), flow.id, tuple(edge.id for edge in found),
    )  # fmt: skip


def _of_edges(found: list[FoundEdge]) -> Connection:
    first = max(found, key=lambda edge: (edge.confidence, edge.id))
    label = first.label if len(found) == 1 else _summary(found)
    return Connection(
        f"{first.source}--{first.target}--{first.sync}", first.source, first.target, label, first.sync, Standing.CODE, best_tier(found), first.confidence, first.protocol, "",
        "; ".join(dict.fromkeys(trigger for edge in found for trigger in edge.triggers[:2]))[:200], _one(edge.queue for edge in found), _one(edge.schedule for edge in found),
        _common_tags(found), _evidence(found), "", tuple(edge.id for edge in found),
    )  # fmt: skip


def _summary(found: list[FoundEdge]) -> str:
    labels = list(dict.fromkeys(edge.label for edge in found))
    return labels[0] if len(labels) == 1 else f"{len(labels)} operations: {labels[0]} …"


def best_tier(found: Iterable[FoundEdge]) -> Tier:
    return min((edge.tier for edge in found), key=_TIERS.index)


def _one(values: Iterable[str]) -> str:
    return ", ".join(sorted({value for value in values if value}))


def _common_tags(found: list[FoundEdge]) -> tuple[str, ...]:
    return tuple(sorted({tag for edge in found for tag in edge.tags}))


def _evidence(found: list[FoundEdge]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(one for edge in found for one in edge.evidence))[:60]


def _contradictions(flow: Flow, found: list[FoundEdge]) -> list[Finding]:
    """Attributes that the model states and the code does not bear out."""
    findings = []
    if found and all(edge.sync != "mixed" and (edge.sync == "sync") != flow.sync for edge in found):
        says, does = ("synchronous", "asynchronous") if flow.sync else ("asynchronous", "synchronous")
        findings.append(_differs(flow, "sync", f"the model says {says}, the code is {does}", found))
    for name in ("queue", "schedule"):
        said = getattr(flow, name)
        known = {part for edge in found for part in getattr(edge, name).split(", ") if part}
        if said and known and said not in known:
            findings.append(_differs(flow, name, f"the model says {said!r}, the code {', '.join(sorted(known))!r}", found))
    return findings


def _differs(flow: Flow, what: str, how: str, found: list[FoundEdge]) -> Finding:
    evidence = found[0].evidence[0] if found[0].evidence else None
    place = f" ({evidence.path}:{evidence.line})" if evidence else ""
    return Finding(f"drift.{what}", f"{flow.id}: {flow.source} to {flow.target}: {how}{place}.", Severity.ERROR)


def _with_found(model: Model, facts: Facts, connections: list[Connection], others: Sequence[Model]) -> Model:
    """The model with boxes that only the code or another model knows, where a connection touches them."""
    touched = {id for connection in connections if connection.sure for id in (connection.source, connection.target)}
    known = (
        {container.id for system in model.systems for container in system.containers}
        | {system.id for system in model.systems}
        | {actor.id for actor in model.actors}
    )
    systems = {system.id: system for system in model.systems}
    for node in facts.nodes:
        if node.id in known or node.id not in touched:
            continue
        if node.kind == "container" and node.system in systems:
            around = systems[node.system]
            container = Container(
                id=node.id,
                name=node.name,
                technology=node.technology,
                shape=Shape(node.shape),
                runs=tuple(Role(role) for role in node.roles),
                queues=node.queues,
            )
            systems[node.system] = around.model_copy(update={"containers": (*around.containers, container)})
        else:
            kind: Literal["internal", "external"] = "internal" if node.kind == "system" else "external"
            systems[node.id] = System(id=node.id, name=node.name, kind=kind, description=node.technology)
    for other in others:
        for system in (other.primary, *other.systems):
            if system.id in touched - known:
                systems.setdefault(system.id, system.model_copy(update={"containers": ()}))
    return model.model_copy(update={"systems": tuple(systems.values())})


def model_of(facts: Facts, repository: str, name: str = "") -> Model:
    """A model for a repository that nobody has described yet: what the code tells."""
    system = next((node.id for node in facts.nodes if node.kind == "system" and node.name == repository), repository)
    return Model(
        meta=Meta(name=name or system, primary_system=system),
        systems=(System(id=system, name=name or repository, kind="internal", repo=repository),),
    )
