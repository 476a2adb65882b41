"""What a repository provides over HTTP: Django's URL configurations, DRF's routers, and decorators of other frameworks."""

import re
from collections.abc import Iterator
from dataclasses import replace

from c4gen.extract.addresses import normal, plain_pattern
from c4gen.extract.evaluator import Evaluator
from c4gen.extract.frameworks import METHODS, Route, decorated
from c4gen.extract.program import ClassRef, External, FunctionRef, Module, ModuleRef, Program, called_name
from c4gen.extract.settings import Settings
from c4gen.extract.syntax import Attr, Call, Const, Expr, Items, Name, dotted, shown
from c4gen.extract.values import Bound, Made, Row, Scope, Table, Text

DEEPEST = 8
MOST = 5_000
_VIEWSET = {
    "list": ("GET", False),
    "create": ("POST", False),
    "retrieve": ("GET", True),
    "update": ("PUT", True),
    "partial_update": ("PATCH", True),
    "destroy": ("DELETE", True),
}
_MIXINS = {
    "ModelViewSet": tuple(_VIEWSET),
    "ReadOnlyModelViewSet": ("list", "retrieve"),
    "ListModelMixin": ("list",),
    "CreateModelMixin": ("create",),
    "RetrieveModelMixin": ("retrieve",),
    "UpdateModelMixin": ("update", "partial_update"),
    "DestroyModelMixin": ("destroy",),
}
_GENERIC = {"List": "GET", "Retrieve": "GET", "Create": "POST", "Update": "PUT", "Destroy": "DELETE"}
_VIEW_BASE = re.compile(r"(^|\.)(\w*View|\w*ViewSet|\w*APIView|\w*Consumer|\w*Page|Mixin)$")


class Routes:
    def __init__(self, program: Program, evaluator: Evaluator, settings: Settings) -> None:
        self.program = program
        self.evaluator = evaluator
        self.settings = settings
        self._open: set[tuple[int, str]] = set()  # items being read, with their prefix: a list may be made of itself

    def find(self) -> list[Route]:
        found: list[Route] = []
        roots, rest = self._roots()
        for module in roots:
            found += self._of_patterns(module, "urlpatterns", "", 0)
        shown = {route.repo for route in found}
        for module in rest:
            if module.repo not in shown or module.path.endswith("root_urls.py"):
                found += self._of_patterns(module, "urlpatterns", "", 0)
        found += self._of_configs(shown)
        found += decorated(self)
        found += self._sockets()
        return list({(route.repo, route.method, route.path, route.shown): route for route in found[:MOST]}.values())

    def _of_configs(self, shown: set[str]) -> Iterator[Route]:
        """Lists that `get_urls` of an application's configuration gives back, in projects that put their addresses together while they start."""
        for cls in self.program.classes():
            if (
                cls.cls.name.endswith("Config")
                and cls.module.repo not in shown
                and (own := cls.module.functions.get(f"{cls.cls.name}.get_urls"))
            ):
                scope = Scope(cls.module, own)
                for assign in own.assigns:
                    yield from self._of_list(assign.value, scope, "", 1)

    def _roots(self) -> tuple[list[Module], list[Module]]:
        """URL configurations that ROOT_URLCONF names, and the others that none includes, for repositories where those tell nothing."""
        named = {
            text.plain
            for (repo, name) in self.settings.entries
            if name == "ROOT_URLCONF" and not self.settings.for_tests(repo, name)
            for text in self.settings.open_texts(repo, name)
        }
        roots = [module for name in sorted(one for one in named if one) if (module := self.program.module(name))]
        included: set[str] = set()
        for module in self.program.modules:
            for call in module.body.calls if "urlpatterns" in module.names else ():
                if called_name(call) == "include" and call.args:
                    included.update(self._module_names(call.args[0], module))
        rest = [
            module
            for module in self.program.modules
            if "urlpatterns" in module.names and module not in roots and module.name not in included
        ]
        return roots, rest

    def _module_names(self, expr: Expr, module: Module) -> Iterator[str]:
        for value in self.evaluator.ask(expr, Scope(module)):
            if isinstance(value, Text) and value.plain:
                yield value.plain
            elif isinstance(value, ModuleRef):
                yield value.module.name
            elif isinstance(value, Row) and value.items.items:
                yield from self._module_names(value.items.items[0], value.scope.module)

    def _of_patterns(self, module: Module, name: str, prefix: str, depth: int) -> Iterator[Route]:
        if depth > DEEPEST:
            return
        scope = Scope(module, module.body)
        for assign in module.names.get(name, ()):
            yield from self._of_list(assign.value, scope, prefix, depth)
        yield from self._extended(module, name, prefix, depth)

    def _extended(self, module: Module, name: str, prefix: str, depth: int) -> Iterator[Route]:
        for call in module.body.calls:
            if (
                isinstance(call.func, Attr)
                and dotted(call.func.base) == name
                and call.func.name in ("extend", "append", "insert")
                and call.args
            ):
                yield from self._of_list(
                    Items((call.args[-1],)) if call.func.name != "extend" else call.args[-1], Scope(module, module.body), prefix, depth
                )

    def _of_list(self, expr: Expr, scope: Scope, prefix: str, depth: int) -> Iterator[Route]:
        if depth > DEEPEST:
            return
        if isinstance(expr, Items):
            for item in expr.items:
                yield from self._of_item(item, scope, prefix, depth)
            return
        yield from self._of_item(expr, scope, prefix, depth)

    def _of_item(self, item: Expr, scope: Scope, prefix: str, depth: int) -> Iterator[Route]:
        key = (id(item), prefix)
        if depth > DEEPEST or key in self._open:
            return
        self._open.add(key)
        try:
            yield from self._of_new_item(item, scope, prefix, depth)
        finally:
            self._open.discard(key)

    def _of_new_item(self, item: Expr, scope: Scope, prefix: str, depth: int) -> Iterator[Route]:
        of = getattr(item, "of", None)
        if isinstance(of, Expr):
            item = of
        if isinstance(item, Call):
            name = called_name(item)
            if name in ("path", "re_path", "url", "register_path"):
                yield from self._of_path(item, scope, prefix, depth)
                return
            if name in ("i18n_patterns", "format_suffix_patterns", "decorator_include", "required"):
                for arg in item.args:
                    yield from self._of_list(arg, scope, prefix, depth + 1)
                return
        if isinstance(item, Attr) and item.name == "urls":
            yield from self._of_router(item.base, scope, prefix)
            return
        if isinstance(item, Items):
            yield from self._of_list(item, scope, prefix, depth + 1)
            return
        for value in self.evaluator.ask(item, scope):
            if isinstance(value, Row):
                for one in value.items.items:
                    yield from self._of_item(one, value.scope, prefix, depth + 1)
            elif isinstance(value, Made) and value.call and value.scope and value.call is not item:
                yield from self._of_item(value.call, value.scope, prefix, depth + 1)
        if isinstance(item, Name):
            yield from self._named(item, scope, prefix, depth)

    def _named(self, item: Name, scope: Scope, prefix: str, depth: int) -> Iterator[Route]:
        for call in scope.module.body.calls:
            if isinstance(call.func, Attr) and call.func.name == "append" and dotted(call.func.base) == item.id and call.args:
                yield from self._of_item(call.args[0], scope, prefix, depth + 1)

    def _of_path(self, call: Call, scope: Scope, prefix: str, depth: int) -> Iterator[Route]:
        given = call.argument(0, "route", "regex")
        text = self.text(given, scope)
        part = plain_pattern(text) if called_name(call) in ("re_path", "url") else text
        path = f"{prefix}{part}"
        view = call.argument(1, "view")
        if view is None:
            return
        if isinstance(view, Call) and called_name(view) == "include":
            if view.args:
                yield from self._included(view.args[0], scope, path, depth)
            return
        if (isinstance(view, Attr) and view.name == "urls") or isinstance(view, Items):
            yield from self._of_item(view, scope, path, depth + 1)
            return
        name = self.text(call.keyword("name"), scope)
        yield from self._of_view(view, scope, path, name, call.line)

    def _included(self, expr: Expr, scope: Scope, prefix: str, depth: int) -> Iterator[Route]:
        if isinstance(expr, Items) and expr.items and len(expr.items) == 2 and isinstance(expr.items[1], Const):
            yield from self._included(expr.items[0], scope, prefix, depth)
            return
        if isinstance(expr, Attr) and expr.name == "urls":
            yield from self._of_router(expr.base, scope, prefix)
        for value in self.evaluator.ask(expr, scope):
            if isinstance(value, Text) and value.plain and (module := self.program.module(value.plain, scope.module.repo)):
                yield from self._of_patterns(module, "urlpatterns", prefix, depth + 1)
            elif isinstance(value, ModuleRef):
                yield from self._of_patterns(value.module, "urlpatterns", prefix, depth + 1)
            elif isinstance(value, Row):
                for item in value.items.items:
                    yield from self._of_item(item, value.scope, prefix, depth + 1)

    def text(self, expr: Expr | None, scope: Scope) -> str:
        if expr is None:
            return ""
        for value in self.evaluator.ask(expr, scope):
            if isinstance(value, Text):
                filled = self.settings.filled(value, scope.module.repo)
                return (filled[0] if filled else value).shown
        if isinstance(expr, Call) and expr.args:  # gettext_lazy("…") and its like
            return self.text(expr.args[0], scope)
        return "{}"

    # views

    def _of_view(self, view: Expr, scope: Scope, path: str, name: str, line: int) -> Iterator[Route]:
        made = Route(scope.module.repo, "ANY", normal(path), name, scope.module, line, shown=shown(view))
        if isinstance(view, Call) and isinstance(view.func, Attr) and view.func.name == "as_view":
            yield from self._of_class(view, scope, made)
            return
        if isinstance(view, Call) and view.args:  # a decorator around the view
            yield from self._of_view(view.args[-1], scope, path, name, line)
            return
        for value in self.evaluator.ask(view, scope):
            if isinstance(value, Bound) and value.ref:
                value = value.ref
            if isinstance(value, FunctionRef):
                for method in self._allowed(value):
                    yield replace(made, method=method, handler=value, shown=value.shown)
                return
            if isinstance(value, Made) and isinstance(value.cls, ClassRef):
                yield replace(made, cls=value.cls, shown=value.cls.shown)
                return
        yield made

    def _allowed(self, ref: FunctionRef) -> tuple[str, ...]:
        for decorator in ref.function.decorators:
            name = dotted(decorator.func if isinstance(decorator, Call) else decorator).rpartition(".")[2]
            if name in ("require_POST", "require_GET", "require_safe"):
                return ("POST",) if name == "require_POST" else ("GET",)
            if (
                isinstance(decorator, Call)
                and name in ("api_view", "require_http_methods")
                and decorator.args
                and isinstance(decorator.args[0], Items)
            ):
                return tuple(str(item.value).upper() for item in decorator.args[0].items if isinstance(item, Const)) or ("ANY",)
        return ("ANY",)

    def _of_class(self, view: Call, scope: Scope, made: Route) -> Iterator[Route]:
        assert isinstance(view.func, Attr)
        cls = next((value for value in self.evaluator.ask(view.func.base, scope) if isinstance(value, ClassRef)), None)
        if cls is None:
            yield replace(made, shown=shown(view.func.base))
            return
        made = replace(made, cls=cls, shown=cls.shown)
        table = next((value for arg in view.args[:1] for value in self.evaluator.ask(arg, scope) if isinstance(value, Table)), None)
        if table:
            for key, value in table.pairs.items:
                if isinstance(key, Const) and isinstance(value, Const):
                    yield self._answering(made, str(key.value).upper(), str(value.value))
            return
        methods = [method for method in METHODS if self.program.method(cls, method)]
        methods += [
            verb.lower()
            for one in self.program.line(cls)
            if isinstance(one, External)
            for part, verb in _GENERIC.items()
            if part in one.name and "APIView" in one.name
        ]
        for method in dict.fromkeys(methods):
            yield self._answering(made, method.upper(), method)
        if not methods:
            yield made

    def _answering(self, made: Route, method: str, name: str) -> Route:
        handler = self.program.method(made.cls, name) if made.cls else None
        return replace(made, method=method, handler=handler, methods=(name,))

    # routers of DRF

    def _of_router(self, router: Expr, scope: Scope, prefix: str) -> Iterator[Route]:
        name = dotted(router)
        owner, variable = scope.module, name
        target = self.program.lookup(scope.module, name) if name else None
        if target is not None and hasattr(target, "module") and hasattr(target, "name"):
            owner, variable = target.module, target.name
        for call in owner.body.calls:
            if (
                isinstance(call.func, Attr)
                and call.func.name in ("register", "add_api_view")
                and dotted(call.func.base) == variable
                and len(call.args) >= 2
            ):
                base = f"{prefix}{self._nested(owner, variable)}"
                yield from self._registered(call, Scope(owner, owner.body), base)
        for function in owner.functions.values():
            for call in function.calls:
                if (
                    isinstance(call.func, Attr)
                    and call.func.name == "register"
                    and dotted(call.func.base) == variable
                    and len(call.args) >= 2
                ):
                    yield from self._registered(call, Scope(owner, function), prefix)

    def _nested(self, module: Module, variable: str) -> str:
        """`NestedSimpleRouter(router, "courses", …)` hangs below an item of `courses`."""
        for assign in module.names.get(variable, ()):
            if isinstance(assign.value, Call) and "Nested" in called_name(assign.value) and len(assign.value.args) > 1:
                outer = dotted(assign.value.args[0])
                return f"{self._nested(module, outer) if outer != variable else ''}{plain_pattern(self.text(assign.value.args[1], Scope(module)))}/{{}}/"
        return ""

    def _registered(self, call: Call, scope: Scope, prefix: str) -> Iterator[Route]:
        part = plain_pattern(self.text(call.args[0], scope))
        cls = next((value for value in self.evaluator.ask(call.args[1], scope) if isinstance(value, ClassRef)), None)
        base = f"{prefix}{part}"
        made = Route(
            scope.module.repo,
            "ANY",
            normal(base),
            self.text(call.keyword("basename", "base_name"), scope),
            scope.module,
            call.line,
            shown=shown(call.args[1]),
        )
        if cls is None:
            yield made
            return
        made = replace(made, cls=cls, shown=cls.shown)
        for name in self._offered(cls):
            method, item = _VIEWSET[name]
            yield replace(
                self._answering(made, method, name), path=normal(f"{base}/{{}}") if item else normal(base), shown=f"{cls.shown}.{name}"
            )
        yield from self._actions(cls, made, base)

    def _offered(self, cls: ClassRef) -> list[str]:
        names = {name for name in _VIEWSET if self.program.method(cls, name)}
        for one in self.program.line(cls):
            if isinstance(one, External):
                names.update(_MIXINS.get(one.name.rpartition(".")[2], ()))
        return [name for name in _VIEWSET if name in names]

    def _actions(self, cls: ClassRef, made: Route, base: str) -> Iterator[Route]:
        seen: set[str] = set()
        for one in self.program.line(cls):
            for name in one.cls.methods if isinstance(one, ClassRef) else ():
                function = one.module.functions.get(f"{one.cls.name}.{name}") if isinstance(one, ClassRef) else None
                for decorator in function.decorators if function and name not in seen else ():
                    if isinstance(decorator, Call) and called_name(decorator) in ("action", "list_route", "detail_route"):
                        seen.add(name)
                        yield from self._action(decorator, one.module if isinstance(one, ClassRef) else made.module, name, made, base)

    def _action(self, decorator: Call, module: Module, name: str, made: Route, base: str) -> Iterator[Route]:
        scope = Scope(module)
        detail = decorator.keyword("detail")
        item = called_name(decorator) == "detail_route" or (isinstance(detail, Const) and bool(detail.value))
        part = plain_pattern(self.text(decorator.keyword("url_path"), scope) or name)
        given = decorator.keyword("methods") or (decorator.args[0] if decorator.args else None)
        methods = [str(one.value).upper() for one in given.items if isinstance(one, Const)] if isinstance(given, Items) else ["GET"]
        for method in methods:
            route = self._answering(made, method, name)
            yield replace(route, path=normal(f"{base}/{{}}/{part}" if item else f"{base}/{part}"), shown=f"{made.shown}.{name}")

    def _sockets(self) -> Iterator[Route]:
        """`websocket_urlpatterns` and the routing of ASGI: lists of paths under any name that ends like one."""
        for module in self.program.modules:
            for name in module.names:
                if name != "urlpatterns" and name.endswith(("_urlpatterns", "http_patterns")) and "routing" in module.name:
                    yield from self._of_patterns(module, name, "", 0)


def is_view(program: Program, cls: ClassRef) -> bool:
    """Whether a framework's view stands above a class."""
    return any(
        isinstance(one, External)
        and _VIEW_BASE.search(one.name)
        and one.name.startswith(("django", "rest_framework", "wagtail", "channels", "graphene", "ninja"))
        for one in program.line(cls)
    )
