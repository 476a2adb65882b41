"""How well extraction does: edges that a person expects against edges that are found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from c4gen.check.drift import drift
from c4gen.extract.cache import Cache
from c4gen.extract.run import extract
from c4gen.extract.trees import FolderTree
from c4gen.model.facts import FoundEdge
from c4gen.model.graph import Standing
from c4gen.model.reading import yaml_tree
from c4gen.workspace import Workspace, open_workspace

EXPECTED = "expected.yaml"
MODELS = "models"


@dataclass(frozen=True)
class Score:
    name: str
    expected: int
    found: int
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    unresolved: int

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.extra)) if self.found or self.extra else 1.0


def score(fixtures: Path, workspace: Workspace | None, cache: Cache) -> list[Score]:
    """One score for each folder with an expected.yaml, read without models, one for each model beside it, and one for each of the workspace."""
    scores = []
    for file in sorted(fixtures.glob(f"*/{EXPECTED}")):
        scores.append(of_case(file.parent, cache))
        if (file.parent / MODELS).is_dir():
            scores += of_workspace(open_workspace(file.parent / MODELS), cache)
    return scores + (of_workspace(workspace, cache) if workspace else [])


def of_case(folder: Path, cache: Cache) -> Score:
    """The repositories are the folders of a case; `edges` of expected.yaml lists what each edge must have."""
    said = yaml_tree((folder / EXPECTED).read_text()).value
    folders = [path for path in sorted(folder.iterdir()) if path.is_dir() and path.name != MODELS]
    facts = extract([FolderTree(path.name, path) for path in folders], (), cache)
    wanted: list[dict[str, Any]] = said["edges"]
    matched: set[str] = set()
    missed = []
    for one in wanted:
        fitting = [edge.id for edge in facts.edges if fits(edge, one)]
        matched.update(fitting)
        if not fitting:
            missed.append(" ".join(f"{key}={value}" for key, value in one.items()))
    extra = [
        f"{edge.source} → {edge.target} {edge.kind} {edge.operation or edge.label} {edge.sync}"
        for edge in facts.edges
        if edge.id not in matched
    ]
    return Score(folder.name, len(wanted), len(wanted) - len(missed), tuple(missed), tuple(extra), len(facts.unresolved))


def fits(edge: FoundEdge, wanted: dict[str, Any]) -> bool:
    return all(str(getattr(edge, name)) == str(value) for name, value in wanted.items())


def of_workspace(workspace: Workspace, cache: Cache) -> list[Score]:
    """The curated flows that code can show are what is expected."""
    facts = workspace.facts(cache)
    scores = []
    for graph in workspace.graphs(facts, date.today()):
        found = drift(graph, workspace.roots)
        confirmed = sum(one.standing is Standing.CONFIRMED for one in graph.connections)
        missed = tuple(f"{gone.flow.id}: {gone.flow.source} → {gone.flow.target}" for gone in found.gone)
        extra = tuple(f"{one.source} → {one.target} {one.label}" for one in found.undrawn)
        scores.append(Score(f"model {graph.model.meta.name}", confirmed + len(missed), confirmed, missed, extra, len(facts.unresolved)))
    return scores


def told_scores(scores: Iterable[Score]) -> str:
    lines = [f"{'':24} {'expected':>9} {'found':>6} {'missed':>7} {'extra':>6} {'recall':>7} {'precision':>10} {'unresolved':>11}"]
    details = []
    for one in scores:
        lines.append(
            f"{one.name:24} {one.expected:9} {one.found:6} {len(one.missed):7} {len(one.extra):6} {one.recall:7.2f} {one.precision:10.2f} {one.unresolved:11}"
        )
        details += [f"missed in {one.name}: {text}" for text in one.missed] + [f"extra in {one.name}: {text}" for text in one.extra]
    return "\n".join([*lines, *details])
