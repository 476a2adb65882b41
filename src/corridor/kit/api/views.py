"""Views that read: strict about what is asked, quick in what they answer."""

from typing import Any, ClassVar

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from . import parameters
from .callers import Who, check
from .paging import Page
from .parameters import Asked, Parameter
from .schema import ReadingSchema

SHORTLY = "public, max-age=30"
NEVER_KEPT = "private, no-store"
JSON = JSONRenderer()


class Reading(APIView):
    """GET. Without `who`, of data that is open to everybody, and nobody looks at who asks; with it, of what is told to some.

    A subclass declares what the OpenAPI document says of it and answers with `tell`.
    """

    schema = ReadingSchema()
    permission_classes = ()

    operation: str = ""  # the published operationId
    tag: str = ""
    summary: str = ""
    who: ClassVar[Who | None] = None
    scope: ClassVar[str] = "read"  # what an access token must be for, with `who`
    parameters: tuple[Parameter, ...] = ()
    shape: Any = None  # serializer or OpenAPI schema of the answer, or of one row of it
    rows: ClassVar[bool] = False  # whether the answer is a list of such
    paged: ClassVar[bool] = False  # whether it comes in pages
    refusals: ClassVar[tuple[int, ...]] = ()  # statuses beside those that every such view has
    cache_control: ClassVar[str] = ""  # where it is not the usual

    def dispatch(self, request: HttpRequest, *args: Any, **path: Any) -> HttpResponseBase:
        """Reading goes past what REST framework does for requests that change something. Problems are answered by kit.problems."""
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **path)
        if self.who:
            check(self.initialize_request(request), self.who, self.scope)
        return self.get(request, **path)

    def perform_authentication(self, request: Request) -> None:
        """Not before somebody asks for `request.user`."""

    def perform_content_negotiation(self, request: Request, force: Any = False) -> tuple[BaseRenderer, str]:
        """There is JSON and nothing else."""
        return JSON, JSON.media_type

    def get(self, request: HttpRequest, **path: Any) -> HttpResponse:
        asked = parameters.read(self.parameters, request.GET)
        told = self.tell(request, asked, **path)
        if isinstance(told, Page):
            told = told.told(request, asked)
        return answer(told if isinstance(told, bytes) else dumps(told), self.cache_control or (NEVER_KEPT if self.who else SHORTLY))

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        """Bytes that are JSON, a page, or values that JSON has."""
        raise NotImplementedError


def dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def answer(body: bytes, cache_control: str, status: int = 200) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json", headers={"Cache-Control": cache_control})
