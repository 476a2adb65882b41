"""Who calls a function: by its last name first, and by what that means second."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from c4gen.extract.evaluator import Evaluator
from c4gen.extract.program import ClassRef, External, FunctionRef, Program, called_name
from c4gen.extract.syntax import Attr, Call, Expr, Function, Parameter, dotted
from c4gen.extract.values import Bound, Scope, takes_fields

_Place = tuple[int, FunctionRef, Call]


@dataclass
class _Named:
    """Calls of one name: by the function that they mean, through `super`, and those whose meaning code does not tell."""

    by_target: dict[int, tuple[FunctionRef, list[_Place]]] = field(default_factory=dict)
    of_super: list[_Place] = field(default_factory=list)
    unknown: list[_Place] = field(default_factory=list)


class Callers:
    """Who calls a function, by its last name first and by what that means second."""

    def __init__(self, program: Program, evaluator: Evaluator) -> None:
        self.program = program
        self.evaluator = evaluator
        self._by_name: dict[str, list[tuple[FunctionRef, Call]]] = defaultdict(list)
        self._defined: dict[str, int] = defaultdict(int)
        self._functions: dict[str, FunctionRef] = {}
        self._sorted: dict[str, _Named] = {}
        for ref in program.functions():
            self._functions.setdefault(ref.key, ref)
            self._defined[ref.function.bare] += 1
            for call in ref.function.calls:
                name = called_name(call)
                if name in ("delay", "apply_async", "s", "si", "partial", "apply") and isinstance(call.func, Attr):
                    name = dotted(call.func.base).rpartition(".")[2] or name
                self._by_name[name].append((ref, call))

    def function(self, key: str) -> FunctionRef | None:
        """By its key; for a class that gets its constructor from its fields, that constructor."""
        if key not in self._functions and key.endswith(".__init__"):
            repo, module_name, name = key.split(":", 2)
            module = self.program.module(module_name, repo)
            cls = module.classes.get(name.removesuffix(".__init__")) if module else None
            if module and cls and takes_fields(ClassRef(module, cls)):
                fields = tuple(Parameter(one) for one in dict.fromkeys(assign.name for assign in cls.assigns))
                self._functions[key] = FunctionRef(module, Function(name, cls.name, cls.line, (Parameter("self"), *fields)))
        return self._functions.get(key)

    def of(self, callee: FunctionRef) -> Iterator[tuple[FunctionRef, Call, bool]]:
        """(function, call, whether the first parameter is the instance)."""
        bare = callee.function.bare
        method = bool(callee.function.cls) and "." in callee.function.name
        if bare == "__init__" and (cls := self.program.class_of(callee)):
            for one in [cls, *self.program.subclasses(cls)]:
                if one is cls or self.program.method(one, "__init__") == callee:
                    yield from (
                        (ref, call, True)
                        for ref, call in self._by_name.get(one.cls.name.rpartition(".")[2], ())
                        if self._makes(ref, call, one)
                    )
            yield from ((ref, call, True) for ref, call in self._by_name.get("__init__", ()) if self._is_super(ref, call, callee))
            return
        given = method and not any(dotted(one) == "staticmethod" for one in callee.function.decorators)
        for ref, call in self._named(callee):
            if ref.function is not callee.function:
                yield ref, call, given

    def _named(self, callee: FunctionRef) -> list[tuple[FunctionRef, Call]]:
        """Calls that mean a function: by its own meaning, by one that it stands in for, through `super`, or as the only one of its name."""
        known = self._calls_of(callee.function.bare)
        found = [
            one
            for target, calls in known.by_target.values()
            if target.function is callee.function or self._overrides(callee, target) or self._promised(callee, target)
            for one in calls
        ]
        found += [one for one in known.of_super if self._above(one[1], callee)]
        if self._defined[callee.function.bare] == 1 and len(callee.function.bare) > 5:
            found += known.unknown
        return [(ref, call) for _, (ref, call) in sorted({number: (ref, call) for number, ref, call in found}.items())]

    def _calls_of(self, bare: str) -> "_Named":
        """Calls of a name, sorted once by what they mean."""
        if bare not in self._sorted:
            known = self._sorted[bare] = _Named()
            for number, (ref, call) in enumerate(self._by_name.get(bare, ())):
                self._sort(known, number, ref, call, bare)
        return self._sorted[bare]

    def _sort(self, known: "_Named", number: int, ref: FunctionRef, call: Call, bare: str) -> None:
        func = call.func
        if isinstance(func, Attr) and func.name in ("delay", "apply_async", "s", "si") and func.name != bare:
            func = func.base
        values = self._values(ref, func)
        targets = [value.ref if isinstance(value, Bound) else value for value in values]
        for target in {id(one.function): one for one in targets if isinstance(one, FunctionRef)}.values():
            known.by_target.setdefault(id(target.function), (target, []))[1].append((number, ref, call))
        if not values and isinstance(func, Attr):
            known.unknown.append((number, ref, call))
        elif isinstance(func, Attr) and isinstance(func.base, Call) and dotted(func.base.func) == "super":
            known.of_super.append((number, ref, call))

    def _makes(self, ref: FunctionRef, call: Call, cls: ClassRef) -> bool:
        return any(isinstance(value, ClassRef) and value.cls is cls.cls for value in self._values(ref, call.func))

    def _is_super(self, ref: FunctionRef, call: Call, callee: FunctionRef) -> bool:
        cls = self.program.class_of(ref)
        if cls is None or ref.function is callee.function:
            return False
        above = [one for one in self.program.line(cls)[1:] if isinstance(one, ClassRef)]
        return bool(above) and self.program.method(above[0], "__init__") == callee

    def _overrides(self, one: FunctionRef, other: FunctionRef) -> bool:
        """Whether a method stands in for another of the same name in a class above it."""
        if one.function.bare != other.function.bare or not one.function.cls or not other.function.cls:
            return False
        cls = self.program.class_of(one)
        return cls is not None and any(
            isinstance(above, ClassRef) and above.cls.name == other.function.cls and above.module is other.module
            for above in self.program.line(cls)
        )

    def _promised(self, one: FunctionRef, other: FunctionRef) -> bool:
        """Whether `other` is the same method of a Protocol, which classes fulfil without naming it."""
        cls = self.program.class_of(other)
        if cls is None or one.function.bare != other.function.bare or not one.function.cls:
            return False
        return any(isinstance(base, External) and base.name.rpartition(".")[2] == "Protocol" for base in self.program.line(cls))

    def _above(self, ref: FunctionRef, callee: FunctionRef) -> bool:
        cls = self.program.class_of(ref)
        return cls is not None and any(
            isinstance(one, ClassRef) and one.cls.name == callee.function.cls for one in self.program.line(cls)[1:]
        )

    def _values(self, ref: FunctionRef, func: Expr) -> list[object]:
        return list(self.evaluator.ask(func, Scope(ref.module, ref.function)))
