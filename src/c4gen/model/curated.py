"""The hand-written half of a model: names, prose, people, outside systems, scenarios. Unknown keys are refused."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)]


class Shape(StrEnum):
    CONTAINER = "container"
    DATABASE = "db"
    QUEUE = "queue"


class Role(StrEnum):
    """How the code of a container comes to run: edges found in code are given to the container that runs them."""

    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    COMMAND = "command"
    BROWSER = "browser"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """A file or folder of a repository; `line` where one is meant."""

    repo: Line
    path: Line
    line: int | None = Field(default=None, ge=1)


class Actor(Strict):
    id: Id
    name: Line
    description: Text = ""


class Relationship(Strict):
    """From a component to another component, container, system or actor of the same model."""

    target: Id
    label: Line = ""
    sync: bool = True
    technology: Line = ""


class Component(Strict):
    id: Id
    name: Line
    technology: Line = ""
    description: Text = ""
    source: Source | None = None
    relationships: tuple[Relationship, ...] = ()


class Container(Strict):
    """`runs` and `queues` tell which code the container executes; `aliases` are other names that compose files, settings or hosts use for it."""

    id: Id
    name: Line
    technology: Line = ""
    description: Text = ""
    shape: Shape = Shape.CONTAINER
    source: Source | None = None
    runs: tuple[Role, ...] = ()
    queues: tuple[Line, ...] = ()
    aliases: tuple[Line, ...] = ()
    components: tuple[Component, ...] = ()


class System(Strict):
    """`aliases` are hosts, settings and compose names that mean this system: what ties an address in code to a box."""

    id: Id
    name: Line
    kind: Literal["internal", "external"] = "external"
    description: Text = ""
    repo: Line = ""
    source: Source | None = None
    owner: Line = ""
    lifecycle: Literal["planned", "live", "retired"] = "live"
    context_group: Line = ""
    aliases: tuple[Line, ...] = ()
    containers: tuple[Container, ...] = ()


class Provenance(Strict):
    """Where a flow was read, as the models of the reference state it."""

    derived_from: Literal["graph", "code", "infra", "manual"] = "manual"
    contract_kind: Literal["endpoint", "env_var", "service", "package", ""] = ""
    contract_key: Line = ""
    repo: Line = ""
    path: Line = ""
    line: int | None = Field(default=None, ge=1)


class Assertion(Strict):
    """A person vouches for an edge that code does not show. Past `expires` it is a finding until someone looks again."""

    reason: Line
    expires: date
    by: Line = ""


class Flow(Strict):
    """`trigger`: "on request", "beat: …", "event: …". `queue` and `schedule` are compared with the code where they are given."""

    id: Id
    source: Id
    target: Id
    label: Line = ""
    sync: bool = True
    protocol: Line = ""
    data: Line = ""
    trigger: Line = ""
    queue: Line = ""
    schedule: Line = ""
    tags: tuple[Line, ...] = ()
    asserted: Assertion | None = None
    provenance: Provenance | None = None


class Step(Strict):
    source: Id
    target: Id
    label: Line = ""
    sync: bool = True


class Scenario(Strict):
    id: Id
    title: Line
    description: Text = ""
    steps: tuple[Step, ...] = ()


class EtlSource(Strict):
    name: Line
    transport: Line = ""
    cadence: Line = ""
    data: Line = ""
    fragile: bool = False
    source_ref: Source | None = None


class Repository(Strict):
    """A repository read for this model. `path` is relative to the model's file; `url` is the address below which files are shown (`…/blob/main`)."""

    name: Line
    path: Line = ""
    url: Line = ""


class Meta(Strict):
    """`primary_system` is what the container view expands; `api_container` is where flows addressed to the whole system land."""

    name: Id
    title: Line = ""
    primary_system: Id
    description: Text = ""
    domain: Line = ""
    api_container: Id | None = None
    repositories: tuple[Repository, ...] = ()
    has_infrastructure_references: bool = False


class Model(Strict):
    meta: Meta
    actors: tuple[Actor, ...] = ()
    systems: tuple[System, ...] = ()
    flows: tuple[Flow, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    etl_sources: tuple[EtlSource, ...] = ()

    def containers(self) -> dict[str, tuple[System, Container]]:
        """Containers by id, each with the system that it belongs to."""
        return {container.id: (system, container) for system in self.systems for container in system.containers}

    def system_of(self, id: str) -> str:
        """The system that a box belongs to: itself, or the one around a container; an actor's own id."""
        for system in self.systems:
            if any(container.id == id for container in system.containers):
                return system.id
        return id

    @property
    def primary(self) -> System:
        return next(system for system in self.systems if system.id == self.meta.primary_system)
