"""Code and maps agree: the models with the code, and the pages with both."""

from pathlib import Path

from c4gen.analysis.tables import tables
from c4gen.check.drift import drift, report
from c4gen.layout.place import Placer
from c4gen.model.facts import Facts
from c4gen.model.findings import Severity
from c4gen.model.graph import Graph
from c4gen.pages import build, differences
from c4gen.workspace import Workspace

COMMAND = "./corridor maps build"
FOLDER = Path(__file__).parents[2] / "docs" / "architecture"


def test_the_models_agree_with_the_code(workspace: Workspace, facts: Facts, graphs: list[Graph]):
    drifts = [drift(graph, workspace.roots) for graph in graphs]
    errors = [found for found in workspace.findings if found.severity is Severity.ERROR]
    assert not errors, "\n".join(map(str, errors))
    assert all(one.clean for one in drifts), f"{report(drifts, facts, workspace.findings)}\nMend docs/architecture/models, then: {COMMAND}"


def test_the_pages_are_those_that_models_and_code_give_now(graphs: list[Graph]):
    """Lines of code may move, arrows and words may not. No engine runs here: pictures that did not change keep their positions."""
    made = build(graphs, FOLDER, tables(graphs), Placer())
    wrong = differences(FOLDER, made, evidence=False)
    assert not wrong, "\n".join(["The maps are not those of the code. Draw them again and commit them:", COMMAND, *wrong])
