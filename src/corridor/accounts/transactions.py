"""Each page of accounts that changes something does so in one transaction, with the mail that it owes."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps

from allauth.core.exceptions import ImmediateHttpResponse
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from corridor.kit.security import policy

Page = Callable[..., HttpResponseBase]
Pattern = URLPattern | URLResolver
SAFE = ("GET", "HEAD", "OPTIONS")


def whole(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The same addresses, whose forms do all or nothing."""
    return [_with(pattern, _whole_forms) for pattern in patterns]


def leading_out(patterns: Iterable[Pattern], elsewhere: Callable[[HttpRequest], str]) -> list[Pattern]:
    """The same addresses, whose forms may lead to other sites: browsers follow a form's redirects by its page's policy."""

    def decorate(page: Page) -> Page:
        @wraps(page)
        def turn(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            response = page(request, *args, **kwargs)
            if origins := elsewhere(request):
                response.headers.setdefault("Content-Security-Policy", policy(form_action=f"'self' {origins}"))
            return response

        return turn

    return [_with(pattern, decorate) for pattern in patterns]


def replaced(patterns: Iterable[Pattern], pages: Mapping[Page, Page]) -> list[Pattern]:
    """The same addresses, with other pages at some."""
    return [_with(pattern, lambda page: pages.get(page, page)) for pattern in patterns]


def _with(pattern: Pattern, decorate: Callable[[Page], Page]) -> Pattern:
    if isinstance(pattern, URLPattern):
        return URLPattern(pattern.pattern, decorate(pattern.callback), pattern.default_args, pattern.name)
    inner = [_with(each, decorate) for each in pattern.url_patterns]
    return URLResolver(pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace)


def _whole_forms(page: Page) -> Page:
    inside = always_whole(page)

    @wraps(page)
    def turn(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return (page if request.method in SAFE else inside)(request, *args, **kwargs)

    return turn


def always_whole(page: Page) -> Page:
    """A page that changes something however it is asked for."""

    @wraps(page)
    def turn(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        with transaction.atomic():
            try:
                return page(request, *args, **kwargs)
            except ImmediateHttpResponse as answer:  # an answer like any other: what was done before it stays done
                response: HttpResponseBase = answer.response
                return response

    return turn
