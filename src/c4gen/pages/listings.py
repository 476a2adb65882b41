"""What was read from code, as lists: settings, operations, schedules, and what stayed open."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from c4gen.markup import Html, address
from c4gen.model.facts import Facts, Operation, Unresolved
from c4gen.model.findings import Finding
from c4gen.model.graph import Graph
from c4gen.pages.figure import located
from c4gen.pages.tables import Row, Table
from c4gen.views.atlas import repositories


class Listings:
    """The lists of one system. `facts` are its share of what was read."""

    def __init__(self, graph: Graph, facts: Facts) -> None:
        self.graph, self.facts = graph, facts
        self.addresses = repositories(graph)
        self.names = names_of(graph)

    def place(self, repo: str, path: str, line: int = 0) -> Html:
        base = self.addresses.get(repo)
        return located("", path, line, address(f"{base}/{path}#L{line}" if line else f"{base}/{path}") if base else "")

    def _at(self, found: object) -> Html:
        repo, path, line = (getattr(found, name) for name in ("repo", "path", "line"))
        return self.place(repo, path, line)

    def sources(self) -> Table:
        rows: list[Row] = [
            (
                f"{'⚠ ' if source.fragile else ''}{source.name}",
                source.transport,
                source.cadence,
                source.data,
                self._at(source.source_ref.model_copy(update={"line": source.source_ref.line or 0})) if source.source_ref else "",
            )
            for source in sorted(self.graph.model.etl_sources, key=lambda source: source.name.lower())
        ]
        note = "⚠ marks what breaks easily." if any(source.fragile for source in self.graph.model.etl_sources) else ""
        return Table("Ingestion sources", ("Source", "Transport", "Cadence", "Data", "Source of truth"), tuple(rows), note)

    def schedules(self) -> Table:
        rows: list[Row] = [
            (one.name, one.task, one.cadence, one.queue, ", ".join(one.env), self._at(one.evidence)) for one in self.facts.schedules
        ]
        return Table("Scheduled jobs", ("Entry", "Task", "When", "Queue", "Changed by", "Evidence"), tuple(rows))

    def settings(self) -> Table:
        rows: list[Row] = sorted(
            (one.evidence.path, one.name, one.env, one.default, self._at(one.evidence)) for one in self.facts.settings if one.env
        )
        return Table("Settings", ("File", "Setting", "Environment variable", "Default", "Evidence"), tuple(rows), grouped=True)

    def operations(self) -> Table:
        rows: list[Row] = sorted(
            (
                one.handler.rpartition(".")[0] or _beginning(one),
                one.method,
                one.path,
                one.handler.rpartition(".")[2],
                one.signature_check,
                self._at(one.evidence),
            )
            for one in self.facts.operations
        )
        heads = ("Of", "Method", "Path", "Handler", "Signature check", "Evidence")
        return Table("Operations provided", heads, tuple(rows), grouped=True)

    def unsure(self) -> Table:
        names = self.names
        rows: list[Row] = [
            (
                names.get(one.source, one.source),
                names.get(one.target, one.target),
                one.label,
                self._at(one.evidence[0]) if one.evidence else "",
            )
            for one in self.graph.connections
            if not one.sure
        ]
        note = "Names alone suggest these arrows. They are drawn once the model or the code says more."
        return Table("Likely, and not drawn", ("From", "To", "What", "Evidence"), tuple(rows), note, lags=True)

    def unresolved(self) -> Table:
        return unresolved(self.facts.unresolved)

    def troubles(self) -> Table:
        rows: list[Row] = [(one.message, self._at(one)) for one in self.facts.troubles]
        return Table("Files that could not be read", ("What is wrong", "Place"), tuple(rows), lags=True)

    def contradictions(self) -> Table:
        return findings("Contradictions", self.graph.findings)


def names_of(graph: Graph) -> dict[str, str]:
    """What boxes are called, by id."""
    model = graph.model
    named = {actor.id: actor.name for actor in model.actors} | {system.id: system.name for system in model.systems}
    return named | {container.id: container.name for system in model.systems for container in system.containers}


def _beginning(operation: Operation) -> str:
    """The first two parts of a path, which operations that belong together share."""
    parts = [part for part in PurePosixPath(operation.path).parts if part != "/"]
    return "/" + "/".join(part for part in parts[:2] if "{" not in part)


def unresolved(listed: Iterable[Unresolved]) -> Table:
    ordered = sorted(listed, key=lambda one: (one.repo, one.path, one.line, one.expression))
    rows: list[Row] = [(one.path, str(one.line), one.expression, one.reason) for one in ordered]
    note = "No arrow is drawn for these: the address is known only when the program runs."
    return Table("Calls whose target code does not tell", ("File", "Line", "Call", "Why"), tuple(rows), note, lags=True, grouped=True)


def findings(title: str, listed: Iterable[Finding]) -> Table:
    rows: list[Row] = [(one.severity.value, one.message, f"{one.path}:{one.line}" if one.line else one.path) for one in listed]
    return Table(title, ("Severity", "Finding", "Place"), tuple(rows))
