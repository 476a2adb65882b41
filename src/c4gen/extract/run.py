"""From trees to facts: scan, resolve, join."""

import gc
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from c4gen.extract.addresses import normal
from c4gen.extract.boxes import Boxes
from c4gen.extract.cache import Cache
from c4gen.extract.callers import Callers
from c4gen.extract.clients import HttpCalls
from c4gen.extract.drafts import Drafts
from c4gen.extract.edges import find_edges
from c4gen.extract.evaluator import Evaluator
from c4gen.extract.frameworks import Route
from c4gen.extract.jobs import Jobs
from c4gen.extract.program import ClassRef, External, FunctionRef, Program
from c4gen.extract.reach import Reach, Trigger
from c4gen.extract.routes import Routes, is_view
from c4gen.extract.scan import Scan, scan
from c4gen.extract.settings import Settings
from c4gen.extract.syntax import Call, dotted
from c4gen.extract.trees import Tree
from c4gen.model.curated import Model
from c4gen.model.facts import Evidence, Facts, Operation, Side, Trouble

_SIGNATURE = re.compile(
    r"(hmac\.(compare_digest|new|HMAC)|compare_digest|constant_time_compare|construct_event|RequestValidator|verify_signature|check_signature|validate_signature|SignatureHeader|verify_webhook)"
)

_HOOK = re.compile(r"web-?_?hook|/callback|/ipn\b|/notify|notification|_hook\b|hooks?/", re.IGNORECASE)


def extract(trees: Iterable[Tree], models: Iterable[Model] = (), cache: Cache | None = None) -> Facts:
    """Facts of repositories read together. `models` tell which boxes exist; without them, boxes are made of what is found."""
    with _no_collection():
        scans, troubles = scan(trees, cache or Cache(None))
        return resolve(scans, troubles, list(models))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of small values that all live to the end: looking for garbage among them takes longer than the work."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # and back: all of it counts as old now, so that the next look passes it over
        gc.unfreeze()
        if was:
            gc.enable()


def resolve(scans: list[Scan], troubles: list[Trouble], models: list[Model]) -> Facts:
    program = Program(scans)
    evaluator = Evaluator(program)
    settings = Settings(program, evaluator, scans)
    callers = Callers(program, evaluator)
    jobs = Jobs(program, evaluator, settings, callers)
    reach = Reach(program, [found.ref for found in jobs.tasks])
    routes = Routes(program, evaluator, settings).find()
    _mark(program, jobs, reach, routes)
    operations = _operations(scans, routes, reach)
    boxes = Boxes(scans, settings, models)
    drafts = Drafts(program, scans, settings, jobs, reach, boxes, operations)
    found = find_edges(drafts, HttpCalls(program, evaluator, callers).find())
    drawn = {id for edge in found for id in (edge.source, edge.target)}
    return Facts(
        repositories=tuple(sorted(scan.name for scan in scans)),
        nodes=tuple(boxes.nodes[id] for id in sorted(boxes.nodes) if boxes.nodes[id].kind != "external" or id in drawn),
        edges=tuple(found),
        settings=tuple(settings.table(_uses(program))),
        operations=tuple(operations),
        tasks=tuple(sorted((found.task for found in jobs.tasks), key=lambda task: (task.repo, task.name))),
        schedules=tuple(jobs.schedules),
        unresolved=tuple(sorted(drafts.unresolved, key=lambda one: (one.repo, one.path, one.line, one.expression))),
        troubles=tuple(sorted(troubles, key=lambda one: (one.repo, one.path, one.line))),
    )


def _mark(program: Program, jobs: Jobs, reach: Reach, routes: list[Route]) -> None:
    """Say where work begins: views, tasks, commands, receivers."""
    for found in jobs.tasks:
        reach.mark(Trigger("task", found.task.name, found.ref))
    for route in routes:
        shown = f"{route.method} {route.path}"
        if route.handler:
            reach.mark(Trigger("view", route.shown, route.handler, shown))
        if route.cls:
            own = set(route.cls.cls.methods) - _verbs(route)
            reach.mark_class("view", route.shown, route.cls, shown, own or {"<body>"})
    for cls in program.classes():
        bases = [one.name for one in program.line(cls) if isinstance(one, External)]
        if any(base.endswith((".BaseCommand", ".LabelCommand", ".AppCommand")) for base in bases):
            name = cls.module.name.rpartition(".")[2]
            reach.mark_class("command", name, cls)
        elif is_view(program, cls) or (
            any(base.rpartition(".")[2] == "MiddlewareMixin" for base in bases)
            or ({"__init__", "__call__"} <= set(cls.cls.methods) and "middleware" in cls.module.name)
        ):
            reach.mark_class("view", cls.shown, cls)
    for ref in program.functions():
        _mark_function(ref, reach)


def _mark_function(ref: FunctionRef, reach: Reach) -> None:
    for decorator in ref.function.decorators:
        name = dotted(decorator.func if isinstance(decorator, Call) else decorator)
        last = name.rpartition(".")[2]
        if last == "receiver":
            reach.mark(Trigger("signal", ref.shown, ref))
        elif last in ("command", "group") and ("click" in name or name.count(".") == 1):
            reach.mark(Trigger("command", ref.function.bare, ref))
    if ref.function.params and ref.function.params[0].name == "request" and not ref.function.cls and "view" in ref.module.name:
        reach.mark(Trigger("view", ref.shown, ref))


def _verbs(route: Route) -> set[str]:
    """Methods that other operations of the same class answer with."""
    verbs = {"get", "post", "put", "patch", "delete", "list", "create", "retrieve", "update", "partial_update", "destroy"}
    return verbs - set(route.methods) if route.methods else set()


def _operations(scans: list[Scan], routes: list[Route], reach: Reach) -> list[Operation]:
    found: dict[tuple[str, str, str], Operation] = {}
    for one in scans:
        for path, document in sorted(one.documents.items()):
            for operation in document.operations:
                key = (one.name, operation.method, normal(operation.path))
                found.setdefault(
                    key,
                    Operation(
                        *key,
                        operation.name,
                        "",
                        Evidence(one.name, path, operation.line, "openapi", Side.PROVIDER, operation.name),
                        documented=True,
                    ),
                )
    documented = set(found)
    for route in routes:
        key = (route.repo, route.method, route.path)
        evidence = _handler_evidence(route)
        found[key] = Operation(*key, route.name, route.shown, evidence, key in documented, _signature(route, reach))
    return [found[key] for key in sorted(found)]


def _handler_evidence(route: Route) -> Evidence:
    if route.handler:
        return Evidence(route.repo, route.handler.module.path, route.handler.function.line, "route", Side.PROVIDER, route.shown)
    if route.cls:
        return Evidence(route.repo, route.cls.module.path, route.cls.cls.line, "route", Side.PROVIDER, route.shown)
    return Evidence(route.repo, route.module.path, route.line, "route", Side.PROVIDER, route.shown)


def _signature(route: Route, reach: Reach) -> str:
    """How a webhook's sender is checked: the function that compares signatures, within a few calls of the handler."""
    if route.method not in ("POST", "ANY") or not re.search(
        r"hook|callback|ipn|notif|event", f"{route.path} {route.name} {route.shown}", re.IGNORECASE
    ):
        return ""
    starts = [route.handler] if route.handler else _methods(route.cls)
    for start in starts:
        for ref in reach.ahead(start, 3):
            for name in sorted(ref.function.refs):
                if _SIGNATURE.search(name):
                    return f"{ref.shown}: {name}"
    return ""


def _methods(cls: ClassRef | None) -> list[FunctionRef]:
    if cls is None:
        return []
    return [
        FunctionRef(cls.module, function) for name in cls.cls.methods if (function := cls.module.functions.get(f"{cls.cls.name}.{name}"))
    ]


def _uses(program: Program) -> dict[tuple[str, str], int]:
    """How often each setting is read as `settings.NAME`."""
    found: Counter[tuple[str, str]] = Counter()
    for ref in program.functions():
        for name in ref.function.refs:
            if "settings." not in name:
                continue
            head, _, last = name.rpartition(".")
            if last.isupper() and head.endswith("settings"):
                found[ref.module.repo, last] += 1
    return dict(found)
