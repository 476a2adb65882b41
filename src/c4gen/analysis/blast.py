"""What a change of an operation or a setting reaches."""

from dataclasses import dataclass

from c4gen.extract.addresses import normal, provider, same_path
from c4gen.model.facts import Evidence, Facts, FoundEdge, Schedule


@dataclass(frozen=True)
class Blast:
    subject: str
    edges: tuple[FoundEdge, ...]
    schedules: tuple[Schedule, ...]
    triggers: tuple[str, ...]
    lines: tuple[Evidence, ...]


def of_operation(facts: Facts, method: str, path: str) -> Blast:
    """Those who call `method path`, by what was seen of them."""
    wanted = normal(path)
    edges = [edge for edge in facts.edges if edge.operation and _means(edge, method.upper(), wanted, facts)]
    return _blast(facts, f"{method.upper()} {wanted}", edges, [])


def _means(edge: FoundEdge, method: str, path: str, facts: Facts) -> bool:
    said, _, called = edge.operation.partition(" ")
    if not same_path(called, path) or (method not in (said, "ANY") and said != "ANY"):
        return False
    found = provider(facts.operations, method, path)
    return (
        found is None
        or not any(one.side == "provider" for one in edge.evidence)
        or any(one.path == found.evidence.path for one in edge.evidence)
    )


def of_setting(facts: Facts, name: str) -> Blast:
    """What reads a setting or an environment variable: edges, schedules, and the settings that are made of it."""
    names = {name} | {one.name for one in facts.settings if one.env == name}
    edges = [edge for edge in facts.edges if names & set(edge.settings)]
    schedules = [one for one in facts.schedules if names & {*one.settings, *one.env}]
    return _blast(facts, name, edges, schedules)


def _blast(facts: Facts, subject: str, edges: list[FoundEdge], schedules: list[Schedule]) -> Blast:
    triggers = sorted({trigger for edge in edges for trigger in edge.triggers})
    tasks = {trigger.removeprefix("task: ") for trigger in triggers if trigger.startswith("task: ")}
    running = {one for one in facts.schedules if one.task in tasks} | set(schedules)
    lines = sorted({one for edge in edges for one in edge.evidence} | {one.evidence for one in schedules})
    return Blast(subject, tuple(edges), tuple(sorted(running, key=lambda one: (one.repo, one.name))), tuple(triggers), tuple(lines))


@dataclass(frozen=True)
class SharedKnob:
    """One variable that moves several schedules at once."""

    env: str
    schedules: tuple[Schedule, ...]


def shared_knobs(facts: Facts) -> list[SharedKnob]:
    by_env: dict[str, list[Schedule]] = {}
    for schedule in facts.schedules:
        for env in schedule.env:
            by_env.setdefault(env, []).append(schedule)
    return [SharedKnob(env, tuple(found)) for env, found in sorted(by_env.items()) if len({one.name for one in found}) > 1]
