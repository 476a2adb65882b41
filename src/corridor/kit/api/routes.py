"""Addresses of operations, and several methods at one address."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt

from corridor.kit.problems import problem_json

from .acting import Acting
from .views import Reading

Pattern = URLPattern | URLResolver


class Together(URLPattern):
    """One address of several operations."""

    def __init__(self, turn: Callable[..., HttpResponseBase], operations: Sequence[URLPattern]) -> None:
        super().__init__(operations[0].pattern, turn, name=operations[0].name)
        self.operations = operations


def operation(address: str, view: type[Reading] | type[Acting], name: str, tag: str, **declared: Any) -> URLPattern:
    """`name` is the published operationId, and what the address is called."""
    return path(address, view.as_view(operation=name, tag=tag, **declared), name=name)


def together(*operations: URLPattern) -> URLPattern:
    """Operations of one address, each with its own method. The address has the name of the first."""
    views: dict[str, Callable[..., HttpResponseBase]] = {method: each.callback for each in operations for method in _methods(each)}

    @csrf_exempt  # each view checks by itself
    def turn(request: HttpRequest, **given: Any) -> HttpResponseBase:
        view = views.get(str(request.method))
        if view:
            return view(request, **given)
        allowed = {"Allow": ", ".join([*views, "OPTIONS"])}
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=allowed)
        return problem_json(405, "method_not_allowed", f"This address takes {allowed['Allow']}.", headers=allowed)

    return Together(turn, operations)


def _methods(pattern: URLPattern) -> tuple[str, ...]:
    view: type[Any] = pattern.callback.cls  # type: ignore[attr-defined]  # as REST framework leaves it there
    return (view.method,) if issubclass(view, Acting) else ("GET", "HEAD")


def separately(patterns: Iterable[Pattern]) -> Iterator[Pattern]:
    """The same addresses with a pattern for each operation, as the OpenAPI document tells them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = list(separately(pattern.url_patterns))
            yield URLResolver(pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace)
        else:
            yield from pattern.operations if isinstance(pattern, Together) else (pattern,)
