"""A log entry for each request: what was asked, how it was answered, how long it took and how many queries."""

import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import request_ids

log = structlog.get_logger("corridor.request")

SECRET_PART = re.compile(r"token|key|secret|password|uidb64|signature", re.IGNORECASE)
HEALTH = "/health/"


class RequestLog:
    """Outermost middleware: gives the request its id and tells of it when it is answered.

    The query string is never told: it holds what people search for, and links that sign somebody in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_ids.accepted_or_new(request.headers.get(request_ids.HEADER))
        queries = QueryCounter()
        started = time.perf_counter()
        with request_ids.belonging_to(request_id), connection.execute_wrapper(queries):
            response = self.get_response(request)
            response.headers[request_ids.HEADER] = request_id
            tell = log.debug if request.path_info.startswith(HEALTH) and response.status_code < 400 else log.info
            tell(
                "request",
                method=request.method,
                route=_route(request),
                path=_path(request),
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                queries=queries.count,
            )
        return response


class QueryCounter:
    """Counts the statements that a connection executes."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def _route(request: HttpRequest) -> str | None:
    return request.resolver_match.route if request.resolver_match else None


def _path(request: HttpRequest) -> str:
    """The path, with the parts hidden that the route names like a secret."""
    path = request.path_info
    captured = request.resolver_match.kwargs if request.resolver_match else {}
    for name, value in captured.items():
        if value and SECRET_PART.search(name):
            path = path.replace(str(value), "[hidden]")
    return path
