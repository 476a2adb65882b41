"""YAML to a typed model, with the line of each fault. Never raises over content."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from c4gen.model.curated import Model
from c4gen.model.findings import Finding, Severity

LARGEST = 4 * 2**20  # bytes of a YAML file
MOST_NODES = 200_000  # values after aliases are followed: a small file can name billions
DEEPEST = 60

Place = tuple[str | int, ...]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the faster of two bases, chosen at import
    """Safe, and dates stay dates."""


class _LenientLoader(_Loader):
    """Knows every tag, as text."""


_LenientLoader.add_constructor(None, lambda loader, node: str(node.value))


class Malformed(Exception):
    """A YAML text that cannot be used; `line` counts from one, 0 where unknown."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Tree:
    """A YAML document as plain values, and the line of every value."""

    value: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of the value, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)


def yaml_tree(text: str) -> Tree:
    """Raises Malformed. Keys said twice and trees that grow through aliases are refused."""
    trees = yaml_trees(text)
    if len(trees) > 1:
        raise Malformed("The file holds more than one document.", trees[1].line(()))
    return trees[0] if trees else Tree(None, {})


def yaml_trees(text: str, lenient: bool = False) -> list[Tree]:
    """Every document of a text. `lenient` reads values with unknown tags as text, as files of other tools have them. Raises Malformed."""
    if len(text) > LARGEST:
        raise Malformed(f"The file is larger than {LARGEST // 2**20} MB.")
    loader = (_LenientLoader if lenient else _Loader)(text)
    trees = []
    try:
        while loader.check_node():
            lines: dict[Place, int] = {}
            node = loader.get_node()
            trees.append(Tree(_value(loader, node, (), lines), lines))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        raise Malformed(f"This is no YAML: {getattr(error, 'problem', None) or error}.", mark.line + 1 if mark else 0) from None
    except (ValueError, RecursionError) as error:
        raise Malformed(f"This is no YAML: {error}.") from None
    finally:
        loader.dispose()
    return trees


def _value(loader: Any, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    line = node.start_mark.line + 1
    if len(lines) >= MOST_NODES or len(place) > DEEPEST:
        raise Malformed("The file names too many values, or nests them too deeply.", line)
    lines[place] = line
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(loader, key_node)
            if key in mapping:
                raise Malformed(f"The key {key!r} is given twice.", key_node.start_mark.line + 1)
            mapping[key] = _value(loader, value_node, (*place, str(key)), lines)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*place, index), lines) for index, item in enumerate(node.value)]
    return _scalar(loader, node)


def _scalar(loader: Any, node: yaml.Node) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise Malformed("A key must be a plain word.", node.start_mark.line + 1)
    return loader.construct_object(node)


def parse_model(text: str, path: str) -> tuple[Model | None, tuple[Finding, ...]]:
    """A model, or what keeps the text from being one."""
    try:
        tree = yaml_tree(text)
    except Malformed as error:
        return None, (Finding("model.yaml", str(error), Severity.ERROR, path, error.line),)
    try:
        return Model.model_validate(tree.value), ()
    except ValidationError as error:
        return None, tuple(_refused(tree, path, fault) for fault in error.errors(include_url=False, include_input=False))


def _refused(tree: Tree, path: str, fault: Any) -> Finding:
    place: Place = tuple(fault["loc"])
    name = ".".join(str(part) for part in place) or "the document"
    if fault["type"] == "extra_forbidden":
        return Finding("model.unknown-key", f"{name}: the key is unknown; is it misspelt?", Severity.ERROR, path, tree.line(place))
    if fault["type"] == "missing":
        return Finding("model.missing-key", f"{name}: the key is needed.", Severity.ERROR, path, tree.line(place))
    return Finding("model.value", f"{name}: {fault['msg']}.", Severity.ERROR, path, tree.line(place))


def read_model(path: Path) -> tuple[Model | None, tuple[Finding, ...]]:
    try:
        text = path.read_bytes()[: LARGEST + 1].decode()
    except (OSError, UnicodeDecodeError) as error:
        return None, (Finding("model.unreadable", f"The model cannot be read: {error}.", Severity.ERROR, str(path)),)
    return parse_model(text, str(path))
