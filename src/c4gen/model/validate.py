"""What a typed model can still get wrong: ids that name nothing, steps without flows, sources that are gone, assertions past their date."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from c4gen.model.curated import Flow, Model, Source, System
from c4gen.model.findings import Finding, Severity, ordered


def check_model(model: Model, path: str, today: date, roots: dict[str, Path] | None = None) -> tuple[Finding, ...]:
    """Findings of one model. `roots` are folders of repositories by name, in which source references are looked up."""
    return ordered(
        Finding(code, message, severity, path)
        for code, message, severity in [
            *_ids(model),
            *_ends(model),
            *_steps(model),
            *_assertions(model, today),
            *_sources(model, roots or {}),
        ]
    )


def _ids(model: Model) -> Iterator[tuple[str, str, Severity]]:
    boxes = Counter([actor.id for actor in model.actors] + [system.id for system in model.systems] + list(_container_ids(model)))
    for kind, ids in (
        ("box", boxes),
        ("flow", Counter(flow.id for flow in model.flows)),
        ("scenario", Counter(one.id for one in model.scenarios)),
    ):
        for id, count in ids.items():
            if count > 1:
                yield "model.twice", f"The {kind} id {id!r} is given {count} times.", Severity.ERROR
    if model.meta.primary_system not in {system.id for system in model.systems}:
        yield "model.primary", f"meta.primary_system names {model.meta.primary_system!r}, which is no system of this model.", Severity.ERROR
    elif model.meta.api_container and model.meta.api_container not in {container.id for container in model.primary.containers}:
        yield (
            "model.api-container",
            f"meta.api_container names {model.meta.api_container!r}, which is no container of {model.meta.primary_system}.",
            Severity.ERROR,
        )


def _container_ids(model: Model) -> Iterator[str]:
    return (container.id for system in model.systems for container in system.containers)


def boxes_of(model: Model) -> set[str]:
    return {actor.id for actor in model.actors} | {system.id for system in model.systems} | set(_container_ids(model))


def _ends(model: Model) -> Iterator[tuple[str, str, Severity]]:
    known = boxes_of(model)
    for flow in model.flows:
        for end in (flow.source, flow.target):
            if end not in known:
                yield "model.unknown-id", f"The flow {flow.id!r} names {end!r}, which is no actor, system or container.", Severity.ERROR
    for scenario in model.scenarios:
        for number, step in enumerate(scenario.steps, 1):
            for end in (step.source, step.target):
                if end not in known:
                    yield (
                        "model.unknown-id",
                        f"Step {number} of {scenario.id!r} names {end!r}, which is no actor, system or container.",
                        Severity.ERROR,
                    )
    for system in model.systems:
        for container in system.containers:
            local = {component.id for component in container.components} | known
            for component in container.components:
                for relationship in component.relationships:
                    if relationship.target not in local:
                        message = f"The component {component.id!r} of {container.id!r} points at {relationship.target!r}, which is nothing that it can see."
                        yield "model.unknown-id", message, Severity.ERROR


def _steps(model: Model) -> Iterator[tuple[str, str, Severity]]:
    """Each step of a scenario is some flow, between the same boxes or the systems around them, and says the same of sync."""
    flows: dict[tuple[str, str], list[Flow]] = {}
    for flow in model.flows:
        for pair in _pairs(model, flow.source, flow.target):
            flows.setdefault(pair, []).append(flow)
    for scenario in model.scenarios:
        for number, step in enumerate(scenario.steps, 1):
            found = [flow for pair in _pairs(model, step.source, step.target) for flow in flows.get(pair, ())]
            if not found and step.source != step.target:
                yield (
                    "model.step-without-flow",
                    f"Step {number} of {scenario.id!r}, {step.source} to {step.target}, has no flow behind it.",
                    Severity.WARNING,
                )
            elif found and all(flow.sync != step.sync for flow in found):
                says = "synchronous" if step.sync else "asynchronous"
                yield "model.step-sync", f"Step {number} of {scenario.id!r} is {says}; its flow {found[0].id!r} is not.", Severity.WARNING


def _pairs(model: Model, source: str, target: str) -> set[tuple[str, str]]:
    return {
        (source, target),
        (model.system_of(source), target),
        (source, model.system_of(target)),
        (model.system_of(source), model.system_of(target)),
    }


def _assertions(model: Model, today: date) -> Iterator[tuple[str, str, Severity]]:
    for flow in model.flows:
        if flow.asserted and flow.asserted.expires < today:
            yield (
                "model.expired",
                f"The assertion of {flow.id!r} ended on {flow.asserted.expires}: look whether it still holds, then set a new date.",
                Severity.ERROR,
            )


def _sources(model: Model, roots: dict[str, Path]) -> Iterator[tuple[str, str, Severity]]:
    for owner, source in _references(model):
        root = roots.get(source.repo.rpartition("/")[2])
        if root is None or not source.path:
            continue
        pure = PurePosixPath(source.path)
        if pure.is_absolute() or ".." in pure.parts:
            yield "model.source-outside", f"The source of {owner!r} leaves its repository: {source.path}.", Severity.ERROR
        elif not (root / pure).exists():
            yield "model.dead-source", f"The source of {owner!r} is gone: {source.repo}/{source.path}.", Severity.ERROR
        elif source.line and (root / pure).is_file() and (root / pure).read_bytes().count(b"\n") + 1 < source.line:
            yield "model.dead-source", f"The source of {owner!r} has no line {source.line}: {source.repo}/{source.path}.", Severity.WARNING


def _references(model: Model) -> Iterator[tuple[str, Source]]:
    for system in model.systems:
        yield from _of_system(system)
    for flow in model.flows:
        if flow.provenance and flow.provenance.path:
            yield flow.id, Source(repo=flow.provenance.repo, path=flow.provenance.path, line=flow.provenance.line)
    for etl in model.etl_sources:
        if etl.source_ref:
            yield etl.name, etl.source_ref


def _of_system(system: System) -> Iterator[tuple[str, Source]]:
    if system.source:
        yield system.id, system.source
    for container in system.containers:
        if container.source:
            yield container.id, container.source
        for component in container.components:
            if component.source:
                yield component.id, component.source


def check_across(models: Iterable[tuple[str, Model]]) -> tuple[Finding, ...]:
    """Contradictions between models: one id with two meanings, one box with two names, an edge that only one side knows."""
    known = list(models)
    return ordered([*_meanings(known), *_one_sided(known)])


def _meanings(models: list[tuple[str, Model]]) -> Iterator[Finding]:
    said: dict[str, list[tuple[str, str, str]]] = {}
    for path, model in models:
        for system in model.systems:
            said.setdefault(system.id, []).append((path, "system", system.name))
            for container in system.containers:
                said.setdefault(container.id, []).append((path, f"container of {system.id}", container.name))
        for actor in model.actors:
            said.setdefault(actor.id, []).append((path, "actor", actor.name))
    for id, uses in sorted(said.items()):
        first = uses[0]
        for use in uses[1:]:
            if use[1] != first[1]:
                yield Finding("models.two-meanings", f"{id!r} is a {use[1]} here and a {first[1]} in {first[0]}.", Severity.WARNING, use[0])
            elif use[2].lower() != first[2].lower():
                yield Finding(
                    "models.two-names", f"{id!r} is called {use[2]!r} here and {first[2]!r} in {first[0]}.", Severity.NOTE, use[0]
                )


def _one_sided(models: list[tuple[str, Model]]) -> Iterator[Finding]:
    by_primary = {model.meta.primary_system: (path, model) for path, model in models}
    for path, model in models:
        own = model.meta.primary_system
        pairs = {(model.system_of(flow.source), model.system_of(flow.target)): flow.id for flow in model.flows}
        for (source, target), flow in sorted(pairs.items()):
            other = target if source == own else source
            if other == own or own not in (source, target) or other not in by_primary:
                continue
            there_path, there = by_primary[other]
            theirs = {(there.system_of(one.source), there.system_of(one.target)) for one in there.flows}
            if (source, target) not in theirs:
                yield Finding(
                    "models.one-sided", f"{source} to {target} ({flow!r} in {path}) is unknown to this model.", Severity.WARNING, there_path
                )
