"""The pages of one system: a chapter each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from c4gen.exports.diagram import mermaid, plantuml
from c4gen.exports.whole import model_json, picture_json, structurizr
from c4gen.layout.place import Placer
from c4gen.markup import Html, el, joined
from c4gen.model.facts import Facts
from c4gen.model.graph import Graph
from c4gen.pages.figure import figure
from c4gen.pages.listings import Listings
from c4gen.pages.shell import LABELS, Place, page, prose
from c4gen.pages.tables import Row, Table, section, table
from c4gen.svg.draw import draw
from c4gen.views import system as views
from c4gen.views.atlas import Atlas
from c4gen.views.infrastructure import infrastructure
from c4gen.views.picture import Picture

HOW_TO_READ = el(
    "p",
    "Drag or use the arrow keys to move, scroll or press + and − to zoom; a box with an arrow in its corner opens a page. Point at an arrow, or focus "
    "it, to see why it is there.",
    class_="hint",
)
STANDINGS = {
    "confirmed": "in the model and in the code",
    "code": "in the code alone",
    "asserted": "in the model, and a person vouches for it",
    "curated": "in the model alone",
}


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


class Chapters:
    """`facts` are the system's share of what was read, `tables` what analyses found, by page."""

    def __init__(self, atlas: Atlas, graph: Graph, facts: Facts, tables: Mapping[str, Sequence[Table]]) -> None:
        self.atlas, self.graph, self.facts, self.tables = atlas, graph, facts, tables
        self.title = graph.model.meta.title or graph.model.primary.name
        self.lists = Listings(graph, facts)
        self.made: dict[str, str] = {}

    def build(self, layer: Placer) -> dict[str, str]:
        self.layer = layer
        content = {file: [part for part in (*write(), *self._found(file)) if part] for file, write in self._chapters().items()}
        content = {file: parts for file, parts in content.items() if parts}
        for file, parts in content.items():
            title = self.title if file == "index.html" else LABELS[file]
            opening = [*parts, self._contents(content), self._exports()] if file == "index.html" else parts
            self.made[file] = page(Place(self.title, file, tuple(content)), title, *opening)
        self.made["workspace.dsl"] = structurizr(self.graph)
        self.made["model.json"] = model_json(self.graph)
        return self.made

    def _chapters(self) -> dict[str, Callable[[], list[Html]]]:
        """In the order of the pages; those without content are left out."""
        return {
            "index.html": self._index,
            "system-context.html": self._context,
            "container.html": self._containers,
            "component.html": self._components,
            "data-flows.html": self._flows,
            "dependencies-and-cycles.html": self._dependencies,
            "fragility.html": list,
            "calendar.html": self._week,
            "infrastructure-references.html": self._infrastructure,
            "open-questions.html": self._open,
        }

    def _found(self, file: str) -> list[Html]:
        return [section(found) for found in self.tables.get(file, ())]

    def _drawn(self, picture: Picture) -> Html:
        return drawn(picture, self.layer, self.made)

    def _index(self) -> list[Html]:
        meta = self.graph.model.meta
        known = Counter(connection.standing.value for connection in self.graph.connections)
        counted: list[Row] = [(STANDINGS[standing], str(known[standing])) for standing in STANDINGS if known[standing]]
        unread = el("code", str(len(self.facts.unresolved)), class_="lags")
        counted += [("calls whose target the code does not tell", unread)] if self.facts.unresolved else []
        trust = joined(
            (el("h2", "How far to trust it"), table("Arrows by how they are known", ("Known", "Arrows"), counted, hidden_title=True))
        )
        return [prose(meta.description or self.graph.model.primary.description), trust if counted else Html()]

    def _contents(self, content: Mapping[str, list[Html]]) -> Html:
        listed = (el("li", el("a", LABELS[file], href=file)) for file in content if file != "index.html")
        return joined((el("h2", "Pages"), el("ol", *listed)))

    def _exports(self) -> Html:
        links = (el("a", name, href=file, download=True) for name, file in (("Structurizr DSL", "workspace.dsl"), ("JSON", "model.json")))
        return el("p", "Whole model: ", joined(links, " · "))

    def _context(self) -> list[Html]:
        outside = sorted(
            (system for system in self.graph.model.systems if system.kind == "external"), key=lambda system: system.name.lower()
        )
        rows = tuple((system.name, system.description) for system in outside)
        return [
            HOW_TO_READ,
            self._drawn(views.context(self.atlas, self.graph)),
            section(Table("Outside systems", ("System", "Role"), rows)),
        ]

    def _containers(self) -> list[Html]:
        rows = tuple((container.name, container.technology, container.description) for container in self.graph.model.primary.containers)
        listed = section(Table("Containers", ("Container", "Technology", "Responsibility"), rows))
        return [HOW_TO_READ, self._drawn(views.containers(self.atlas, self.graph)), listed]

    def _components(self) -> list[Html]:
        pictures = [
            joined((el("h2", container.name, id=container.id), prose(container.description), self._drawn(picture)))
            for container, picture in views.components(self.atlas, self.graph)
        ]
        return [HOW_TO_READ, *pictures] if pictures else []

    def _flows(self) -> list[Html]:
        flows = [
            joined((el("h2", scenario.title, id=f"flow-{scenario.id}"), self._drawn(picture)))
            for scenario, picture in views.scenarios(self.atlas, self.graph)
        ]
        lists = [section(self.lists.sources()), section(self._every_flow())]
        return [*([HOW_TO_READ] if flows else []), *flows, *lists]

    def _every_flow(self) -> Table:
        """Each arrow of the model by itself: what passes, when, and through which queue."""
        names = self.lists.names
        rows = tuple(
            (
                names.get(one.source, one.source),
                names.get(one.target, one.target),
                one.label,
                one.data,
                one.schedule or one.trigger,
                one.queue,
                one.sync,
            )
            for one in self.graph.connections
        )
        return Table("Every flow", ("From", "To", "What", "Data", "When", "Queue", "Call"), rows)

    def _dependencies(self) -> list[Html]:
        names = {system.id: system.name for system in self.graph.model.systems}
        rows = tuple(
            (
                names[source],
                names[target],
                str(len(connections)),
                "; ".join(dict.fromkeys(connection.label for connection in connections if connection.label)),
                ", ".join(sorted({connection.sync for connection in connections})),
            )
            for source, target, connections in views.matrix(self.graph)
        )
        listed = section(Table("Who depends on whom", ("Consumer", "Provider", "Flows", "For", "Call"), rows))
        return [HOW_TO_READ, self._drawn(views.dependencies(self.atlas, self.graph)), listed]

    def _week(self) -> list[Html]:
        return [section(self.lists.schedules())]

    def _infrastructure(self) -> list[Html]:
        picture = infrastructure(self.graph)
        lists = [section(self.lists.settings()), section(self.lists.operations())]
        return [*([HOW_TO_READ, self._drawn(picture)] if picture else []), *lists]

    def _open(self) -> list[Html]:
        lists = self.lists
        return [section(found) for found in (lists.contradictions(), lists.unsure(), lists.unresolved(), lists.troubles())]
