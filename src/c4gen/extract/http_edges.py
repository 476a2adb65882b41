"""Calls over HTTP as edges: from the container that runs the call to whoever its address means."""

import re
from collections.abc import Iterable
from dataclasses import replace

from c4gen.extract.addresses import normal, provider
from c4gen.extract.boxes import OWN, Destination
from c4gen.extract.clients import BY_NAME, HttpCall, Step
from c4gen.extract.drafts import Draft, Drafts
from c4gen.model.facts import Evidence, Kind, Operation, Side, Tier, Unresolved


def of_calls(drafts: Drafts, calls: Iterable[HttpCall]) -> None:
    """Each call as an edge; as an unresolved one where its address does not tell."""
    for call in calls:
        _of_call(drafts, call)


def _of_call(drafts: Drafts, call: HttpCall) -> None:
    destination = drafts.boxes.destination(call.address, call.ref.module.repo)
    if destination is None:
        _unresolved(drafts, call)
        return
    repo = drafts.boxes.repo_of(destination.node)
    offered = (
        provider(drafts.operations.get(repo, ()), call.method, normal(destination.path)) if repo and repo != call.ref.module.repo else None
    )
    if offered is None and not repo and destination.confidence < 0.7:
        destination, offered = _by_path(drafts, call, destination)
    evidence = {_step(step, call.rule, Side.CONSUMER) for step in call.steps}
    evidence.update(one for name in destination.settings if (one := drafts.settings.evidence(call.ref.module.repo, name)))
    if offered:
        evidence.add(replace(offered.evidence, side=Side.PROVIDER, note=f"{offered.method} {offered.path}"))
    method = call.method if call.method not in ("", "{}") and call.method.isalpha() else "ANY"
    operation = f"{method} {normal(destination.path)}" if destination.path not in ("", "/") else f"{method} /"
    target = _serving(drafts, destination.node, offered)
    if destination.note == OWN:
        _unresolved(drafts, call, "the name of its setting says that the address is its own")
    for source, sync, queue, triggers in drafts.runs(call.ref, call.runner):
        drafts.add(
            Draft(
                source, target, Kind.HTTP, sync, _label(operation), operation, queue, Tier.PROVEN if offered else destination.tier,
                min(0.99, destination.confidence + (0.1 if offered else 0)) - (0.2 if call.rule == BY_NAME else 0), "HTTPS",
                schedules=drafts.schedules(triggers), settings={*destination.settings, *destination.env},
                triggers={f"{trigger.kind}: {trigger.route or trigger.name}" for trigger in triggers}, tags=_tags(call, destination), evidence=evidence,
            )
        )  # fmt: skip


def _label(operation: str) -> str:
    method, _, path = operation.partition(" ")
    return path if method == "ANY" else operation


def _serving(drafts: Drafts, node: str, offered: Operation | None) -> str:
    """The web container of a scanned system, where one is known."""
    repo = drafts.boxes.repo_of(node)
    if offered is None or node != drafts.boxes.systems.get(repo):
        return node
    return drafts.boxes.at(repo, offered.evidence.path, "web")


def _by_path(drafts: Drafts, call: HttpCall, destination: Destination) -> tuple[Destination, Operation | None]:
    """A host that says nothing, and a path that one scanned repository alone provides: likely that one."""
    path = normal(destination.path)
    if sum("{}" not in part for part in path.strip("/").split("/")) < 3:
        return destination, None
    found = [
        (repo, one)
        for repo, offered in drafts.operations.items()
        if repo != call.ref.module.repo and (one := provider(offered, call.method, path))
    ]
    if len(found) != 1:
        return destination, None
    repo, operation = found[0]
    note = f"{path} is provided by {repo} alone"
    return replace(destination, node=drafts.boxes.systems[repo], tier=Tier.INFERRED, confidence=0.6, note=note), operation


def _step(step: Step, rule: str, side: Side) -> Evidence:
    return Evidence(step.ref.module.repo, step.ref.module.path, step.line, rule, side, step.ref.shown)


def _unresolved(drafts: Drafts, call: HttpCall, reason: str = "") -> None:
    slot = next((slot for slot in call.address.slots), None)
    reasons = {
        "param": "the address is given by callers that were not found",
        "unknown": "the address comes from data",
        "setting": "the setting has no address in code",
    }
    if not reason and not slot and not call.address.shown.startswith("http"):
        reason = "the address has no host"
    reason = reason or reasons.get(slot.kind if slot else "", "the host is local or unknown")
    triggers = tuple(sorted({f"{one.kind}: {one.name}" for one in drafts.reach.triggers(call.ref)})[:5])
    found = Unresolved(
        call.ref.module.repo,
        call.ref.module.path,
        call.steps[0].line,
        call.ref.shown,
        f"{call.method} {call.address.shown}"[:200],
        reason,
        triggers,
    )
    if not any(
        (one.repo, one.path, one.line, one.expression.partition(" ")[2]) == (found.repo, found.path, found.line, call.address.shown[:190])
        for one in drafts.unresolved
    ):
        drafts.unresolved.append(found)


def _tags(call: HttpCall, destination: Destination) -> set[str]:
    tags = set()
    if not call.timeout:
        tags.add("no-timeout")
    if not call.retry:
        tags.add("no-retry")
    if not call.auth:
        tags.add("no-auth")
    if destination.hard_coded:
        tags.add("hard-coded-host")
    if re.search(r"csrf|scrape|html|BeautifulSoup|bs4", " ".join(sorted(call.ref.function.refs)), re.IGNORECASE):
        tags.add("scrape")
    return tags
