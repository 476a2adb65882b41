"""One operation of a repository, and those of frameworks that name addresses in decorators: FastAPI, Flask, Ninja and their like."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c4gen.extract.addresses import normal
from c4gen.extract.program import ClassRef, FunctionRef, Module, called_name
from c4gen.extract.syntax import Attr, Call, Const, Items, Name, dotted
from c4gen.extract.values import Scope

if TYPE_CHECKING:
    from c4gen.extract.routes import Routes

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One operation. `handler` is the function that answers, `cls` the class that it belongs to."""

    repo: str
    method: str
    path: str
    name: str
    module: Module
    line: int
    handler: FunctionRef | None = None
    cls: ClassRef | None = None
    methods: tuple[str, ...] = ()  # of the class, that this operation may run
    shown: str = ""


def decorated(routes: "Routes") -> Iterator[Route]:
    """`@router.get("/x")`, `@app.route("/x", methods=[…])`: FastAPI, Flask, Ninja and their like."""
    for ref in routes.program.functions():
        for decorator in ref.function.decorators:
            if not isinstance(decorator, Call) or not isinstance(decorator.func, Attr) or not decorator.args:
                continue
            verb = decorator.func.name
            if verb not in (*METHODS, "route", "websocket", "api_route") or not isinstance(decorator.args[0], Const | Attr | Name):
                continue
            path = routes.text(decorator.args[0], Scope(ref.module))
            if not path.startswith("/") and path:
                continue
            given = decorator.keyword("methods")
            methods = (
                [str(one.value).upper() for one in given.items if isinstance(one, Const)]
                if isinstance(given, Items)
                else ["GET" if verb == "route" else verb.upper()]
            )
            whole = normal(_router_prefix(routes, ref.module, dotted(decorator.func.base)) + path)
            for method in methods:
                yield Route(
                    ref.module.repo,
                    "ANY" if verb in ("websocket", "api_route") else method,
                    whole,
                    ref.function.bare,
                    ref.module,
                    decorator.line,
                    ref,
                    shown=ref.shown,
                )


def _router_prefix(routes: "Routes", module: Module, variable: str) -> str:
    own = ""
    for assign in module.names.get(variable, ()):
        if isinstance(assign.value, Call) and (given := assign.value.keyword("prefix", "url_prefix")):
            own = routes.text(given, Scope(module))
    for other in routes.program.modules:
        if other.repo != module.repo:
            continue
        for call in other.body.calls:
            if called_name(call) in ("include_router", "add_router", "register_blueprint") and call.args:
                target = routes.program.lookup(other, dotted(call.args[-1] if called_name(call) == "add_router" else call.args[0]) or "-")
                if getattr(target, "module", None) is module and getattr(target, "name", "") == variable:
                    given = call.keyword("prefix", "url_prefix") or (call.args[0] if called_name(call) == "add_router" else None)
                    return routes.text(given, Scope(other)) + own
    return own
