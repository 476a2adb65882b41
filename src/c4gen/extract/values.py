"""What an expression may be, without running it: texts with named gaps, instances, tables. Bounded in depth, breadth and steps."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from c4gen.extract.program import ClassRef, External, FunctionRef, Module, ModuleRef, Program, Target, VariableRef
from c4gen.extract.syntax import (
    Attr,
    Call,
    Choice,
    Const,
    Each,
    Expr,
    Function,
    Index,
    Items,
    Join,
    Lambda,
    Name,
    Pairs,
    Product,
    Spread,
    dotted,
    shown,
)

DEEPEST = 20
MOST = 24  # alternatives of one expression
STEPS = 4_000  # of one question
ENV_NAME = re.compile(r"^[A-Z][A-Z0-9_]{1,80}$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap in a text. `kind`: setting, env, param, unknown. A parameter's `owner` is the key of its function."""

    kind: str
    name: str
    owner: str = ""


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

_KEEPS_TEXT = frozenset(
    [
        "rstrip",
        "lstrip",
        "strip",
        "lower",
        "upper",
        "replace",
        "removeprefix",
        "removesuffix",
        "decode",
        "encode",
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "get_secret_value",
        "geturl",
        "unicode_string",
        "human_repr",
        "resolve",
        "as_posix",
    ]
)
_TAKES_TEXT = re.compile(r"^(str|yarl\.URL|furl\.furl|httpx\.URL|urllib\.parse\.(urlparse|urlsplit|urlunparse|quote|unquote)|pathlib\.Path|"
                         r"django\.utils\.encoding\.\w+|pydantic\.\w+Url|typing\.cast)$")  # fmt: skip
_READS_ENV = re.compile(r"(^|\.)(getenv|get_env|get_string|get_str|get_int|get_bool|get_float|get_any|get_list_of_str|get_delimited_list|"
                        r"environ\.get|environ|env|Env|config|getenv_bool|get_env_\w+|getenv_\w+)$")  # fmt: skip
_BUILTINS = {
    "str",
    "dict",
    "getattr",
    "list",
    "tuple",
    "set",
    "sorted",
    "reversed",
    "enumerate",
    "zip",
    "int",
    "super",
    "type",
    "iter",
    "next",
}


class Evaluator:
    """`setting(repo, name)` gives where a Django setting is assigned; `settings_class` tells classes whose fields are settings."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.setting: Callable[[str, str], list[tuple[Scope, Expr]]] = lambda repo, name: []
        self.settings_modules: frozenset[int] = frozenset()
        self.class_settings: Mapping[tuple[int, str], str] = {}
        self.env_defaults: dict[str, tuple[Scope, Expr]] = {}
        self._steps = 0
        self._locals: dict[int, dict[str, list[Expr]]] = {}

    def ask(self, expr: Expr, scope: Scope) -> list[Value]:
        """Every value that an expression may have, as far as can be told."""
        self._steps = 0
        return self.values(expr, scope, 0)

    def texts(self, expr: Expr | None, scope: Scope) -> list[Text]:
        """Texts alone; an expression that is none becomes a gap named after it."""
        if expr is None:
            return []
        found = [value for value in self.ask(expr, scope) if isinstance(value, Text)]
        return found or [Text((Slot("unknown", shown(expr)),))]

    def bound(self, ref: FunctionRef, call: Call, scope: Scope, method: bool) -> dict[str, list[Value]]:
        """What a call gives to the parameters of a function."""
        self._steps = 0
        return self._arguments(ref, call, scope, 0, method)

    def plain(self, expr: Expr | None, scope: Scope) -> str:
        """The one text that an expression is, or ""."""
        return next((text.plain for text in self.texts(expr, scope) if text.plain is not None), "")

    def values(self, expr: Expr, scope: Scope, depth: int) -> list[Value]:
        self._steps += 1
        if depth > DEEPEST or self._steps > STEPS:
            return []
        match expr:
            case Const(value=value):
                if isinstance(value, str):
                    return [Text((value,))]
                return [Number(value)] if isinstance(value, int | float) else []
            case Name():
                return self._named(expr.id, scope, depth)
            case Attr():
                return self._attribute(expr, scope, depth)
            case Call():
                return self._call(expr, scope, depth)
            case Join():
                return self._join(expr.parts, scope, depth)
            case Pairs():
                return [Table(expr, scope)]
            case Items():
                return [Row(expr, scope)]
            case Choice():
                return _some(value for option in expr.options for value in self.values(option, scope, depth + 1))
            case Index():
                return self._index(expr, scope, depth)
            case Each():
                return self._each(expr, scope, depth)
            case Product():
                numbers = [(left.value, right.value) for left in self.values(expr.left, scope, depth + 1) if isinstance(left, Number)
                           for right in self.values(expr.right, scope, depth + 1) if isinstance(right, Number)]  # fmt: skip
                return [Number(left * right) for left, right in numbers[:MOST] if abs(left) < 1e9 and abs(right) < 1e9]
            case Lambda():
                return [Bound(None, body=expr.body, scope=scope)]
        return []

    # names

    def _named(self, name: str, scope: Scope, depth: int) -> list[Value]:
        if name in scope.bound:
            return scope.bound[name]
        function = scope.function
        while function is not None and function.name:
            own = self._of_function(function, name, scope, depth)
            if own is not None:
                return own
            function = scope.module.functions.get(function.name.rpartition(".")[0])
        return self.meaning(self.program.lookup(scope.module, name), depth) if name not in _BUILTINS else [External(name)]

    def _of_function(self, function: Function, name: str, scope: Scope, depth: int) -> list[Value] | None:
        """A local name or a parameter; None when the function has neither."""
        assigned = self._assigned(function).get(name)
        place, parameter = next(((place, one) for place, one in enumerate(function.params) if one.name.lstrip("*") == name), (0, None))
        if parameter is not None and place == 0 and function.cls and name in ("self", "cls") and "." in function.name:
            return [self._self(function, scope)]
        found: list[Value] = []
        if assigned:
            inner = scope if function is scope.function else Scope(scope.module, function, {}, scope.instance)
            for expr in assigned:
                found += self.values(expr, inner, depth + 1)
        if parameter is not None and parameter.name == name:
            found += self._parameter(function, parameter.annotation, name, scope)
        return _some(found) if assigned or parameter is not None else None

    def _parameter(self, function: Function, annotation: str, name: str, scope: Scope) -> list[Value]:
        owner = f"{scope.module.repo}:{scope.module.name}:{function.name}"
        target = self.program.lookup(scope.module, annotation) if annotation and annotation not in ("str", "dict", "int", "Any") else None
        if isinstance(target, ClassRef | External) and not getattr(target, "name", "").startswith("typing."):
            return [Made(target), Text((Slot("param", name, owner),))]
        return [Text((Slot("param", name, owner),))]

    def _self(self, function: Function, scope: Scope) -> Value:
        if scope.instance is not None:
            return scope.instance
        cls = scope.module.classes.get(function.cls)
        return Made(ClassRef(scope.module, cls)) if cls else Text((Slot("unknown", "self"),))

    def _assigned(self, function: Function) -> dict[str, list[Expr]]:
        found = self._locals.get(id(function))
        if found is None:
            found = {}
            for assign in function.assigns:
                found.setdefault(assign.name, []).append(assign.value)
            self._locals[id(function)] = found
        return found

    def meaning(self, target: Target | None, depth: int) -> list[Value]:
        if target is None:
            return []
        if not isinstance(target, VariableRef):
            return [target]
        if id(target.module) in self.settings_modules and target.name.isupper():
            return [Text((Slot("setting", target.name, target.module.repo),))]
        scope = Scope(target.module, target.module.body)
        return _some(value for assign in target.module.names[target.name] for value in self.values(assign.value, scope, depth + 1))

    # attributes

    def _attribute(self, expr: Attr, scope: Scope, depth: int) -> list[Value]:
        if isinstance(expr.base, Name) and scope.function is not None:
            kept = self._assigned(scope.function).get(f"{expr.base.id}.{expr.name}")
            if kept and expr.base.id != "self":
                return _some(value for one in kept for value in self.values(one, scope, depth + 1))
        return _some(found for base in self.values(expr.base, scope, depth + 1) for found in self.member(base, expr.name, depth))

    def member(self, base: Value, name: str, depth: int) -> list[Value]:
        match base:
            case External(name=outer):
                if outer == "django.conf.settings":
                    return [Text((Slot("setting", name),))]
                return [External(f"{outer}.{name}")]
            case ModuleRef(module=module):
                if id(module) in self.settings_modules and name.isupper():
                    return [Text((Slot("setting", name, module.repo),))]
                return self.meaning(self.program.lookup(module, name), depth)
            case ClassRef():
                return self._of_instance(Made(base), name, depth)
            case Made():
                return self._of_instance(base, name, depth)
            case Text(parts=(Slot(kind="setting"),)):
                return (
                    _some(found for value in self.expand(base, depth) for found in self.member(value, name, depth + 1))
                    if depth < DEEPEST
                    else []
                )
        return []

    def _of_instance(self, made: Made, name: str, depth: int) -> list[Value]:
        cls = made.cls
        if isinstance(cls, External):
            return [External(f"{cls.name}().{name}")]
        if depth > DEEPEST:
            return []
        found = self._of_class(cls, made, name, depth)
        if not found and made.call is None:
            found = [value for below in self.program.subclasses(cls)[:MOST] for value in self._of_class(below, Made(below), name, depth)]
        if not found:
            found = [External(f"{one.name}().{name}") for one in self.program.line(cls) if isinstance(one, External)]
        return _some(found)

    def _of_class(self, cls: ClassRef, made: Made, name: str, depth: int) -> list[Value]:
        for one in self.program.line(cls):
            if isinstance(one, External):
                continue
            if setting := self.class_settings.get((id(one.cls), name)):
                return [Text((Slot("setting", setting, one.module.repo),))]
            if function := one.module.functions.get(f"{one.cls.name}.{name}"):
                ref = FunctionRef(one.module, function)
                if any(dotted(decorator).endswith("property") for decorator in function.decorators):
                    return self.inline(ref, {}, made, depth)
                return [Bound(ref, made)]
            found = self._given(made, name, depth) if one is cls else []
            found += [
                value
                for assign in one.cls.assigns
                if assign.name == name
                for value in self.values(assign.value, Scope(one.module), depth + 1)
            ]
            found += self._kept(one, made, name, depth)
            if found and not (made.call is None and takes_fields(one)):
                return found
            if made.call is None and takes_fields(one) and any(assign.name == name for assign in one.cls.assigns):
                return [Text((Slot("param", name, f"{one.module.repo}:{one.module.name}:{one.cls.name}.__init__"),))]
            if found:
                return found
        return []

    def _given(self, made: Made, name: str, depth: int) -> list[Value]:
        """A field of a dataclass or a model, as the call that made the instance gave it."""
        value = made.call.keyword(name) if made.call else None
        return self.values(value, made.scope, depth + 1) if value is not None and made.scope is not None else []

    def _kept(self, one: ClassRef, made: Made, name: str, depth: int) -> list[Value]:
        """What methods of a class assign to `self.name`."""
        found: list[Value] = []
        for method in ["__init__", *(method for method in one.cls.methods if method != "__init__")]:
            function = one.module.functions.get(f"{one.cls.name}.{method}")
            kept = self._assigned(function).get(f"self.{name}") if function else None
            if function is None or not kept:
                continue
            bound = (
                self._arguments(FunctionRef(one.module, function), made.call, made.scope, depth, method=True)
                if method == "__init__" and made.call
                else {}
            )
            scope = Scope(one.module, function, bound, made)
            found += [value for expr in kept for value in self.values(expr, scope, depth + 1)]
        return found

    # calls

    def _call(self, call: Call, scope: Scope, depth: int) -> list[Value]:
        special = self._method_of_value(call, scope, depth)
        if special is not None:
            return special
        found: list[Value] = []
        for func in self.values(call.func, scope, depth + 1):
            match func:
                case FunctionRef():
                    found += self.inline(func, self._arguments(func, call, scope, depth, method=False), None, depth)
                case Bound(ref=FunctionRef() as ref, instance=instance):
                    found += self.inline(ref, self._arguments(ref, call, scope, depth, method=not _static(ref.function)), instance, depth)
                case Bound(body=Expr() as body, scope=Scope() as around):
                    found += self.values(body, around, depth + 1)
                case ClassRef():
                    found.append(Made(func, call, scope))
                case Made(cls=External(name=name)):
                    found += self._outside(f"{name}()", call, scope, depth)
                case External(name=name):
                    found += self._outside(name, call, scope, depth)
        return _some(found)

    def inline(self, ref: FunctionRef, bound: Mapping[str, list[Value]], instance: Made | None, depth: int) -> list[Value]:
        """What a function gives back for these arguments."""
        scope = Scope(ref.module, ref.function, bound, instance)
        found = _some(value for expr in ref.function.returns for value in self.values(expr, scope, depth + 1))
        target = self.program.lookup(ref.module, ref.function.gives) if ref.function.gives else None
        if isinstance(target, ClassRef) and not any(isinstance(one, Made) and isinstance(one.cls, ClassRef) for one in found):
            return [Made(target)]  # what it is declared to give says more than a library's call
        return found

    def _arguments(self, ref: FunctionRef, call: Call | None, scope: Scope | None, depth: int, method: bool) -> dict[str, list[Value]]:
        if call is None or scope is None:
            return {}
        params = ref.function.params[1:] if method else ref.function.params
        bound: dict[str, list[Value]] = {}
        for place, parameter in enumerate(params):
            if parameter.name.startswith("*"):
                continue
            given = call.argument(place, parameter.name)
            if given is not None:
                bound[parameter.name] = self.values(given, scope, depth + 1) or [Text((Slot("unknown", shown(given)),))]
            elif parameter.default is not None:
                bound[parameter.name] = self.values(parameter.default, Scope(ref.module), depth + 1)
        return bound

    def _method_of_value(self, call: Call, scope: Scope, depth: int) -> list[Value] | None:
        """Methods of texts and tables; None when the call is something else."""
        if not isinstance(call.func, Attr):
            return None
        name = call.func.name
        if name == "format":
            return self._format(call, scope, depth)
        if name in _KEEPS_TEXT:
            texts = [value for value in self.values(call.func.base, scope, depth + 1) if isinstance(value, Text)]
            return _some(_stripped(text, name, call) for text in texts) if texts else None
        if name in ("get", "pop") and call.args:
            tables = [
                value
                for base in self.values(call.func.base, scope, depth + 1)
                for value in self.expand(base, depth)
                if isinstance(value, Table)
            ]
            if not tables:
                return None
            found = [value for table in tables for value in self._entry(table, call.args[0], scope, depth)]
            return _some(found + (self.values(call.args[1], scope, depth + 1) if len(call.args) > 1 else []))
        if name in ("values", "keys", "items", "copy") and not call.args:
            tables = [
                value
                for base in self.values(call.func.base, scope, depth + 1)
                for value in self.expand(base, depth)
                if isinstance(value, Table)
            ]
            return [self._listed(table, name) for table in tables] or None
        if name == "join" and len(call.args) == 1:
            return self._joined(call, scope, depth)
        return None

    def _listed(self, table: Table, name: str) -> Value:
        if name == "copy":
            return table
        pairs = [(key, value) for key, value in table.pairs.items if key is not None]
        if name == "items":
            return Row(Items(tuple(Items((key, value)) for key, value in pairs)), table.scope)
        return Row(Items(tuple(value if name == "values" else key for key, value in pairs)), table.scope)

    def _joined(self, call: Call, scope: Scope, depth: int) -> list[Value] | None:
        between = self.values(call.func.base, scope, depth + 1) if isinstance(call.func, Attr) else []
        rows = [value for value in self.values(call.args[0], scope, depth + 1) if isinstance(value, Row)]
        if not rows or not between or not isinstance(between[0], Text):
            return None
        parts: list[Expr] = []
        for item in rows[0].items.items:
            parts += [item, Const(between[0].plain or "")]
        return self._join(tuple(parts[:-1]), rows[0].scope, depth)

    def _format(self, call: Call, scope: Scope, depth: int) -> list[Value] | None:
        assert isinstance(call.func, Attr)
        found: list[Value] = []
        for template in self.values(call.func.base, scope, depth + 1):
            if not isinstance(template, Text):
                continue
            template = next((one for one in self.expand(template, depth) if isinstance(one, Text)), template)
            parts: list[Expr] = []
            for part in template.parts:
                parts += _template(part, call) if isinstance(part, str) else [_Given(Text((part,)))]
            found += self._join(tuple(parts), scope, depth)
        return _some(found) if found else None

    def _outside(self, name: str, call: Call, scope: Scope, depth: int) -> list[Value]:
        if name in ("urllib.parse.urljoin", "urlparse.urljoin", "six.moves.urllib.parse.urljoin", "requests.compat.urljoin"):
            return self._urljoin(call, scope, depth)
        if name == "getattr" and len(call.args) > 1:
            names = [value.plain for value in self.values(call.args[1], scope, depth + 1) if isinstance(value, Text)]
            return _some(
                found
                for base in self.values(call.args[0], scope, depth + 1)
                for one in names
                for found in self.member(base, one or "*", depth)
            )
        if _TAKES_TEXT.match(name) and call.args:
            return self.values(call.args[-1 if name == "typing.cast" else 0], scope, depth + 1)
        if name in ("list", "tuple", "set", "sorted", "reversed", "iter", "int") and call.args:
            return self.values(call.args[0], scope, depth + 1)
        if name == "dict":
            return [
                Table(
                    Pairs(
                        tuple((Const(key) if key else None, value) for key, value in call.keywords), tuple(call.line for _ in call.keywords)
                    ),
                    scope,
                )
            ]
        if name == "functools.partial" and call.args:
            return self.values(call.args[0], scope, depth + 1)
        if _READS_ENV.search(name.replace("()", "")) and (variable := self._variable(call, scope)):
            return [self._environment(variable, call, scope)]
        if name.rpartition(".")[2][:1].isupper() or name in ("requests.session", "boto3.client", "boto3.resource"):
            return [Made(External(name.replace("()", "")), call, scope)]
        return [External(f"{name}()")]

    def _variable(self, call: Call, scope: Scope) -> str:
        given = call.argument(0, "name", "var", "key", "option")
        return given.value if isinstance(given, Const) and isinstance(given.value, str) and ENV_NAME.match(given.value) else ""

    def _environment(self, variable: str, call: Call, scope: Scope) -> Value:
        default = call.keyword("default") or (call.args[1] if len(call.args) > 1 else None)
        if default is not None:
            self.env_defaults.setdefault(variable, (scope, default))
        return Text((Slot("env", variable),))

    def _urljoin(self, call: Call, scope: Scope, depth: int) -> list[Value]:
        bases = [value for value in self.values(call.args[0], scope, depth + 1) if isinstance(value, Text)] if call.args else []
        paths = [value for value in self.values(call.args[1], scope, depth + 1) if isinstance(value, Text)] if len(call.args) > 1 else []
        if not paths:
            return list(bases)
        return _some(_resolved(base, path) for base in bases or [Text((Slot("unknown", shown(call.args[0])),))] for path in paths)

    # texts and tables

    def _join(self, parts: tuple[Expr, ...], scope: Scope, depth: int) -> list[Value]:
        found: list[tuple[str | Slot, ...]] = [()]
        tables: list[Value] = []
        for part in parts:
            if isinstance(part, _Given):
                texts = [part.text]
            else:
                values = self.values(part, scope, depth + 1)
                tables += [value for value in values if isinstance(value, Row | Table)]
                texts = [value for value in values if isinstance(value, Text)]
                texts += [Text((f"{value.value:g}",)) for value in values if isinstance(value, Number)]
            found = [one + text.parts for one in found for text in texts or [Text((Slot("unknown", shown(part)),))]][:MOST]
        if tables:
            return tables
        return [Text(_merged(one)) for one in found]

    def expand(self, value: Value, depth: int) -> list[Value]:
        """A setting as the values that it is assigned; anything else as it is."""
        if isinstance(value, Text) and len(value.parts) == 1 and isinstance(slot := value.parts[0], Slot) and depth < DEEPEST:
            if slot.kind == "setting":
                return [found for scope, expr in self.setting(slot.owner, slot.name) for found in self.values(expr, scope, depth + 1)] or [
                    value
                ]
            if slot.kind == "env" and slot.name in self.env_defaults:
                scope, default = self.env_defaults[slot.name]
                return self.values(default, scope, depth + 1) or [value]
        return [value]

    def _index(self, expr: Index, scope: Scope, depth: int) -> list[Value]:
        if dotted(expr.base) in ("os.environ", "environ") and isinstance(expr.key, Const) and isinstance(expr.key.value, str):
            return [Text((Slot("env", expr.key.value),))]
        found: list[Value] = []
        for base in self.values(expr.base, scope, depth + 1):
            for value in self.expand(base, depth):
                if isinstance(value, Table):
                    found += self._entry(value, expr.key, scope, depth)
                elif isinstance(value, Row):
                    found += self._place(value, expr.key.value if isinstance(expr.key, Const) else None, depth)
                elif isinstance(value, Text) and isinstance(expr.key, Const) and isinstance(expr.key.value, int):
                    found.append(value)
        return _some(found)

    def _entry(self, table: Table, key: Expr, scope: Scope, depth: int) -> list[Value]:
        """The values under a key; under any key where the key is not known."""
        keys = {value.plain for value in self.values(key, scope, depth + 1) if isinstance(value, Text)}
        found: list[Value] = []
        for one, value in table.pairs.items:
            if one is None:
                for inner in self.values(value, table.scope, depth + 1):
                    found += self._entry(inner, key, scope, depth + 1) if isinstance(inner, Table) and depth < DEEPEST else []
                continue
            own = [text.plain for text in self.values(one, table.scope, depth + 1) if isinstance(text, Text)]
            if not keys or None in keys or None in own or keys & set(own):
                found += self.values(value, table.scope, depth + 1)
        return _some(found)

    def _place(self, row: Row, place: object, depth: int) -> list[Value]:
        items = row.items.items
        if isinstance(place, int) and -len(items) <= place < len(items) and not any(isinstance(item, Spread) for item in items):
            items = (items[place],)
        return _some(value for item in items for value in self._item(item, row.scope, depth))

    def _item(self, item: Expr, scope: Scope, depth: int) -> list[Value]:
        if not isinstance(item, Spread):
            return self.values(item, scope, depth + 1)
        rows = [value for base in self.values(item.of, scope, depth + 1) for value in self.expand(base, depth)]
        return [found for row in rows if isinstance(row, Row) and depth < DEEPEST for found in self._place(row, None, depth + 1)]

    def _each(self, expr: Each, scope: Scope, depth: int) -> list[Value]:
        found: list[Value] = []
        for base in self.values(expr.of, scope, depth + 1):
            for value in self.expand(base, depth):
                if isinstance(value, Table):
                    value = self._listed(value, "keys")
                if isinstance(value, Row):
                    found += self._unpacked(value, expr.place, depth)
        return _some(found)

    def _unpacked(self, row: Row, place: int | None, depth: int) -> list[Value]:
        found: list[Value] = []
        for value in self._place(row, None, depth):
            if place is None:
                found.append(value)
            elif isinstance(value, Row):
                found += self._place(value, place, depth)
        return found


@dataclass(slots=True, eq=False)
class _Given(Expr):
    """A value that is known already, as a part of a text."""

    text: Text


def _some(values: Iterable[Value]) -> list[Value]:
    """Each once, no more than MOST."""
    found: dict[object, Value] = {}
    for value in values:
        found.setdefault(value, value)
        if len(found) >= MOST:
            break
    return list(found.values())


def _merged(parts: tuple[str | Slot, ...]) -> tuple[str | Slot, ...]:
    merged: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def takes_fields(ref: ClassRef) -> bool:
    """Whether a class gets its constructor from its fields: a dataclass, a named tuple, a model."""
    if f"{ref.cls.name}.__init__" in ref.module.functions:
        return False
    names = [dotted(one.func if isinstance(one, Call) else one) for one in ref.cls.decorators] + [dotted(base) for base in ref.cls.bases]
    return any(name.rpartition(".")[2] in ("dataclass", "define", "frozen", "NamedTuple", "BaseModel") for name in names)


def _static(function: Function) -> bool:
    return any(dotted(decorator) == "staticmethod" for decorator in function.decorators)


def _stripped(text: Text, name: str, call: Call) -> Text:
    """A text without the ends that `rstrip("/")` and its like remove; other methods leave it as it is."""
    given = call.args[0].value if call.args and isinstance(call.args[0], Const) and isinstance(call.args[0].value, str) else None
    parts = list(text.parts)
    if name in ("rstrip", "strip") and parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip(given)
    if name in ("lstrip", "strip") and parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip(given)
    return Text(_merged(tuple(parts)))


def _template(template: str, call: Call) -> list[Expr]:
    """`"…{}…{name}…".format(…)` as parts."""
    parts: list[Expr] = []
    end = count = 0
    for match in re.finditer(r"\{(\w*)(?:[.\[!:][^}]*)?\}", template):
        parts.append(Const(template[end : match.start()]))
        name = match[1]
        given = call.argument(int(name) if name.isdigit() else count, "") if not name or name.isdigit() else call.keyword(name)
        count += not name
        parts.append(given if given is not None else _Given(Text((Slot("unknown", name or "…"),))))
        end = match.end()
    return [*parts, Const(template[end:])]


def _resolved(base: Text, path: Text) -> Text:
    """`urljoin` of texts with gaps."""
    if base.plain is not None and path.plain is not None:
        return Text((urljoin(base.plain, path.plain),))
    first = path.parts[0] if path.parts else ""
    if isinstance(first, str) and re.match(r"https?://", first):
        return path
    if isinstance(first, str) and first.startswith("/") and base.parts:
        head = base.parts[0]
        if isinstance(head, str) and (origin := re.match(r"https?://[^/]+", head)):
            return Text(_merged((origin[0], *path.parts)))
        return Text(_merged((head, *path.parts)))
    last = base.parts[-1] if base.parts else ""
    slash = "" if isinstance(last, str) and last.endswith("/") else "/"
    return Text(_merged((*base.parts, slash, *path.parts)))
