"""Every file of the pages, by its path."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from c4gen.layout.kept import Positions
from c4gen.layout.place import Placer, placer
from c4gen.markup import Html, el
from c4gen.model.graph import Graph
from c4gen.pages.chapters import HOW_TO_READ, Chapters, drawn
from c4gen.pages.listings import unresolved
from c4gen.pages.shell import Place, page
from c4gen.pages.tables import Table, section, table
from c4gen.svg.draw import stylesheet
from c4gen.views.atlas import Atlas
from c4gen.views.gallery import gallery
from c4gen.views.landscape import landscape
from c4gen.views.share import NOBODY, Owners, share

POSITIONS = "positions.json"

Tables = Mapping[str, Mapping[str, Sequence[Table]]]


def build(graphs: Sequence[Graph], kept: Path | None = None, tables: Tables | None = None, place: Placer | None = None) -> dict[str, str]:
    """Paths relative to the folder of all systems. `kept` is that folder as it was: boxes stay where they were. `tables` are what analyses found,
    by model and page. `place` lays out instead of the best engine."""
    ordered = sorted(graphs, key=lambda graph: graph.model.meta.name)
    atlas = Atlas(tuple(ordered))
    owners = Owners(ordered)
    seen = {graph.model.meta.name: positions(kept, graph.model.meta.name) for graph in ordered}
    every = positions(kept)
    made: dict[str, str] = {"c4.css": stylesheet() + asset("page.css"), "c4.js": asset("page.js")}
    with placer() as default:
        layer = place or default
        pictures = [(seen[graph.model.meta.name], picture) for graph in ordered for picture in gallery(atlas, graph)]
        layer.ahead([(every, landscape(atlas)), *pictures])
        for graph in ordered:
            name = graph.model.meta.name
            layer.positions = seen[name]
            chapters = Chapters(atlas, graph, share(graph, owners), (tables or {}).get(name, {}))
            made |= {f"{name}/{path}": content for path, content in chapters.build(layer).items()}
            made[f"{name}/{POSITIONS}"] = layer.positions.text()
        layer.positions = every
        made |= _root(atlas, layer, owners, (tables or {}).get("", {}))
        made[POSITIONS] = every.text()
    return made


def positions(kept: Path | None, folder: str = "") -> Positions:
    return Positions.read(kept / folder / POSITIONS) if kept else Positions()


def asset(name: str) -> str:
    return files("c4gen.pages").joinpath(name).read_text(encoding="utf-8")


def _root(atlas: Atlas, layer: Placer, owners: Owners, tables: Mapping[str, Sequence[Table]]) -> dict[str, str]:
    """The landscape, and what concerns no system alone."""
    made: dict[str, str] = {}
    picture = drawn(landscape(atlas), layer, made)
    nobodys = {one: None for graph in atlas.graphs for one in graph.facts.unresolved if owners.of(one.repo, one.path) == NOBODY}
    listed = (*tables.get("index.html", ()), unresolved(nobodys))
    made["index.html"] = page(
        Place("", "index.html", root=""),
        "Architecture",
        HOW_TO_READ,
        picture,
        el("h2", "Systems"),
        _systems(atlas),
        *map(section, listed),
    )
    return made


def _systems(atlas: Atlas) -> Html:
    rows: list[tuple[str, ...]] = [
        (
            el("a", graph.model.meta.title or graph.model.primary.name, href=f"{graph.model.meta.name}/index.html"),
            graph.model.meta.domain,
            " ".join((graph.model.meta.description or graph.model.primary.description).split("\n\n")[0].split()),
        )
        for graph in atlas.graphs
    ]
    return table("Systems", ("System", "Domain", "What it does"), rows, hidden_title=True)
