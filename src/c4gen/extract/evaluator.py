"""What an expression may be, without running it. Bounded in depth, breadth and steps."""

from collections.abc import Callable, Mapping

from c4gen.extract.known_calls import method_of_value, outside
from c4gen.extract.program import ClassRef, External, FunctionRef, ModuleRef, Program, Target, VariableRef
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
    dotted,
    shown,
)
from c4gen.extract.tables import DEEPEST, each, index, join
from c4gen.extract.values import MOST, Bound, Made, Number, Row, Scope, Slot, Table, Text, Value, is_static, some, takes_fields

STEPS = 4_000  # of one question
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
        self._open: set[int] = set()  # assigned expressions being read: a name may be made of itself
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
                return join(self, expr.parts, scope, depth)
            case Pairs():
                return [Table(expr, scope)]
            case Items():
                return [Row(expr, scope)]
            case Choice():
                return some(value for option in expr.options for value in self.values(option, scope, depth + 1))
            case Index():
                return index(self, expr, scope, depth)
            case Each():
                return each(self, expr, scope, depth)
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
                if id(expr) not in self._open:
                    self._open.add(id(expr))
                    found += self.values(expr, inner, depth + 1)
                    self._open.discard(id(expr))
        if parameter is not None and parameter.name == name:
            found += self._parameter(function, parameter.annotation, name, scope)
            if isinstance(parameter.default, Call):
                found += [value for value in self.values(parameter.default, Scope(scope.module), depth + 1) if isinstance(value, Made)]
        return some(found) if assigned or parameter is not None else None

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
        return some(value for assign in target.module.names[target.name] for value in self.values(assign.value, scope, depth + 1))

    # attributes

    def _attribute(self, expr: Attr, scope: Scope, depth: int) -> list[Value]:
        if isinstance(expr.base, Name) and scope.function is not None:
            kept = self._assigned(scope.function).get(f"{expr.base.id}.{expr.name}")
            if kept and expr.base.id != "self":
                return some(value for one in kept for value in self.values(one, scope, depth + 1))
        return some(found for base in self.values(expr.base, scope, depth + 1) for found in self.member(base, expr.name, depth))

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
                    some(found for value in self.expand(base, depth) for found in self.member(value, name, depth + 1))
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
        return some(found)

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
        special = method_of_value(self, call, scope, depth)
        if special is not None:
            return special
        found: list[Value] = []
        for func in self.values(call.func, scope, depth + 1):
            match func:
                case FunctionRef():
                    found += self.inline(func, self._arguments(func, call, scope, depth, method=False), None, depth)
                case Bound(ref=FunctionRef() as ref, instance=instance):
                    found += self.inline(ref, self._arguments(ref, call, scope, depth, method=not is_static(ref.function)), instance, depth)
                case Bound(body=Expr() as body, scope=Scope() as around):
                    found += self.values(body, around, depth + 1)
                case ClassRef():
                    found.append(Made(func, call, scope))
                case Made(cls=External(name=name)):
                    found += outside(self, f"{name}()", call, scope, depth)
                case External(name=name):
                    found += outside(self, name, call, scope, depth)
        return some(found)

    def inline(self, ref: FunctionRef, bound: Mapping[str, list[Value]], instance: Made | None, depth: int) -> list[Value]:
        """What a function gives back for these arguments."""
        scope = Scope(ref.module, ref.function, bound, instance)
        found = some(value for expr in ref.function.returns for value in self.values(expr, scope, depth + 1))
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
