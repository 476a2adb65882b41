"""One picture as C4-PlantUML and as Mermaid."""

from c4gen.exports.names import aliases
from c4gen.layout.text import plain
from c4gen.views.picture import Boundary, Edge, Node, Picture, Shape, Sync

AMBER = "#e8a33d"


def plantuml(picture: Picture) -> str:
    names = aliases([*(node.id for node in picture.nodes), *(boundary.id + " boundary" for boundary in picture.boundaries)])
    lines = [
        "@startuml",
        "!include <C4/C4_Container>",
        "!include <C4/C4_Component>",
        f'AddRelTag("async", $lineColor="{AMBER}", $lineStyle=DashedLine())',
        f"title {_quoted(picture.title)[1:-1]}",
        *(_plantuml_node(node, names) for node in picture.nodes if not node.boundary),
    ]
    for boundary in picture.boundaries:
        lines += _plantuml_boundary(boundary, picture, names)
    lines += [_plantuml_edge(edge, names) for edge in picture.edges]
    return "\n".join([*lines, "SHOW_LEGEND()", "@enduml", ""])


def _plantuml_boundary(boundary: Boundary, picture: Picture, names: dict[str, str]) -> list[str]:
    inside = [f"  {_plantuml_node(node, names)}" for node in picture.nodes if node.boundary == boundary.id]
    return [f"Boundary({names[boundary.id + ' boundary']}, {_quoted(boundary.title)}) {{", *inside, "}"]


def _plantuml_node(node: Node, names: dict[str, str]) -> str:
    name, title, about = names[node.id], _quoted(node.title), _quoted(node.description)
    if node.shape is Shape.PERSON:
        return f"Person({name}, {title}, {about})"
    kind = node.kind.partition(":")
    shape = {Shape.DATABASE: "Db", Shape.QUEUE: "Queue"}.get(node.shape, "")
    level = kind[0] if kind[0] in ("Container", "Component") else "System"
    outside = "_Ext" if node.external else ""
    technology = "" if level == "System" else f"{_quoted(kind[2].strip())}, "
    return f"{level}{shape}{outside}({name}, {title}, {technology}{about})"


def _plantuml_edge(edge: Edge, names: dict[str, str]) -> str:
    tag = "" if edge.sync is Sync.SYNC else ', $tags="async"'
    return f"Rel({names[edge.source]}, {names[edge.target]}, {_quoted(_label(edge))}, {_quoted(edge.technology)}{tag})"


def _label(edge: Edge) -> str:
    return plain(edge.label.replace("\n", "; ")) or "uses"


def _quoted(text: str) -> str:
    """PlantUML has no escape for a double quote; `!` begins a directive, `<` a tag."""
    return '"' + plain(text).replace('"', "'").replace("<", "‹").replace(">", "›").replace("!", "ǃ").replace("\\", "/") + '"'


def mermaid(picture: Picture) -> str:
    names = aliases([*(node.id for node in picture.nodes), *(boundary.id + " boundary" for boundary in picture.boundaries)])
    lines = ["flowchart TB", *(f"  {_mermaid_node(node, names)}" for node in picture.nodes if not node.boundary)]
    for boundary in picture.boundaries:
        inside = [f"    {_mermaid_node(node, names)}" for node in picture.nodes if node.boundary == boundary.id]
        lines += [f"  subgraph {names[boundary.id + ' boundary']}[{_entities(boundary.title)}]", *inside, "  end"]
    lines += [f"  {names[edge.source]} {ARROWS[edge.sync]}|{_entities(_label(edge))}| {names[edge.target]}" for edge in picture.edges]
    return "\n".join([*lines, ""])


ARROWS = {Sync.SYNC: "-->", Sync.ASYNC: "-.->", Sync.MIXED: "==>"}
FRAMES = {Shape.PERSON: ("([", "])"), Shape.BOX: ("[", "]"), Shape.DATABASE: ("[(", ")]"), Shape.QUEUE: ("[[", "]]")}


def _mermaid_node(node: Node, names: dict[str, str]) -> str:
    before, after = FRAMES[node.shape]
    return f"{names[node.id]}{before}{_entities(f'{node.title} ({node.kind})' if node.kind else node.title)}{after}"


def _entities(text: str) -> str:
    """Mermaid's numbered entities for everything that could be markup of its own or of the page."""
    return '"' + "".join(c if c.isalnum() or c in " .,:/()-_" else f"#{ord(c)};" for c in plain(text)) + '"'
