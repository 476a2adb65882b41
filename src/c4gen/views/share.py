"""What of the facts concerns one system, where several live in one repository: code belongs to the system that names the innermost folder around it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath

from c4gen.model.curated import Model, Source
from c4gen.model.facts import Facts
from c4gen.model.graph import Graph

Place = tuple[str, str]  # repository and folder or file
NOBODY = ""


class Owners:
    """Who code belongs to, by the sources that models name."""

    def __init__(self, graphs: Sequence[Graph]) -> None:
        self._places: dict[Place, str] = {}
        self._alone: dict[str, set[str]] = {}
        for graph in graphs:
            for repo, path in _places(graph.model):
                self._places.setdefault((repo, path), graph.model.meta.primary_system)
                self._alone.setdefault(repo, set()).add(graph.model.meta.primary_system)
        self.of = cache(self._of)

    def _of(self, repo: str, path: str) -> str:
        """The primary system that a file belongs to. NOBODY where several share the repository and neither a source nor a name tells."""
        pure = PurePosixPath(path)
        for folder in (pure, *pure.parents):
            found = self._places.get((repo, "" if str(folder) == "." else str(folder)))
            if found:
                return found
        systems = self._alone.get(repo, set())
        if len(systems) == 1:
            return next(iter(systems))
        return next((system for part in reversed(pure.parts) for system in sorted(systems) if _named_after(part, system)), NOBODY)


def _named_after(part: str, system: str) -> bool:
    """Whether a file or folder has the system's name: `learn`, or `learn-v1.yaml`."""
    return part == system or part.startswith((f"{system}-", f"{system}_", f"{system}."))


def _places(model: Model) -> Iterable[Place]:
    primary = model.primary
    repo = primary.repo.rpartition("/")[2] or next((one.name for one in model.meta.repositories), "")
    sources = [primary.source, *(one.source for one in primary.containers)]
    sources += [component.source for container in primary.containers for component in container.components]
    yield from (_place(source) for source in sources if source)
    if primary.source is None and repo:
        yield repo, ""


def _place(source: Source) -> Place:
    return source.repo.rpartition("/")[2], source.path.strip("/")


def share(graph: Graph, owners: Owners) -> Facts:
    """The facts of a graph's own code. Edges are those behind its arrows; boxes and settings of files that nobody names are everybody's."""
    own = graph.model.meta.primary_system
    facts = graph.facts
    behind = {id for connection in graph.connections for id in connection.found}
    systems = {node.id: node.system or node.id for node in facts.nodes}

    def mine(repo: str, path: str, *others: str) -> bool:
        return owners.of(repo, path) in (own, *others)

    return replace(
        facts,
        nodes=tuple(
            node
            for node in facts.nodes
            if systems[node.id] == own or not node.evidence or any(mine(one.repo, one.path, NOBODY) for one in node.evidence)
        ),
        edges=tuple(edge for edge in facts.edges if edge.id in behind or own in (systems.get(edge.source), systems.get(edge.target))),
        settings=tuple(one for one in facts.settings if mine(one.evidence.repo, one.evidence.path, NOBODY)),
        operations=tuple(one for one in facts.operations if mine(one.evidence.repo, one.evidence.path)),
        tasks=tuple(one for one in facts.tasks if mine(one.evidence.repo, one.evidence.path)),
        schedules=tuple(one for one in facts.schedules if mine(one.evidence.repo, one.evidence.path)),
        unresolved=tuple(one for one in facts.unresolved if mine(one.repo, one.path)),
        troubles=tuple(one for one in facts.troubles if mine(one.repo, one.path)),
    )
