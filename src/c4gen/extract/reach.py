"""From where a function is reached: views, tasks, commands, receivers. References count as calls, since pipelines are built of them."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from c4gen.extract.program import ClassRef, External, FunctionRef, Module, ModuleRef, Program, VariableRef
from c4gen.extract.syntax import CLASS_BODY, Attr, Call, Function, Name, dotted

FARTHEST = 14
MOST_TRIGGERS = 12
HUB = 5  # farther than the nearest trigger by more than this is no trigger of its own
_QUEUES = frozenset(
    {
        "delay",
        "apply_async",
        "s",
        "si",
        "signature",
        "send_task",
        "enqueue",
        "defer",
        "send",
        "send_with_options",
        "delay_on_commit",
        "retry",
    }
)
_COMMON = frozenset(
    [
        "get",
        "set",
        "save",
        "delete",
        "update",
        "create",
        "filter",
        "all",
        "add",
        "remove",
        "append",
        "extend",
        "items",
        "values",
        "keys",
        "run",
        "handle",
        "execute",
        "call",
        "send",
        "close",
        "open",
        "read",
        "write",
        "clean",
        "validate",
        "process",
        "parse",
        "load",
        "format",
        "render",
        "build",
        "start",
        "stop",
        "check",
        "exists",
        "first",
        "last",
        "count",
        "copy",
        "pop",
        "clear",
        "name",
        "url",
        "data",
        "title",
        "form",
        "test",
        "main",
        "setup",
        "next",
        "reset",
        "to_representation",
        "get_queryset",
        "get_object",
        "get_context_data",
        "__init__",
        "__str__",
        "__call__",
        "as_view",
        "dispatch",
        "post",
        "put",
        "patch",
        "list",
        "retrieve",
        "refresh",
    ]
)
_FRAMEWORK = ("builtins.", "abc.", "typing.", "enum.", "dataclasses.")


@dataclass(frozen=True)
class Trigger:
    """`kind`: view, task, command, signal, consumer, startup. `name` is what people call it: a route, a task, a command."""

    kind: str
    name: str
    ref: FunctionRef
    route: str = ""


class Reach:
    """A graph of references between functions, walked backwards from a call to what sets it off."""

    def __init__(self, program: Program, tasks: Iterable[FunctionRef] = ()) -> None:
        self.program = program
        self._tasks = {id(ref.function) for ref in tasks}
        self._callers: dict[int, set[int]] = defaultdict(set)
        self._known: dict[int, set[str] | None] = {}
        self._refs: dict[int, FunctionRef] = {}
        self._named: dict[str, list[FunctionRef]] = defaultdict(list)  # methods by their bare name
        self._triggers: dict[int, list[Trigger]] = defaultdict(list)
        self.enqueues: list[tuple[FunctionRef, FunctionRef, int]] = []  # who, the task, line
        for ref in program.functions():
            self._refs[id(ref.function)] = ref
            if ref.function.cls:
                self._named[ref.function.bare].append(ref)
        for ref in program.functions():
            self._link(ref)

    def mark(self, trigger: Trigger) -> None:
        if trigger not in self._triggers[id(trigger.ref.function)]:
            self._triggers[id(trigger.ref.function)].append(trigger)

    def mark_class(self, kind: str, name: str, cls: ClassRef, route: str = "", methods: Iterable[str] = ()) -> None:
        """A class whose methods a framework calls: those named, or all of them."""
        wanted = set(methods)
        for one in self.program.line(cls):
            if isinstance(one, ClassRef):
                for method in [*one.cls.methods, CLASS_BODY]:
                    function = one.module.functions.get(f"{one.cls.name}.{method}")
                    if function and (not wanted or method in wanted):
                        self.mark(Trigger(kind, name, FunctionRef(one.module, function), route))

    # the graph

    def _link(self, ref: FunctionRef) -> None:
        function, module = ref.function, ref.module
        queued = self._queued(ref)
        heads = self._heads(module)
        for name in function.refs:
            if heads is not None and name.partition(".")[0] not in heads:
                continue  # a local name
            target = self.program.lookup(module, name)
            if target is None and "." in name:
                target = self.program.lookup(module, name.rpartition(".")[0])
            if target is None and function.name and (inner := module.functions.get(f"{function.name}.{name}")):
                target = FunctionRef(module, inner)
            for found in self._functions_of(target):
                if id(found) not in queued:
                    self._callers[id(found)].add(id(function))
        for call in function.calls:
            if isinstance(call.func, Attr):
                self._method(ref, call)

    def _heads(self, module: Module) -> set[str] | None:
        """Every name that can mean something in a module; None where stars and packages bring names of others."""
        if id(module) not in self._known:
            inner = {name.rpartition(".")[2] for name in module.functions}
            own = inner | module.classes.keys() | module.names.keys() | module.imports.keys()
            self._known[id(module)] = None if module.stars or module.is_package else own
        return self._known[id(module)]

    def _queued(self, ref: FunctionRef) -> set[int]:
        """Tasks that a function hands to a queue; unless it calls them too, what they do is not its own doing."""
        found: dict[int, int] = {}
        for call in ref.function.calls:
            if isinstance(call.func, Attr) and call.func.name in _QUEUES:
                target = self.program.lookup(ref.module, dotted(call.func.base)) if dotted(call.func.base) else None
                if isinstance(target, ClassRef):
                    target = self.program.method(target, "run")
                if isinstance(target, FunctionRef) and id(target.function) in self._tasks:
                    found[id(target.function)] = call.line
                    self.enqueues.append((ref, target, call.line))
        direct = {
            id(target.function)
            for call in ref.function.calls
            if isinstance(call.func, Name) and isinstance(target := self.program.lookup(ref.module, call.func.id), FunctionRef)
        }
        return set(found) - direct

    def _functions_of(self, target: object) -> list[Function]:
        match target:
            case FunctionRef(function=function):
                return [function]
            case ClassRef():
                return self._of_class(target)
            case VariableRef(module=module):
                return [module.body] if len(module.file.functions) > 1 and target.name.isupper() else []
            case ModuleRef() | External():
                return []
        return []

    def _of_class(self, ref: ClassRef) -> list[Function]:
        """What using a class may run: its body and constructor; every method where a framework stands above it."""
        line = self.program.line(ref)
        names = ["__init__", "__call__", "__post_init__", "__enter__", CLASS_BODY]
        if any(isinstance(one, External) and not one.name.startswith(_FRAMEWORK) for one in line):
            names = [*names, *ref.cls.methods]
        return [
            function
            for one in line
            if isinstance(one, ClassRef)
            for name in names
            if (function := one.module.functions.get(f"{one.cls.name}.{name}"))
        ]

    def _method(self, ref: FunctionRef, call: Call) -> None:
        assert isinstance(call.func, Attr)
        name, base = call.func.name, call.func.base
        if name not in self._named:
            return
        for found in self._candidates(ref, name, base):
            self._callers[id(found.function)].add(id(ref.function))

    def _candidates(self, ref: FunctionRef, name: str, base: object) -> list[FunctionRef]:
        is_self = (isinstance(base, Name) and base.id in ("self", "cls")) or (isinstance(base, Call) and dotted(base.func) == "super")
        if is_self and (cls := self.program.class_of(ref)):
            own = self.program.method(cls, name)
            below = [found for one in self.program.subclasses(cls) if (found := self.program.method(one, name))]
            return [*([own] if own else []), *below[:20]]
        classes = self._classes_near(ref, base)
        if near := [method for cls in classes if (method := self.program.method(cls, name))]:
            return near
        if len(self._named[name]) > 2 or name in _COMMON or self._is_module(ref, base):
            return []
        return self._named[name]

    def _is_module(self, ref: FunctionRef, base: object) -> bool:
        """Whether a receiver is a module or something of a library: what is called there is known, and no method of ours."""
        name = dotted(base) if isinstance(base, Name | Attr) else ""
        return bool(name) and isinstance(self.program.lookup(ref.module, name), ModuleRef | External)

    def _classes_near(self, ref: FunctionRef, base: object) -> list[ClassRef]:
        """Classes that a receiver may be of, by what its name was assigned in the function or its class."""
        called: list[str] = []
        if isinstance(base, Call):
            called.append(dotted(base.func))
        name = dotted(base) if isinstance(base, Name | Attr) else ""
        functions = [ref.function]
        if name.startswith("self.") and ref.function.cls:
            functions = [
                one for one in (ref.module.functions.get(f"{ref.function.cls}.{method}") for method in ("__init__", "setUp")) if one
            ]
        for function in functions:
            called += [dotted(assign.value.func) for assign in function.assigns if assign.name == name and isinstance(assign.value, Call)]
            called += [parameter.annotation for parameter in function.params if parameter.name == name and parameter.annotation]
        targets = [self.program.lookup(ref.module, one) for one in called if one]
        if name and not targets and (own := self.program.lookup(ref.module, name.partition(".")[0])) and isinstance(own, VariableRef):
            values = [assign.value for assign in own.module.names.get(own.name, ())]
            targets = [self.program.lookup(own.module, dotted(value.func)) for value in values if isinstance(value, Call)]
        return [target for target in targets if isinstance(target, ClassRef)]

    # questions

    def triggers(self, ref: FunctionRef, every: bool = False) -> list[Trigger]:
        """What sets a function off, nearest first; `every`: also what is much farther than the nearest. The body of a module counts as start-up."""
        start = id(ref.function)
        seen = {start: 0}
        queue = deque([start])
        found: list[tuple[int, Trigger]] = []
        while queue:
            current = queue.popleft()
            distance = seen[current]
            own = self._triggers.get(current, ())
            found += [(distance, trigger) for trigger in own]
            if distance >= FARTHEST or (current in self._tasks and current != start and not own):
                continue
            for caller in self._callers.get(current, ()):
                if caller not in seen:
                    seen[caller] = distance + 1
                    queue.append(caller)
        if not found:
            return []
        found.sort(key=lambda pair: (pair[0], pair[1].kind, pair[1].name))
        if every:
            return [trigger for _, trigger in found]
        nearest = found[0][0]
        kinds = {trigger.kind for _, trigger in found}
        kept = [trigger for distance, trigger in found if distance <= nearest + HUB][:MOST_TRIGGERS]
        for kind in sorted(kinds - {trigger.kind for trigger in kept}):
            kept.append(next(trigger for _, trigger in found if trigger.kind == kind))
        return kept

    def ahead(self, ref: FunctionRef, farthest: int = 4) -> list[FunctionRef]:
        """Functions that a function may call, directly or through others."""
        forward = self._forward()
        seen = {id(ref.function): 0}
        queue = deque([id(ref.function)])
        while queue:
            current = queue.popleft()
            if seen[current] >= farthest:
                continue
            for callee in forward.get(current, ()):
                if callee not in seen:
                    seen[callee] = seen[current] + 1
                    queue.append(callee)
        return [self._refs[one] for one in seen if one in self._refs]

    def _forward(self) -> dict[int, list[int]]:
        if not hasattr(self, "_forward_edges"):
            edges: dict[int, list[int]] = defaultdict(list)
            for callee, callers in self._callers.items():
                for caller in callers:
                    edges[caller].append(callee)
            self._forward_edges = edges
        return self._forward_edges
