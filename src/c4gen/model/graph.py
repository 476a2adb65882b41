"""Curated and generated merged: what the pictures show and the analyses read."""

from dataclasses import dataclass
from enum import StrEnum

from c4gen.model.curated import Model
from c4gen.model.facts import Evidence, Facts, Tier
from c4gen.model.findings import Finding


class Standing(StrEnum):
    CONFIRMED = "confirmed"  # in the model and in the code
    CODE = "code"  # in the code alone
    ASSERTED = "asserted"  # a person vouches for it, and the date has not passed
    CURATED = "curated"  # in the model alone


@dataclass(frozen=True)
class Connection:
    """An edge between actors, systems and containers of `Graph.model`. `flow` is the curated flow's id, `found` are the ids of edges in the facts."""

    id: str
    source: str
    target: str
    label: str
    sync: str  # sync, async, mixed
    standing: Standing
    tier: Tier
    confidence: float
    protocol: str = ""
    data: str = ""
    trigger: str = ""
    queue: str = ""
    schedule: str = ""
    tags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    flow: str = ""
    found: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """What names alone suggest is told, not drawn."""
        return self.standing is not Standing.CODE or self.tier is not Tier.INFERRED


@dataclass(frozen=True)
class Graph:
    """`model` holds every box: the curated ones, and those that only the code knows. `findings` are the contradictions met on the way."""

    model: Model
    connections: tuple[Connection, ...]
    facts: Facts
    findings: tuple[Finding, ...] = ()
