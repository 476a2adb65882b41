"""A picture on a page: the drawing, its tools, and its twin in tables, which tells everything the drawing does."""

from c4gen.layout.geometry import Layout
from c4gen.layout.quality import quality
from c4gen.markup import Html, address, el, joined
from c4gen.pages.tables import framed, table
from c4gen.svg.draw import draw, identifier
from c4gen.views.picture import Edge, Evidence, Node, Picture, Sync

SYNC = {Sync.SYNC: "synchronous", Sync.ASYNC: "asynchronous", Sync.MIXED: "both"}
EXPORTS = (("svg", "SVG"), ("puml", "C4-PlantUML"), ("mmd", "Mermaid"), ("json", "JSON"))

BUTTONS = (
    ("in", "Zoom in", "M8 3v10M3 8h10"),
    ("out", "Zoom out", "M3 8h10"),
    ("fit", "Show all", "M5 8h6M5 8l2-2M5 8l2 2M11 8l-2-2M11 8l-2 2M2 3v10M14 3v10"),
    ("full", "Full screen", "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"),
)


def figure(picture: Picture, layout: Layout) -> Html:
    name = identifier(picture.id)
    files = joined((el("a", title, href=f"{picture.id}.{suffix}", download=True) for suffix, title in EXPORTS), " · ")
    return el(
        "figure",
        _tools(picture, name),
        el(
            "div",
            draw(picture, layout, alone=False),
            class_="view",
            tabindex=0,
            role="region",
            aria_label=f"{picture.title}. Arrow keys move the picture, plus and minus zoom, 0 fits it.",
        ),
        el("div", class_="card", hidden=True, role="status"),
        el("figcaption", picture.description, " ", files, " · ", el("small", _measured(picture, layout))),
        el("details", el("summary", "The same as tables"), boxes_table(picture), arrows_table(picture), class_="twin"),
        class_="map",
        id=name,
    )


def _measured(picture: Picture, layout: Layout) -> str:
    found = quality(picture, layout)
    crossings = "1 crossing" if found.crossings == 1 else f"{found.crossings} crossings"
    return f"{len(picture.nodes)} boxes, {len(picture.edges)} arrows, {crossings}"


def _tools(picture: Picture, name: str) -> Html:
    calls = {edge.sync for edge in picture.edges}
    kinds = [("sync", "synchronous")] * bool(calls - {Sync.ASYNC}) + [("async", "asynchronous")] * bool(calls - {Sync.SYNC})
    tags = sorted({tag for edge in picture.edges for tag in edge.tags})
    return el(
        "div",
        *(el("button", _icon(path), type="button", data_do=do, title=title, aria_label=title) for do, title, path in BUTTONS),
        *(el("label", el("input", type="checkbox", checked=True, data_sync=sync), " ", title) for sync, title in kinds),
        _choice("Around", "data_around", "everything", [(node.id, node.title) for node in sorted(picture.nodes, key=lambda n: n.title)]),
        _choice("Tag", "data_tag", "any", [(tag, tag) for tag in tags]) if tags else Html(),
        class_="tools",
        role="group",
        aria_label=f"View of {picture.title}",
        hidden=True,
        data_for=name,
    )


def _icon(path: str) -> Html:
    return el("svg", el("path", d=path), viewBox="0 0 16 16", width=16, height=16, class_="icon", aria_hidden="true")


def _choice(title: str, attribute: str, all_: str, options: list[tuple[str, str]]) -> Html:
    listed = (el("option", text, value=value) for value, text in options)
    return el("label", title, " ", el("select", el("option", all_, value=""), *listed, **{attribute: True}))


def boxes_table(picture: Picture) -> Html:
    return table("Boxes", ("Name", "Kind", "What it does"), [(_named(node), node.kind, node.description) for node in picture.nodes])


def _named(node: Node) -> Html:
    link = address(node.link)
    return el("a", node.title, href=link) if link else joined((node.title,))


def arrows_table(picture: Picture) -> Html:
    titles = {node.id: node.title for node in picture.nodes}
    name = identifier(picture.id)
    rows = (
        el(
            "tr",
            el("td", titles[edge.source]),
            el("td", titles[edge.target]),
            el("td", _details(edge), el("small", ", ".join(edge.tags), class_="tags") if edge.tags else ""),
            el("td", SYNC[edge.sync]),
            el("td", evidence(edge.evidence)),
            id=f"{name}.{identifier(edge.id)}",
        )
        for edge in picture.edges
    )
    return (
        framed("Arrows", ("From", "To", "What passes", "Call", "Evidence"), [el("tbody", joined(rows, "\n"))]) if picture.edges else Html()
    )


def _details(edge: Edge) -> Html:
    said = edge.details or tuple(edge.label.split("\n"))
    return joined((said[0],)) if len(said) == 1 else el("ul", *(el("li", line) for line in said))


def evidence(listed: tuple[Evidence, ...]) -> Html:
    if not listed:
        return el("span", "stated by hand", class_="quiet")
    return el("ul", *(el("li", _place(item), " ", el("small", " · ".join(_how(item)))) for item in listed), class_="lags")


def _place(item: Evidence) -> Html:
    return located(item.repo, item.path, item.line, address(item.address))


def located(repo: str, path: str, line: int, link: str = "") -> Html:
    """A place in code; what has the class `lags` may stand elsewhere by now (see `pages.folder`)."""
    text = f"{repo}: {path}" if repo else path
    place = el("code", f"{text}:{line}" if line else text, class_=None if link else "lags")
    return el("a", place, class_="lags", href=link) if link else place


def _how(item: Evidence) -> list[str]:
    return [part for part in (item.rule, item.tier, item.note) if part]
