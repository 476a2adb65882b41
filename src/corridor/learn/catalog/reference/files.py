"""The shape of the files of a set, and how they are read. Unknown keys, wrong types and cycles are refused by file and key."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from corridor.learn.catalog.errors import ReferenceDataInvalid

SETS = Path(__file__).parent
LARGEST_FILE = 5_000_000  # bytes
TOPIC_NAMESPACE = uuid5(NAMESPACE_URL, "corridor:topic")


def _web(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("must be a web address, https://…")
    return value


def _trimmed(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=12)]
Name = Annotated[str, BeforeValidator(_trimmed), StringConstraints(min_length=1, max_length=256)]
TopicName = Annotated[str, BeforeValidator(_trimmed), StringConstraints(min_length=1, max_length=128)]
Url = Annotated[str, StringConstraints(max_length=2048), AfterValidator(_web)]


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PlatformRow(Row):
    code: Code
    name: Name
    url: Url = ""
    is_edx: bool = False
    has_content_files: bool = False


class OfferorRow(Row):
    code: Code
    name: Name
    professional: bool = False
    display_facet: bool = True
    offerings: list[str] = []
    audience: list[str] = []
    formats: list[str] = []
    fee: list[str] = []
    certifications: list[str] = []
    content_types: list[str] = []
    more_information: Url = ""
    value_prop: str = ""


class SchoolRow(Row):
    name: Name
    url: Url = ""


class DepartmentRow(Row):
    id: Code
    name: Name
    school: Name | None = None


class TopicNode(Row):
    """A topic with its branch. Without an id it gets one that follows from its path, the same on every machine."""

    name: TopicName
    id: Annotated[UUID, Field(strict=False)] | None = None
    parent: Annotated[UUID, Field(strict=False)] | None = None  # of a topic that is already there; at the top of a file alone
    icon: Annotated[str, StringConstraints(max_length=128)] = ""
    mappings: dict[Code, list[TopicName]] = {}
    children: list["TopicNode"] = []

    @field_validator("mappings", "children", mode="before")
    @classmethod
    def _blank(cls, given: Any, info: Any) -> Any:
        """A key with nothing after it is as if it were not there."""
        return {"mappings": {}, "children": []}[info.field_name] if given is None else given


class Contents(Row):
    """A whole set; the name of each field is that of its file and of the key in it."""

    platforms: list[PlatformRow] = []
    offerors: list[OfferorRow] = []
    schools: list[SchoolRow] = []
    departments: list[DepartmentRow] = []
    topics: list[TopicNode] = []

    @property
    def topic_count(self) -> int:
        return len(flattened(self.topics))


def sets() -> list[str]:
    """Names of the sets that ship with Corridor."""
    return sorted(each.name for each in SETS.iterdir() if (each / "topics.yaml").is_file())


def folder_of(source: str | Path) -> Path:
    """The folder of a shipped set by its name, else the folder of that path."""
    return SETS / source if str(source) in sets() else Path(source)


def read(folder: Path) -> Contents:
    """The set in a folder. Raises ReferenceDataInvalid with file and key."""
    names = {f"{name}.yaml": name for name in Contents.model_fields}
    files = sorted(each for each in folder.iterdir() if each.suffix in (".yaml", ".yml")) if folder.is_dir() else []
    if not files:
        raise ReferenceDataInvalid(str(folder), "", f"holds none of {', '.join(names)}")
    given: dict[str, Any] = {}
    for file in files:
        if file.name not in names:
            raise ReferenceDataInvalid(file.name, "", f"is none of {', '.join(names)}")
        given |= _rows(file, names[file.name])
    contents = _validated(given)
    for file_name, name in names.items():
        _refuse_repeats(file_name, [_key(row) for row in getattr(contents, name)])
    _refuse_repeats("offerors.yaml", [row.name for row in contents.offerors])
    _refuse_repeats("topics.yaml", [each.node.name for each in flattened(contents.topics)])
    return contents


def _rows(file: Path, name: str) -> dict[str, Any]:
    if file.stat().st_size > LARGEST_FILE:
        raise ReferenceDataInvalid(file.name, "", f"is larger than {LARGEST_FILE // 1_000_000} MB")
    try:
        given = yaml.load(file.read_text(encoding="utf-8"), Loader=_Plain)  # noqa: S506 a SafeLoader that allows less
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ReferenceDataInvalid(file.name, "", " ".join(str(error).split()) or "is nested too deep") from error
    if not isinstance(given, dict) or list(given) != [name]:
        raise ReferenceDataInvalid(file.name, "", f"must hold one key, {name}, with a list of rows")
    return given


class _Plain(yaml.SafeLoader):
    """YAML without anchors, which can make small files huge and trees endless, and without repeated keys."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _validated(given: dict[str, Any]) -> Contents:
    try:
        return Contents.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name, *place = first["loc"]
        reason = "no such key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise ReferenceDataInvalid(f"{name}.yaml", _place(given[str(name)], place), reason) from error
    except RecursionError as error:
        raise ReferenceDataInvalid("topics.yaml", "", "is nested too deep") from error


def _place(rows: Any, place: Iterable[Any]) -> str:
    """Where in a file something is: rows by name or code, then fields."""
    words = []
    for step in place:
        rows = dict(enumerate(rows)).get(step) if isinstance(rows, list) else rows.get(step) if isinstance(rows, dict) else None
        named = next((str(rows[key]) for key in ("code", "name") if rows.get(key)), None) if isinstance(rows, dict) else None
        words.append(named or (f"row {step + 1}" if isinstance(step, int) else str(step)))
    return " → ".join(words)


def _key(row: Any) -> str:
    return str(getattr(row, "code", None) or getattr(row, "id", None) or row.name)


def _refuse_repeats(file: str, keys: list[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key.casefold() in seen:
            raise ReferenceDataInvalid(file, key, "is there twice")
        seen.add(key.casefold())


@dataclass(frozen=True)
class Placed:
    """A topic of the file and where it stands in the list of all: `above` is the index of its parent there."""

    node: TopicNode
    index: int
    above: int | None
    icon: str  # its own or the next above's
    id: UUID


def flattened(nodes: list[TopicNode]) -> list[Placed]:
    """Every topic of a tree, parents first."""
    found: list[Placed] = []

    def place(node: TopicNode, above: Placed | None, path: str) -> None:
        if above and node.parent:
            raise ReferenceDataInvalid("topics.yaml", node.name, "has a parent by its place in the file already")
        icon = node.icon or (above.icon if above else "")
        placed = Placed(node, len(found), above.index if above else None, icon, node.id or uuid5(TOPIC_NAMESPACE, path))
        found.append(placed)
        for child in node.children:
            place(child, placed, f"{path}/{_step(child)}")

    for node in nodes:
        place(node, None, _step(node))
    return found


def _step(node: TopicNode) -> str:
    return node.name.replace("/", "//").casefold()
