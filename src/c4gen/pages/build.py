"""Every file of the pages, by its path."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from c4gen.exports.diagram import mermaid, plantuml
from c4gen.exports.whole import model_json, picture_json, structurizr
from c4gen.layout.kept import Positions
from c4gen.layout.place import Placer, placer
from c4gen.markup import Html, address, el, joined
from c4gen.model.findings import Finding
from c4gen.model.graph import Graph
from c4gen.pages.figure import figure, located, table
from c4gen.pages.shell import LABELS, Place, page, prose
from c4gen.svg.draw import draw, stylesheet
from c4gen.views import infrastructure as running
from c4gen.views import landscape as whole
from c4gen.views import system as views
from c4gen.views.atlas import Atlas, repositories
from c4gen.views.picture import Picture

POSITIONS = "positions.json"


@dataclass(frozen=True)
class Table:
    """What an analysis found, for a page: `build(…, tables={"learn": {"dependencies-and-cycles.html": (Table(…),)}})`."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    lags: bool = False  # tells of lines that move with every edit


Tables = Mapping[str, Mapping[str, Sequence[Table]]]


def build(graphs: Sequence[Graph], kept: Path | None = None, tables: Tables | None = None, place: Placer | None = None) -> dict[str, str]:
    """Paths relative to the folder of all systems. `kept` is that folder as it was: boxes stay where they were. `place` lays out instead of the best engine."""
    ordered = sorted(graphs, key=lambda graph: graph.model.meta.name)
    atlas = Atlas(tuple(ordered))
    made: dict[str, str] = {"c4.css": stylesheet() + asset("page.css"), "c4.js": asset("page.js")}
    with placer() as default:
        layer = place or default
        for graph in ordered:
            folder = _Folder(atlas, graph, (tables or {}).get(graph.model.meta.name, {}))
            made |= folder.build(layer, Positions.read(kept / folder.name / POSITIONS) if kept else Positions())
        made |= _root(atlas, layer, Positions.read(kept / POSITIONS) if kept else Positions(), (tables or {}).get("", {}))
    return made


def asset(name: str) -> str:
    return files("c4gen.pages").joinpath(name).read_text(encoding="utf-8")


class _Folder:
    """The pages of one system."""

    def __init__(self, atlas: Atlas, graph: Graph, tables: Mapping[str, Sequence[Table]]) -> None:
        self.atlas, self.graph, self.tables = atlas, graph, tables
        self.name = graph.model.meta.name
        self.title = graph.model.meta.title or graph.model.primary.name
        self.made: dict[str, str] = {}

    def build(self, layer: Placer, positions: Positions) -> dict[str, str]:
        layer.positions = positions
        self.layer = layer
        writers = self._writers()
        self.sisters = tuple(writers)
        for file, write in writers.items():
            self._page(file, write())
        self.made["workspace.dsl"] = structurizr(self.graph)
        self.made["model.json"] = model_json(self.graph)
        self.made[POSITIONS] = positions.text()
        return {f"{self.name}/{path}": content for path, content in self.made.items()}

    def _writers(self) -> dict[str, Callable[[], list[Html]]]:
        """The pages that there is something to say on, in their order."""
        model = self.graph.model
        writers: dict[str, Callable[[], list[Html]]] = {
            "index.html": self._index,
            "system-context.html": self._context,
            "container.html": self._containers,
            "data-flows.html": self._flows,
            "dependencies-and-cycles.html": self._dependencies,
        }
        if any(container.components for container in model.primary.containers):
            writers["component.html"] = self._components
        if model.meta.has_infrastructure_references or self.graph.facts.settings or self.graph.facts.nodes:
            writers["infrastructure-references.html"] = self._infrastructure
        return writers

    def _page(self, file: str, content: list[Html]) -> None:
        title = self.title if file == "index.html" else LABELS[file]
        extra = [shown_table(found) for found in self.tables.get(file, ())]
        self.made[file] = page(Place(self.title, file, self.sisters), title, *content, *extra)

    def _drawn(self, picture: Picture) -> Html:
        return drawn(picture, self.layer, self.made)

    def _index(self) -> list[Html]:
        meta = self.graph.model.meta
        known = Counter(connection.standing.value for connection in self.graph.connections)
        counted = [(STANDINGS[standing], str(count)) for standing, count in sorted(known.items())]
        contents = el("ol", *(el("li", el("a", LABELS[file], href=file)) for file in self.sisters if file != "index.html"))
        exports = el(
            "p",
            "Whole model: ",
            el("a", "Structurizr DSL", href="workspace.dsl", download=True),
            " · ",
            el("a", "JSON", href="model.json", download=True),
        )
        return [
            prose(meta.description or self.graph.model.primary.description),
            el("h2", "Pages"),
            contents,
            el("h2", "How far to trust it"),
            table("Arrows by how they are known", ("Known", "Arrows"), counted),
            self._findings(self.graph.findings),
            exports,
        ]

    def _findings(self, findings: Iterable[Finding]) -> Html:
        rows = [
            (finding.severity.value, finding.message, f"{finding.path}:{finding.line}" if finding.line else finding.path)
            for finding in findings
        ]
        return joined((el("h2", "Contradictions"), table("Findings", ("Severity", "Finding", "Place"), rows))) if rows else Html()

    def _context(self) -> list[Html]:
        outside = [system for system in self.graph.model.systems if system.kind == "external"]
        rows = [(system.name, system.description) for system in sorted(outside, key=lambda system: system.name)]
        listed = joined((el("h2", "Outside systems"), table("Outside systems", ("System", "Role"), rows))) if rows else Html()
        return [HOW_TO_READ, self._drawn(views.context(self.atlas, self.graph)), listed]

    def _containers(self) -> list[Html]:
        rows = [(container.name, container.technology, container.description) for container in self.graph.model.primary.containers]
        listed = (
            joined((el("h2", "Containers"), table("Containers", ("Container", "Technology", "Responsibility"), rows))) if rows else Html()
        )
        return [HOW_TO_READ, self._drawn(views.containers(self.atlas, self.graph)), listed]

    def _flows(self) -> list[Html]:
        flows = [
            joined((el("h2", scenario.title, id=f"flow-{scenario.id}"), prose(scenario.description), self._drawn(picture)))
            for scenario, picture in views.scenarios(self.atlas, self.graph)
        ]
        return [HOW_TO_READ, *flows, self._sources(), self._schedules()]

    def _sources(self) -> Html:
        sources = sorted(self.graph.model.etl_sources, key=lambda source: source.name)
        if not sources:
            return Html()
        addresses = repositories(self.graph)
        rows: list[tuple[str, ...]] = [
            (
                f"{'⚠ ' if source.fragile else ''}{source.name}",
                source.transport,
                source.cadence,
                source.data,
                self._file(addresses, source.source_ref.repo, source.source_ref.path, source.source_ref.line or 0)
                if source.source_ref
                else "",
            )
            for source in sources
        ]
        heads = ("Source", "Transport", "Cadence", "Data", "Source of truth")
        return joined((el("h2", "Ingestion sources"), table("Ingestion sources (⚠ fragile)", heads, rows)))

    def _schedules(self) -> Html:
        schedules = self.graph.facts.schedules
        if not schedules:
            return Html()
        rows: list[tuple[str, ...]] = [
            (schedule.name, schedule.task, schedule.cadence, schedule.queue, ", ".join(schedule.env), self._evidence(schedule.evidence))
            for schedule in schedules
        ]
        heads = ("Entry", "Task", "When", "Queue", "Changed by", "Evidence")
        return joined((el("h2", "Schedules"), table("Scheduled jobs", heads, rows)))

    def _evidence(self, found: object) -> Html:
        repo, path, line = (getattr(found, name) for name in ("repo", "path", "line"))
        return self._file(repositories(self.graph), repo, path, line)

    def _file(self, addresses: dict[str, str], repo: str, path: str, line: int) -> Html:
        return located(
            "", path, line, address(f"{base}/{path}#L{line}" if line else f"{base}/{path}") if (base := addresses.get(repo)) else ""
        )

    def _dependencies(self) -> list[Html]:
        names = {system.id: system.name for system in self.graph.model.systems}
        rows: list[tuple[str, ...]] = [
            (
                names[source],
                names[target],
                str(len(connections)),
                "; ".join(dict.fromkeys(connection.label for connection in connections if connection.label)),
                ", ".join(sorted({connection.sync for connection in connections})),
            )
            for source, target, connections in views.matrix(self.graph)
        ]
        heads = ("Consumer", "Provider", "Flows", "For", "Call")
        return [
            HOW_TO_READ,
            self._drawn(views.dependencies(self.atlas, self.graph)),
            el("h2", "Who depends on whom"),
            table("Dependencies", heads, rows),
        ]

    def _components(self) -> list[Html]:
        return [HOW_TO_READ] + [
            joined((el("h2", container.name, id=container.id), prose(container.description), self._drawn(picture)))
            for container, picture in views.components(self.atlas, self.graph)
        ]

    def _infrastructure(self) -> list[Html]:
        facts = self.graph.facts
        picture = running.infrastructure(self.graph)
        settings: list[tuple[str, ...]] = [
            (s.name, s.env, s.default, str(s.uses), self._evidence(s.evidence)) for s in facts.settings if s.env
        ]
        operations: list[tuple[str, ...]] = [
            (o.method, o.path, o.handler, o.signature_check, self._evidence(o.evidence)) for o in facts.operations
        ]
        unresolved: list[tuple[str, ...]] = [(u.symbol, u.expression, u.reason, self._evidence(u)) for u in facts.unresolved]
        troubles: list[tuple[str, ...]] = [(t.message, self._evidence(t)) for t in facts.troubles]
        parts = (
            ("Settings", ("Setting", "Environment variable", "Default", "Uses", "Evidence"), settings),
            ("Operations provided", ("Method", "Path", "Handler", "Signature check", "Evidence"), operations),
            ("Calls whose target could not be read", ("In", "Expression", "Why", "Place"), unresolved),
            ("Files that could not be read", ("What is wrong", "Place"), troubles),
        )
        tables = [joined((el("h2", title), table(title, heads, rows))) for title, heads, rows in parts if rows]
        return [self._drawn(picture), *tables] if picture else tables


STANDINGS = {
    "confirmed": "in the model and in the code",
    "code": "in the code alone",
    "asserted": "a person vouches for it",
    "curated": "in the model alone",
}
HOW_TO_READ = el(
    "p",
    "Drag or use the arrow keys to move, scroll or press + and − to zoom; boxes with a page open it. Point at an arrow, or focus it, to see why it is there.",
    class_="hint",
)


def drawn(picture: Picture, layer: Placer, made: dict[str, str]) -> Html:
    """The figure of a picture; its files go to `made`."""
    if not picture.nodes:
        return el("p", "There is nothing to draw yet.", class_="quiet")
    layout = layer.lay_out(picture)
    made[f"{picture.id}.svg"] = f"{draw(picture, layout, alone=True)}\n"
    made[f"{picture.id}.puml"] = plantuml(picture)
    made[f"{picture.id}.mmd"] = mermaid(picture)
    made[f"{picture.id}.json"] = picture_json(picture)
    return figure(picture, layout)


def shown_table(found: Table) -> Html:
    return joined((el("h2", found.title), prose(found.note), table(found.title, found.heads, found.rows, found.lags)))


def _root(atlas: Atlas, layer: Placer, positions: Positions, tables: Mapping[str, Sequence[Table]]) -> dict[str, str]:
    made: dict[str, str] = {}
    layer.positions = positions
    picture = drawn(whole.landscape(atlas), layer, made)
    systems: list[tuple[str, ...]] = [
        (
            el("a", graph.model.meta.title or graph.model.primary.name, href=f"{graph.model.meta.name}/index.html"),
            graph.model.meta.domain,
            " ".join((graph.model.meta.description or graph.model.primary.description).split("\n\n")[0].split()),
        )
        for graph in atlas.graphs
    ]
    extra = [shown_table(found) for found in tables.get("index.html", ())]
    made["index.html"] = page(
        Place("", "index.html", root=""),
        "Architecture",
        HOW_TO_READ,
        picture,
        el("h2", "Systems"),
        table("Systems", ("System", "Domain", "What it does"), systems),
        *extra,
    )
    made[POSITIONS] = positions.text()
    return made
