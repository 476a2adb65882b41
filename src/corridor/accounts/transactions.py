"""Each page of accounts that changes something does so in one transaction, with the mail that it owes."""

from collections.abc import Callable, Iterable
from functools import wraps

from allauth.core.exceptions import ImmediateHttpResponse
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

Page = Callable[..., HttpResponseBase]
SAFE = ("GET", "HEAD", "OPTIONS")


def whole(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same addresses, whose pages do all or nothing."""
    return [_whole(pattern) for pattern in patterns]


def _whole(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(pattern, URLPattern):
        return URLPattern(pattern.pattern, all_or_nothing(pattern.callback), pattern.default_args, pattern.name)
    inner = whole(pattern.url_patterns)
    return URLResolver(pattern.pattern, inner, pattern.default_kwargs, pattern.app_name, pattern.namespace)


def all_or_nothing(page: Page) -> Page:
    @wraps(page)
    def turn(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method in SAFE:
            return page(request, *args, **kwargs)
        with transaction.atomic():
            try:
                return page(request, *args, **kwargs)
            except ImmediateHttpResponse as answer:  # an answer like any other: what was done before it stays done
                response: HttpResponseBase = answer.response
                return response

    return turn
