"""The three lists of a check: in the code and not in the model, in the model and not in the code, and attributes that differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from c4gen.extract.trees import GitFailed, git
from c4gen.model.curated import Flow, Model
from c4gen.model.facts import Facts, Tier
from c4gen.model.findings import Finding, Severity
from c4gen.model.graph import Connection, Graph, Standing

SURE = 0.6  # confidence below which an edge that only the code knows is a note


@dataclass(frozen=True)
class Gone:
    """A flow that the code does not bear out any more, and the commit that took it away where that can be told."""

    flow: Flow
    commit: str = ""  # "abc1234 2026-05-01 subject"


@dataclass(frozen=True)
class Drift:
    model: str
    undrawn: tuple[Connection, ...]  # in the code alone
    unsure: tuple[Connection, ...]  # in the code alone, and not certain
    gone: tuple[Gone, ...]
    differs: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        return not self.undrawn and not self.gone and not any(found.severity is Severity.ERROR for found in self.differs)


def drift(graph: Graph, roots: dict[str, Path]) -> Drift:
    alone = [connection for connection in graph.connections if connection.standing is Standing.CODE]
    sure = [connection for connection in alone if connection.confidence >= SURE and connection.tier is not Tier.INFERRED]
    scanned = _scanned(graph.model, graph.facts)
    gone = [
        Gone(flow, _removed_by(flow, graph.model, roots))
        for connection in graph.connections
        if connection.standing is Standing.CURATED
        and (flow := _flow(graph.model, connection.flow))
        and _can_be_seen(flow, graph.model, scanned)
    ]
    return Drift(graph.model.meta.name, tuple(sure), tuple(one for one in alone if one not in sure), tuple(gone), graph.findings)


def _flow(model: Model, id: str) -> Flow | None:
    return next((flow for flow in model.flows if flow.id == id), None)


def _scanned(model: Model, facts: Facts) -> set[str]:
    """Systems whose code was read."""
    return {
        system.id
        for system in model.systems
        if system.repo.rpartition("/")[2] in facts.repositories or (system.source and system.source.repo in facts.repositories)
    }


def _can_be_seen(flow: Flow, model: Model, scanned: set[str]) -> bool:
    """Code shows what the systems that were read do; people, and what outside systems do to one another, it does not. Planned and retired systems
    have none."""
    people = {actor.id for actor in model.actors}
    ends = (model.system_of(flow.source), model.system_of(flow.target))
    idle = {system.id for system in model.systems if system.lifecycle != "live"}
    return not people & {flow.source, flow.target} and ends[0] in scanned and not idle & set(ends)


def _removed_by(flow: Flow, model: Model, roots: dict[str, Path]) -> str:
    """The last commit that touched what the flow was read from: its file, its contract, or a name of its target."""
    provenance = flow.provenance
    for root in roots.values():
        try:
            path = provenance.path if provenance else ""
            if path and not (root / path).exists() and (commit := _log(root, "--diff-filter=D", "--", path)):
                return commit
            for word in _words(flow, model):
                if not git_grep(root, word) and (commit := _log(root, f"-S{word}")):
                    return commit
        except GitFailed:
            continue
    return ""


def _log(root: Path, *arguments: str) -> str:
    return git(root, "log", "-1", "--format=%h %cs %s", *arguments).decode(errors="replace").strip()


def git_grep(root: Path, word: str) -> bool:
    """Whether a committed Python or configuration file holds a word."""
    try:
        return bool(
            git(root, "grep", "-l", "-F", "-e", word, "--", "*.py", "*.ts", "*.tsx", "*.js", "*.json", "*.conf", "*.env", "*compose*")
        )
    except GitFailed:
        return False


def _words(flow: Flow, model: Model) -> list[str]:
    aliases = [alias for system in model.systems if system.id == model.system_of(flow.target) for alias in system.aliases]
    key = flow.provenance.contract_key if flow.provenance else ""
    return [word for word in (key, *aliases, flow.target) if len(word) > 4 and "*" not in word and ":" not in word][:5]


def report(drifts: Iterable[Drift], facts: Facts, findings: Iterable[Finding] = ()) -> str:
    """What a reviewer reads on a pull request, as Markdown."""
    lines = ["# Architecture: model and code", ""]
    wrong = [found for found in findings if found.severity is not Severity.NOTE]
    for one in drifts:
        lines += [f"## {one.model}", ""]
        if one.clean and not one.differs:
            lines += ["The model says what the code does.", ""]
        if one.undrawn:
            lines += ["### In the code, not in the model", "", "| from | to | what | how | where |", "|---|---|---|---|---|"]
            lines += [
                _row(one_.source, one_.target, one_.label, f"{one_.sync}, {one_.tier} {one_.confidence:.2f}", _where(one_))
                for one_ in one.undrawn
            ]
            lines += ["", "Add a flow to the model, or take the call out of the code.", ""]
        if one.gone:
            lines += ["### In the model, not in the code", "", "| flow | from | to | taken away by |", "|---|---|---|---|"]
            lines += [_row(gone.flow.id, gone.flow.source, gone.flow.target, gone.commit or "not known") for gone in one.gone]
            lines += ["", "Take the flow out of the model, or vouch for it with `asserted: {reason: …, expires: …}`.", ""]
        if one.differs:
            lines += ["### Says something else", "", *(f"- {found.message}" for found in one.differs), ""]
        if one.unsure:
            lines += [f"{len(one.unsure)} more edges are likely but not certain: `c4gen extract` lists them.", ""]
    if wrong:
        lines += ["## The models themselves", "", *(f"- {found}" for found in wrong), ""]
    if facts.unresolved:
        lines += [f"{len(facts.unresolved)} calls have a target that code does not tell: `c4gen extract` lists them.", ""]
    return "\n".join(lines)


def _row(*cells: str) -> str:
    return "| " + " | ".join(plain(cell) for cell in cells) + " |"


def one_line(text: str) -> str:
    """Text from a scanned repository for a terminal: one line, nothing that steers it."""
    return "".join(character if character.isprintable() else " " for character in text)[:400]


def plain(text: str) -> str:
    """Text from a scanned repository for a Markdown table: one line, and nothing that is markup."""
    cleaned = one_line(text)
    for mark, written in (("\\", "\\\\"), ("|", "\\|"), ("`", "'"), ("<", "&lt;"), (">", "&gt;"), ("[", "\\["), ("*", "\\*")):
        cleaned = cleaned.replace(mark, written)
    return cleaned[:300]


def _where(connection: Connection) -> str:
    found = next((one for one in connection.evidence if one.side == "consumer"), connection.evidence[0] if connection.evidence else None)
    return f"{found.repo}/{found.path}:{found.line} ({found.rule})" if found else ""
