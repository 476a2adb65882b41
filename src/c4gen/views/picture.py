"""What is drawn, before it is laid out. Values with stable order make bytes with stable order."""

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    PERSON = "person"
    BOX = "box"
    DATABASE = "database"
    QUEUE = "queue"


class Sync(StrEnum):
    SYNC = "sync"
    ASYNC = "async"
    MIXED = "mixed"  # some of the flows behind the arrow are one, some the other


@dataclass(frozen=True)
class Evidence:
    """Why an arrow is there: `path:line` in a repository, and the rule that read it. `address` links to it where one is known."""

    repo: str
    path: str
    line: int
    rule: str
    tier: str  # proven, host, sdk, config, inferred, curated
    note: str = ""
    address: str = ""


@dataclass(frozen=True)
class Node:
    id: str
    title: str
    kind: str  # the line under the title: "Software System", "Container: Django"
    description: str = ""
    shape: Shape = Shape.BOX
    external: bool = False
    boundary: str = ""  # id of the boundary that it stands in
    link: str = ""  # page that a click leads to
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Boundary:
    id: str
    title: str
    kind: str = ""


@dataclass(frozen=True)
class Edge:
    """An arrow. Several flows between the same two boxes are one arrow with several lines of label; `details` tell each of them in full."""

    id: str
    source: str
    target: str
    label: str
    sync: Sync = Sync.SYNC
    technology: str = ""
    tags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """One diagram. `id` is stable and names its file and its kept positions."""

    id: str
    title: str
    description: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    boundaries: tuple[Boundary, ...] = ()
