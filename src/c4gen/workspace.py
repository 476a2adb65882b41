"""A folder of models and the repositories that they name: what every command starts from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from c4gen.extract.cache import Cache
from c4gen.extract.run import extract
from c4gen.extract.trees import CommitTree, FolderTree, GitFailed, Tree, git
from c4gen.model.curated import Model
from c4gen.model.facts import Facts
from c4gen.model.findings import Finding, Severity, ordered
from c4gen.model.graph import Graph
from c4gen.model.merge import merge, model_of
from c4gen.model.reading import read_model
from c4gen.model.validate import check_across, check_model


@dataclass(frozen=True)
class Workspace:
    """`models` with their files, `roots` the folders of repositories by name."""

    models: tuple[tuple[str, Model], ...]
    roots: dict[str, Path]
    urls: dict[str, str]
    findings: tuple[Finding, ...]

    def trees(self) -> list[Tree]:
        return [FolderTree(name, root, self.urls.get(name, "")) for name, root in sorted(self.roots.items())]

    def trees_at(self, revision: str) -> list[Tree]:
        """The same repositories as a commit has them. Raises GitFailed."""
        return [_commit(name, root, revision, self.urls.get(name, "")) for name, root in sorted(self.roots.items())]

    def facts(self, cache: Cache, trees: list[Tree] | None = None) -> Facts:
        return extract(trees if trees is not None else self.trees(), [model for _, model in self.models], cache)

    def graphs(self, facts: Facts, today: date) -> list[Graph]:
        """A graph for each model; for each repository where nobody wrote one."""
        models = [model for _, model in self.models] or [model_of(facts, name) for name in facts.repositories]
        return [merge(model, facts, today, models) for model in models]


def _commit(name: str, root: Path, revision: str, url: str) -> CommitTree:
    top = Path(git(root, "rev-parse", "--show-toplevel").decode().strip())
    below = root.resolve().relative_to(top.resolve()).as_posix()
    try:
        commit = git(root, "rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    except GitFailed:
        raise GitFailed(f"{revision} is no commit of {name}.") from None
    return CommitTree(name, top, commit, url, "" if below == "." else below)


def open_workspace(folder: Path | None, repositories: Iterable[Path] = (), today: date | None = None) -> Workspace:
    """The models of a folder and their repositories; more repositories may be given by their folders."""
    models: list[tuple[str, Model]] = []
    findings: list[Finding] = []
    roots = {path.resolve().name: path for path in repositories}
    urls: dict[str, str] = {}
    for file in sorted(folder.glob("*.y*ml")) if folder else ():
        model, wrong = read_model(file)
        findings += wrong
        if model is None:
            continue
        models.append((str(file), model))
        for repository in model.meta.repositories:
            root = (file.parent / repository.path).resolve() if repository.path else None
            if root and root.is_dir():
                roots.setdefault(repository.name, root)
                urls.setdefault(repository.name, repository.url)
            elif repository.path:
                findings.append(
                    Finding(
                        "model.repository", f"The repository {repository.name!r} is not at {repository.path}.", Severity.ERROR, str(file)
                    )
                )
    for path, model in models:
        findings += check_model(model, path, today or date.today(), roots)
    findings += check_across(models)
    return Workspace(tuple(models), roots, urls, ordered(findings))
