"""How easily an edge breaks, as a sum of reasons that can be read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from c4gen.model.facts import Facts, Kind
from c4gen.model.graph import Connection, Graph

WEIGHTS = {
    "scrape": (30, "reads pages or tokens that were made for people"),
    "shared-database": (30, "writes a database that another system uses too"),
    "hard-coded-host": (20, "the host stands in the code"),
    "undefined-setting": (20, "depends on a setting that no settings module defines"),
    "cycle": (15, "waits in a circle"),
    "unsigned": (15, "a webhook whose sender is not checked"),
    "no-timeout": (15, "waits without a limit"),
    "no-auth": (10, "no credentials are sent"),
    "no-retry": (5, "is not tried again"),
    "single-provider": (5, "nothing else provides it"),
}


@dataclass(frozen=True)
class Fragile:
    connection: Connection
    score: int
    reasons: tuple[str, ...]


def fragility(graph: Graph, in_cycle: frozenset[tuple[str, str]] = frozenset()) -> list[Fragile]:
    """Edges with at least one reason, most fragile first. `in_cycle` are pairs of systems."""
    shared = _shared(graph.facts)
    undefined = _undefined(graph.facts)
    edges = {edge.id: edge for edge in graph.facts.edges}
    users = Counter(connection.target for connection in graph.connections)
    ranked = []
    for connection in graph.connections:
        kinds = {edges[id].kind for id in connection.found if id in edges}
        marks = [tag for tag in connection.tags if tag in WEIGHTS]
        if connection.target in shared and Kind.DATABASE in kinds:
            marks.append("shared-database")
        if any(name in undefined for id in connection.found if id in edges for name in edges[id].settings):
            marks.append("undefined-setting")
        if (graph.model.system_of(connection.source), graph.model.system_of(connection.target)) in in_cycle:
            marks.append("cycle")
        if marks and kinds & {Kind.HTTP, Kind.SDK} and users[connection.target] >= 3:
            marks.append("single-provider")
        if marks:
            ordered = sorted(set(marks), key=lambda mark: (-WEIGHTS[mark][0], mark))
            ranked.append(Fragile(connection, sum(WEIGHTS[mark][0] for mark in ordered), tuple(WEIGHTS[mark][1] for mark in ordered)))
    return sorted(ranked, key=lambda one: (-one.score, one.connection.source, one.connection.target, one.connection.id))


def _shared(facts: Facts) -> set[str]:
    """Databases that several systems use."""
    owners = {node.id: node.system or node.id for node in facts.nodes}
    users: dict[str, set[str]] = {}
    for edge in facts.edges:
        if edge.kind is Kind.DATABASE:
            users.setdefault(edge.target, set()).add(owners.get(edge.source, edge.source))
    return {target for target, systems in users.items() if len(systems) > 1}


def _undefined(facts: Facts) -> set[str]:
    defined = {one.name for one in facts.settings} | {one.env for one in facts.settings}
    return _names(edge.settings for edge in facts.edges if edge.kind is Kind.HTTP) - defined


def _names(listed: Iterable[tuple[str, ...]]) -> set[str]:
    return {name for names in listed for name in names}
