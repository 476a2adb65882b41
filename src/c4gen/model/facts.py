"""The generated half: what extraction found in repositories. Plain values with a stable order, written as JSON and read again."""

from dataclasses import dataclass, field
from enum import StrEnum


class Tier(StrEnum):
    """How well an edge is known, best first."""

    PROVEN = "proven"  # host and path belong to an operation that a scanned repository provides
    HOST = "host"  # the host, or the setting that holds it, is known
    SDK = "sdk"  # a library that talks to one kind of service is called
    CONFIG = "config"  # settings, compose, gateway or package files say so
    INFERRED = "inferred"  # names alone
    CURATED = "curated"  # a person says so


class Kind(StrEnum):
    HTTP = "http"
    WEBHOOK = "webhook"
    SDK = "sdk"
    DATABASE = "database"
    CACHE = "cache"
    QUEUE = "queue"
    SCHEDULE = "schedule"
    GATEWAY = "gateway"
    PACKAGE = "package"
    PROXY = "proxy"
    CONFIG = "config"
    IMPORT = "import"


class Side(StrEnum):
    CONSUMER = "consumer"
    PROVIDER = "provider"
    SETTING = "setting"
    CONFIG = "config"
    TRIGGER = "trigger"


@dataclass(frozen=True, order=True)
class Evidence:
    """A line that says so. `symbol` names the function or setting: it stays when lines move."""

    repo: str
    path: str
    line: int
    rule: str
    side: Side = Side.CONSUMER
    symbol: str = ""
    note: str = ""


@dataclass(frozen=True)
class FoundNode:
    """A box found in code: a repository's system, a container of a compose file, an outside host."""

    id: str
    name: str
    kind: str  # system, container, external
    technology: str = ""
    shape: str = "container"
    system: str = ""  # for containers: the system around
    roles: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class FoundEdge:
    """`operation` is "GET /api/v1/courses/{}" as far as known; `triggers` are the views, tasks and commands from which the call is reached."""

    id: str
    source: str
    target: str
    kind: Kind
    label: str
    sync: str  # sync, async, mixed
    tier: Tier
    confidence: float
    protocol: str = ""
    operation: str = ""
    queue: str = ""
    schedule: str = ""
    direction: str = "out"  # out, in (webhooks and pulls of others)
    settings: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Setting:
    """A name of a settings module: the environment variable behind it, its default as far as it is plain, and where it stands."""

    repo: str
    name: str
    env: str
    default: str
    evidence: Evidence
    uses: int = 0


@dataclass(frozen=True)
class Operation:
    """A route that a repository provides. `path` has `{}` for each parameter."""

    repo: str
    method: str  # GET, POST, …, ANY
    path: str
    name: str
    handler: str
    evidence: Evidence
    documented: bool = False  # in a committed OpenAPI document
    signature_check: str = ""  # how a webhook is verified, where it is one


@dataclass(frozen=True)
class Task:
    repo: str
    name: str
    symbol: str
    queue: str
    evidence: Evidence


@dataclass(frozen=True)
class Schedule:
    """A beat entry. `cadence` is normalised: "every 3600 s" or "cron: m h dom mon dow"; `env` names what may override it."""

    repo: str
    name: str
    task: str
    cadence: str
    queue: str
    evidence: Evidence
    settings: tuple[str, ...] = ()
    env: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unresolved:
    """A call whose target could not be read from code. Listed, never dropped."""

    repo: str
    path: str
    line: int
    symbol: str
    expression: str
    reason: str
    triggers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """A file that could not be read: syntax error, too large, not text."""

    repo: str
    path: str
    line: int
    code: str
    message: str


@dataclass(frozen=True)
class Facts:
    repositories: tuple[str, ...] = ()
    nodes: tuple[FoundNode, ...] = ()
    edges: tuple[FoundEdge, ...] = ()
    settings: tuple[Setting, ...] = ()
    operations: tuple[Operation, ...] = ()
    tasks: tuple[Task, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    troubles: tuple[Trouble, ...] = field(default=())
