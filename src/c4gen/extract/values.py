"""What expressions may be: texts with named gaps, instances, tables. Plain values, and what can be said of texts without looking further."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from c4gen.extract.program import ClassRef, External, FunctionRef, Module, ModuleRef
from c4gen.extract.syntax import Call, Const, Expr, Function, Items, Pairs, dotted

MOST = 24  # alternatives of one expression
ENV_NAME = re.compile(r"^[A-Z][A-Z0-9_]{1,80}$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap in a text. `kind`: setting, env, param, unknown. A parameter's `owner` is the key of its function; of an `origin` the path is left out."""

    kind: str
    name: str
    owner: str = ""
    origin: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    parts: tuple[str | Slot, ...]

    @property
    def plain(self) -> str | None:
        """The text when nothing in it is open."""
        return "".join(part for part in self.parts if isinstance(part, str)) if all(isinstance(part, str) for part in self.parts) else None

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @property
    def shown(self) -> str:
        return "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Where an expression stands. `bound` are values of parameters, as a caller gave them."""

    module: Module
    function: Function | None = None
    bound: Mapping[str, "list[Value]"] = field(default_factory=dict)
    instance: "Made | None" = None

    @property
    def key(self) -> str:
        return f"{self.module.repo}:{self.module.name}:{self.function.name if self.function else ''}"


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """An instance: of a class that is scanned, or of one of a package."""

    cls: ClassRef | External
    call: Call | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A method with its instance, or a lambda with its scope."""

    ref: FunctionRef | None
    instance: Made | None = None
    body: Expr | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    pairs: Pairs
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    items: Items
    scope: Scope


Value = Text | Number | Made | Bound | Table | Row | FunctionRef | ClassRef | ModuleRef | External


@dataclass(slots=True, eq=False)
class Given(Expr):
    """A value that is known already, as a part of a text."""

    text: Text


def some(values: Iterable[Value]) -> list[Value]:
    """Each once, no more than MOST."""
    found: dict[object, Value] = {}
    for value in values:
        found.setdefault(value, value)
        if len(found) >= MOST:
            break
    return list(found.values())


def merged(parts: tuple[str | Slot, ...]) -> tuple[str | Slot, ...]:
    found: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)


def takes_fields(ref: ClassRef) -> bool:
    """Whether a class gets its constructor from its fields: a dataclass, a named tuple, a model."""
    if f"{ref.cls.name}.__init__" in ref.module.functions:
        return False
    names = [dotted(one.func if isinstance(one, Call) else one) for one in ref.cls.decorators] + [dotted(base) for base in ref.cls.bases]
    return any(name.rpartition(".")[2] in ("dataclass", "define", "frozen", "NamedTuple", "BaseModel") for name in names)


def is_static(function: Function) -> bool:
    return any(dotted(decorator) == "staticmethod" for decorator in function.decorators)


def stripped(text: Text, name: str, call: Call) -> Text:
    """A text without the ends that `rstrip("/")` and its like remove; other methods leave it as it is."""
    given = call.args[0].value if call.args and isinstance(call.args[0], Const) and isinstance(call.args[0].value, str) else None
    parts = list(text.parts)
    if name in ("rstrip", "strip") and parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip(given)
    if name in ("lstrip", "strip") and parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip(given)
    return Text(merged(tuple(parts)))


def template_parts(template: str, call: Call) -> list[Expr]:
    """`"…{}…{name}…".format(…)` as parts."""
    parts: list[Expr] = []
    end = count = 0
    for match in re.finditer(r"\{(\w*)(?:[.\[!:][^}]*)?\}", template):
        parts.append(Const(template[end : match.start()]))
        name = match[1]
        given = call.argument(int(name) if name.isdigit() else count, "") if not name or name.isdigit() else call.keyword(name)
        count += not name
        parts.append(given if given is not None else Given(Text((Slot("unknown", name or "…"),))))
        end = match.end()
    return [*parts, Const(template[end:])]


def resolved(base: Text, path: Text) -> Text:
    """`urljoin` of texts with gaps."""
    if base.plain is not None and path.plain is not None:
        return Text((urljoin(base.plain, path.plain),))
    first = path.parts[0] if path.parts else ""
    if isinstance(first, str) and re.match(r"https?://", first):
        return path
    if isinstance(first, str) and first.startswith("/") and base.parts:
        head = base.parts[0]
        if isinstance(head, str) and (origin := re.match(r"https?://[^/]+", head)):
            return Text(merged((origin[0], *path.parts)))
        return Text(merged((replace(head, origin=True) if isinstance(head, Slot) else head, *path.parts)))
    last = base.parts[-1] if base.parts else ""
    slash = "" if isinstance(last, str) and last.endswith("/") else "/"
    return Text(merged((*base.parts, slash, *path.parts)))
