"""The command `c4gen`."""

import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from c4gen.analysis.blast import of_operation, of_setting
from c4gen.check.change import compare, lives, told
from c4gen.check.drift import drift, one_line, report
from c4gen.check.score import score, told_scores
from c4gen.extract.cache import Cache
from c4gen.extract.run import extract as read
from c4gen.extract.trees import FolderTree, GitFailed, git
from c4gen.model.facts import Facts
from c4gen.model.findings import Severity
from c4gen.model.store import to_json
from c4gen.workspace import Workspace, open_workspace

MODELS = Path("docs/architecture/models")

models_option = click.option(
    "--models", type=click.Path(path_type=Path), default=MODELS, show_default=True, help="Folder of curated models."
)
cache_option = click.option(
    "--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder that keeps what was read of each file."
)
repositories_argument = click.argument("repositories", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def c4gen() -> None:
    """Architecture maps drawn from code.

    \b
    c4gen extract PATH …      what the code of some repositories tells
    c4gen build               pages and pictures of every model
    c4gen check               where model and code disagree; fails when they do
    """


def main() -> None:
    """Run a command; what Git cannot answer is a message, not a traceback."""
    try:
        c4gen(prog_name="c4gen")
    except GitFailed as failed:
        sys.exit(f"c4gen: {failed}")
    finally:
        gc.freeze()  # the process ends: nobody needs to walk through what it read once more


def _cache(folder: Path | None) -> Cache:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Cache(folder or Path(base) / "c4gen")


def _workspace(models: Path, repositories: tuple[Path, ...]) -> Workspace:
    if repositories and not models.is_dir():
        return open_workspace(None, repositories)
    if not models.is_dir():
        sys.exit(f"c4gen: there is no folder {models}; name one with --models, or name repositories.")
    return open_workspace(models, repositories)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    click.echo(f"{what} in {time.monotonic() - start:.1f} s", err=True)


@c4gen.command()
@models_option
@cache_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File for the facts as JSON. Without it, a summary is printed.")
@repositories_argument
def extract(models: Path, cache_folder: Path | None, output: Path | None, repositories: tuple[Path, ...]) -> None:
    """Read repositories, those of the models or REPOSITORIES, and say what their code tells."""
    with _timed("Read"):
        if repositories:
            facts = read([FolderTree(path.resolve().name, path) for path in repositories], (), _cache(cache_folder))
        else:
            facts = _workspace(models, ()).facts(_cache(cache_folder))
    if output:
        output.write_bytes(to_json(facts))
    else:
        _print_facts(facts)


def _print_facts(facts: Facts) -> None:
    for edge in facts.edges:
        where = next((f"{one.path}:{one.line}" for one in edge.evidence), "")
        about = ", ".join(part for part in (edge.sync, edge.queue and f"queue {edge.queue}", edge.schedule) if part)
        click.echo(one_line(f"{edge.source} → {edge.target}  {edge.label}  ({about}; {edge.tier} {edge.confidence:.2f}; {where})"))
    for one in facts.unresolved:
        click.echo(one_line(f"unresolved  {one.repo}/{one.path}:{one.line}  {one.expression}  ({one.reason})"))
    for trouble in facts.troubles:
        click.echo(one_line(f"trouble  {trouble.repo}/{trouble.path}:{trouble.line}  {trouble.message}"))
    click.echo(
        f"{len(facts.edges)} edges, {len(facts.operations)} operations, {len(facts.tasks)} tasks, {len(facts.schedules)} schedules, "
        f"{len(facts.settings)} settings; {len(facts.unresolved)} calls unresolved, {len(facts.troubles)} files not read"
    )


@c4gen.command()
@models_option
@cache_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the pages. Default: the one around the models.")
@repositories_argument
def build(models: Path, cache_folder: Path | None, output: Path | None, repositories: tuple[Path, ...]) -> None:
    """Draw every model: pages that work as files."""
    from c4gen.analysis.tables import tables
    from c4gen.pages.build import build as pages
    from c4gen.pages.folder import write

    with _timed("Built"):
        workspace = _workspace(models, repositories)
        _refuse_broken(workspace)
        graphs = workspace.graphs(workspace.facts(_cache(cache_folder)), date.today())
        folder = output or models.parent
        changed = write(folder, pages(graphs, folder, tables(graphs)))
    click.echo(f"{len(changed)} files changed in {folder}")


def _refuse_broken(workspace: Workspace) -> None:
    errors = [found for found in workspace.findings if found.severity is Severity.ERROR and not found.code.startswith("model.expired")]
    if errors:
        sys.exit("\n".join(["c4gen: the models cannot be drawn:", *map(str, errors)]))


@c4gen.command()
@models_option
@cache_option
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Write the report here, as Markdown.")
@repositories_argument
def check(models: Path, cache_folder: Path | None, report_file: Path | None, repositories: tuple[Path, ...]) -> None:
    """Compare the models with the code. Ends with 1 where they disagree, with 2 where a model cannot be read."""
    workspace = _workspace(models, repositories)
    facts = workspace.facts(_cache(cache_folder))
    drifts = [drift(graph, workspace.roots) for graph in workspace.graphs(facts, date.today())]
    text = report(drifts, facts, workspace.findings)
    if report_file:
        report_file.write_text(text)
    click.echo(text)
    errors = [found for found in workspace.findings if found.severity is Severity.ERROR]
    if any(found.code in ("model.yaml", "model.unreadable", "model.unknown-key", "model.missing-key", "model.value") for found in errors):
        sys.exit(2)
    sys.exit(0 if not errors and all(one.clean for one in drifts) else 1)


@c4gen.command()
@models_option
@cache_option
@click.argument("revisions")
@repositories_argument
def diff(models: Path, cache_folder: Path | None, revisions: str, repositories: tuple[Path, ...]) -> None:
    """What changes in the architecture between two REVISIONS, as in main..HEAD."""
    workspace = _workspace(models, repositories)
    cache = _cache(cache_folder)
    before, _, after = revisions.partition("..")
    old = workspace.facts(cache, list(workspace.trees_at(before)))
    new = workspace.facts(cache, list(workspace.trees_at(after.lstrip(".") or "HEAD")))
    click.echo(told(compare(old, new), f"Architecture from {before} to {after.lstrip('.') or 'HEAD'}"))


@c4gen.command()
@models_option
@cache_option
@click.option("--most", default=40, show_default=True, help="Commits to read, spread evenly over the history.")
@repositories_argument
def history(models: Path, cache_folder: Path | None, most: int, repositories: tuple[Path, ...]) -> None:
    """Replay the history of the one repository: when each edge was born, and when it died."""
    workspace = _workspace(models, repositories)
    if len(workspace.roots) != 1:
        sys.exit("c4gen: a history is that of one repository; name it alone.")
    root = next(iter(workspace.roots.values()))
    commits = git(root, "log", "--first-parent", "--reverse", "--format=%h %cs", "--", ".").decode().split("\n")[:-1]
    chosen = commits if len(commits) <= most else [commits[number * (len(commits) - 1) // (most - 1)] for number in range(most)]
    cache = _cache(cache_folder)
    found = lives(chosen, lambda commit: workspace.facts(cache, list(workspace.trees_at(commit.split()[0]))))
    click.echo(f"{len(chosen)} of {len(commits)} commits read.")
    for life in sorted(found, key=lambda life: (chosen.index(life.born), life.edge.source, life.edge.target, life.edge.operation)):
        ended = f", until {life.died}" if life.died else ""
        click.echo(one_line(f"{life.born}{ended}: {life.edge.source} → {life.edge.target}  {life.edge.label}"))


@c4gen.command()
@models_option
@cache_option
@click.argument("subject", nargs=-1, required=True)
def blast(models: Path, cache_folder: Path | None, subject: tuple[str, ...]) -> None:
    """What a change reaches: of an operation (GET /api/v1/courses/{id}) or of a setting or variable (PAYMENTS_URL)."""
    from c4gen.analysis.tables import told_blast

    facts = _workspace(models, ()).facts(_cache(cache_folder))
    found = of_operation(facts, subject[0], subject[1]) if len(subject) > 1 else of_setting(facts, subject[0])
    click.echo(told_blast(found))


@c4gen.command("score")
@models_option
@cache_option
@click.option(
    "--fixtures",
    type=click.Path(path_type=Path),
    default=Path(__file__).parent / "tests" / "fixtures",
    help="Folder of cases with an expected.yaml.",
)
def score_command(models: Path, cache_folder: Path | None, fixtures: Path) -> None:
    """Edges expected, found, missed and extra: over the fixture repositories, and over the models of this project."""
    cache = _cache(cache_folder)
    scores = score(fixtures, open_workspace(models) if models.is_dir() else None, cache)
    click.echo(told_scores(scores))
    sys.exit(0 if all(not one.missed and not one.extra for one in scores) else 1)
