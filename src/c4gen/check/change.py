"""What a branch changes in the architecture, and what a repository's history did to its edges."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from c4gen.check.drift import plain
from c4gen.model.facts import Facts, FoundEdge, Operation, Schedule


@dataclass(frozen=True)
class Change:
    """`moved` pairs edges that are the same but for their attributes."""

    added: tuple[FoundEdge, ...]
    removed: tuple[FoundEdge, ...]
    moved: tuple[tuple[FoundEdge, FoundEdge], ...]
    operations_added: tuple[Operation, ...]
    operations_removed: tuple[Operation, ...]
    schedules: tuple[tuple[str, str, str], ...]  # name, before, after
    settings_added: tuple[str, ...]
    settings_removed: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def compare(before: Facts, after: Facts) -> Change:
    old, new = {edge.id: edge for edge in before.edges}, {edge.id: edge for edge in after.edges}
    moved = [(old[id], new[id]) for id in sorted(old.keys() & new.keys()) if _attributes(old[id]) != _attributes(new[id])]
    old_operations, new_operations = {_operation(one): one for one in before.operations}, {_operation(one): one for one in after.operations}
    old_settings, new_settings = {one.name for one in before.settings}, {one.name for one in after.settings}
    return Change(
        tuple(new[id] for id in sorted(new.keys() - old.keys())),
        tuple(old[id] for id in sorted(old.keys() - new.keys())),
        tuple(moved),
        tuple(new_operations[key] for key in sorted(new_operations.keys() - old_operations.keys())),
        tuple(old_operations[key] for key in sorted(old_operations.keys() - new_operations.keys())),
        tuple(_schedules(before.schedules, after.schedules)),
        tuple(sorted(new_settings - old_settings)),
        tuple(sorted(old_settings - new_settings)),
    )


def _attributes(edge: FoundEdge) -> tuple[object, ...]:
    return (edge.tier, edge.schedule, edge.settings, edge.tags)


def _operation(one: Operation) -> tuple[str, str, str]:
    return (one.repo, one.method, one.path)


def _schedules(before: Iterable[Schedule], after: Iterable[Schedule]) -> Iterable[tuple[str, str, str]]:
    old, new = ({one.name: f"{one.cadence} {one.task} {one.queue}".strip() for one in listed} for listed in (before, after))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, old.get(name, ""), new.get(name, "")


def told(change: Change, title: str) -> str:
    """A change as Markdown."""
    lines = [f"# {plain(title)}", ""]
    if change.empty:
        return "\n".join([*lines, "The architecture stays as it is.", ""])
    parts: list[tuple[str, list[str]]] = [
        ("New edges", [_edge(edge) for edge in change.added]),
        ("Edges that end", [_edge(edge) for edge in change.removed]),
        ("Edges that change", [f"{_edge(new)}: {_difference(old, new)}" for old, new in change.moved]),
        (
            "New operations",
            [f"{one.method} {plain(one.path)} ({plain(one.evidence.path)}:{one.evidence.line})" for one in change.operations_added],
        ),
        ("Operations that end", [f"{one.method} {plain(one.path)}" for one in change.operations_removed]),
        ("Schedules", [f"{plain(name)}: {plain(old) or 'none'} → {plain(new) or 'none'}" for name, old, new in change.schedules]),
        ("New settings", list(map(plain, change.settings_added))),
        ("Settings that end", list(map(plain, change.settings_removed))),
    ]
    for heading, entries in parts:
        if entries:
            lines += [f"## {heading}", "", *(f"- {entry}" for entry in entries), ""]
    return "\n".join(lines)


def _edge(edge: FoundEdge) -> str:
    where = f" ({plain(edge.evidence[0].path)}:{edge.evidence[0].line})" if edge.evidence else ""
    return f"{plain(edge.source)} → {plain(edge.target)}: {plain(edge.label)} [{edge.sync}, {edge.tier}]{where}"


def _difference(old: FoundEdge, new: FoundEdge) -> str:
    said = [
        f"{name} {plain(str(getattr(old, name)))} → {plain(str(getattr(new, name)))}"
        for name in ("tier", "schedule", "settings", "tags")
        if getattr(old, name) != getattr(new, name)
    ]
    return "; ".join(said)


@dataclass(frozen=True)
class Life:
    """An edge from the commit that first has it to the first that has it no more; `died` is empty while it lives."""

    edge: FoundEdge
    born: str
    died: str = ""


def lives(commits: Iterable[str], facts_of: Callable[[str], Facts]) -> list[Life]:
    """Births and deaths over commits, oldest first. An edge that comes back lives twice."""
    alive: dict[str, Life] = {}
    ended: list[Life] = []
    for commit in commits:
        now = {edge.id: edge for edge in facts_of(commit).edges}
        for id in sorted(alive.keys() - now.keys()):
            life = alive.pop(id)
            ended.append(Life(life.edge, life.born, commit))
        for id in sorted(now.keys() - alive.keys()):
            alive[id] = Life(now[id], commit)
    return [*ended, *(alive[id] for id in sorted(alive))]
