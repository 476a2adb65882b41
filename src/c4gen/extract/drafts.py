"""Edges while their evidence is gathered, and what all finders of edges ask: what runs a function, when, in which box."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from c4gen.extract.boxes import Boxes
from c4gen.extract.jobs import Jobs
from c4gen.extract.program import FunctionRef, Program
from c4gen.extract.reach import Reach, Trigger
from c4gen.extract.scan import Scan
from c4gen.extract.settings import Settings
from c4gen.model.facts import Evidence, FoundEdge, FoundNode, Kind, Operation, Tier, Unresolved

_TIERS = list(Tier)


@dataclass
class Draft:
    """An edge while its evidence is gathered; drafts with the same key are one edge."""

    source: str
    target: str
    kind: Kind
    sync: str
    label: str
    operation: str = ""
    queue: str = ""
    tier: Tier = Tier.INFERRED
    confidence: float = 0.5
    protocol: str = ""
    direction: str = "out"
    schedules: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    triggers: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    evidence: set[Evidence] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.source, self.target, self.kind.value, self.sync, self.operation, self.queue, self.direction)

    def done(self) -> FoundEdge:
        id = blake2b("|".join(self.key).encode(), digest_size=6).hexdigest()
        return FoundEdge(
            id, self.source, self.target, self.kind, self.label, self.sync, self.tier, round(self.confidence, 2), self.protocol, self.operation,
            self.queue, ", ".join(sorted(self.schedules)), self.direction, tuple(sorted(self.settings)), tuple(sorted(self.triggers)[:20]),
            tuple(sorted(self.tags)), tuple(sorted(self.evidence))[:40],
        )  # fmt: skip


class Drafts:
    """What is known about some repositories, and the edges drawn from it so far."""

    def __init__(
        self, program: Program, scans: list[Scan], settings: Settings, jobs: Jobs, reach: Reach, boxes: Boxes, operations: list[Operation]
    ) -> None:
        self.program = program
        self.scans = scans
        self.settings = settings
        self.jobs = jobs
        self.reach = reach
        self.boxes = boxes
        self.operations: dict[str, list[Operation]] = defaultdict(list)
        for operation in operations:
            self.operations[operation.repo].append(operation)
        self.unresolved: list[Unresolved] = []
        self._made: dict[tuple[str, ...], Draft] = {}
        self._cadences: dict[str, set[str]] = defaultdict(set)
        for schedule in jobs.schedules:
            known = jobs.named(schedule.task)
            self._cadences[known.task.name if known else schedule.task].add(schedule.cadence)

    def done(self) -> list[FoundEdge]:
        return sorted(
            (draft.done() for draft in self._made.values()),
            key=lambda edge: (edge.source, edge.target, edge.kind, edge.operation, edge.sync, edge.id),
        )

    def add(self, draft: Draft) -> None:
        if draft.source == draft.target:
            return
        known = self._made.setdefault(draft.key, draft)
        if known is draft:
            return
        if _TIERS.index(draft.tier) < _TIERS.index(known.tier):
            known.tier = draft.tier
        known.confidence = max(known.confidence, draft.confidence)
        known.tags = (known.tags & draft.tags) | {tag for tag in known.tags | draft.tags if tag.startswith(("no-", "hard-"))}
        for name in ("schedules", "settings", "triggers", "evidence"):
            getattr(known, name).update(getattr(draft, name))

    def runs(self, ref: FunctionRef, runner: FunctionRef | None = None) -> Iterator[tuple[str, str, str, list[Trigger]]]:
        """(box, sync, queue, triggers): one for each way in which a function comes to run. Where it only builds what the `runner` uses, those that
        set off both count."""
        triggers = self.reach.triggers(ref)
        if runner is not None and runner != ref:
            running = self.reach.triggers(runner, every=True)  # a client that everybody uses has nearer ones than this
            tasks = [one for one in triggers if one.kind == "task"]
            built = [one for one in triggers if one.kind != "startup"]
            triggers = [one for one in running if one in triggers] or tasks or built or self.reach.triggers(runner) or triggers
        repo, path = ref.module.repo, ref.module.path
        direct = [trigger for trigger in triggers if trigger.kind in ("view", "consumer")]
        commands = [trigger for trigger in triggers if trigger.kind in ("command", "startup", "signal")]
        queues: dict[str, list[Trigger]] = defaultdict(list)
        for trigger in triggers:
            if trigger.kind == "task":
                found = self.jobs.of(trigger.ref)
                queues[found.task.queue if found else ""].append(trigger)
        if direct or (commands and not queues) or not triggers:
            yield self.boxes.at(repo, path, "web"), "sync", "", direct or commands
        for queue, found_triggers in sorted(queues.items()):
            yield self.boxes.at(repo, path, "worker", queue), "async", queue, found_triggers

    def schedules(self, triggers: Iterable[Trigger]) -> set[str]:
        return {cadence for trigger in triggers if trigger.kind == "task" for cadence in self._cadences.get(trigger.name, ())}

    def container(self, system: str, id: str, name: str, technology: str, shape: str, evidence: Evidence) -> str:
        """Make sure that a system has a container of its own."""
        self.boxes.nodes.setdefault(id, FoundNode(id, name, "container", technology, shape, system, evidence=(evidence,)))
        return id
