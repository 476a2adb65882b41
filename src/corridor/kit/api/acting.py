"""Views that change something: one command each, carried out whole or not at all, and once however often it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from rest_framework.parsers import FormParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from . import bodies, callers, idempotency, limits, parameters
from .callers import Who
from .limits import Limit
from .parameters import Asked, Parameter
from .schema import ActingSchema
from .views import JSON, NEVER_KEPT, answer, dumps


@dataclass(frozen=True)
class Answer:
    """What `do` gives when the status is not the first of `answers`."""

    status: int
    value: Any = None


class Acting(APIView):
    """One command. A subclass declares who may, what it takes and what it answers, and does it in `do`:

        class RenameShelf(Acting):
            who = Who.STAFF
            takes = NewName                       # a serializer; `given` holds its values
            answers = {200: Shelf}                # the usual answer first; None for one without a body
            refusals = (409,)                     # statuses of Problems beside those that every command may have

            def do(self, request: Request, given: Any, **path: Any) -> Any:
                return actions.rename_shelf(actor=request.user, id=path["id"], name=given["name"])

    Routes give it its method and name: `operation("shelves/<int:id>/", RenameShelf, "shelves_update", "shelves", method="PUT")`,
    and put those of one address `together`. It runs in one transaction, so a Problem that `do` raises undoes everything;
    to keep what was done, give an `Answer`. With `in_steps` it commits by itself, and must bear being begun anew after a crash.
    """

    schema = ActingSchema()
    parser_classes = (bodies.StrictJson, FormParser)
    permission_classes = ()

    method: str = "POST"
    operation: str = ""  # the published operationId
    tag: str = ""
    summary: str = ""
    who: ClassVar[Who] = Who.SIGNED_IN
    scope: ClassVar[str] = "write"  # what an access token must be for
    parameters: tuple[Parameter, ...] = ()  # of the query string; `self.asked` has their values
    takes: Any = None
    answers: Mapping[int, Any] = {200: None}
    refusals: ClassVar[tuple[int, ...]] = ()
    in_steps: ClassVar[bool] = False
    limit: ClassVar[Limit | None] = None

    @classmethod
    def as_view(cls, *, method: str = "", **declared: Any) -> Any:
        """The method belongs to the class, where the OpenAPI document looks for it."""
        view: Any = type(cls.__name__, (cls,), {"method": method or cls.method, "__module__": cls.__module__})
        return super(Acting, view).as_view(**declared)

    def __init__(self, **declared: Any) -> None:
        super().__init__(**declared)
        setattr(self, self.method.lower(), self.act)

    def perform_content_negotiation(self, request: Request, force: Any = False) -> tuple[BaseRenderer, str]:
        """There is JSON and nothing else."""
        return JSON, JSON.media_type

    def check_permissions(self, request: Request) -> None:
        callers.check(request, self.who, self.scope)

    def check_throttles(self, request: Request) -> None:
        known = request.user.is_authenticated
        caller = f"user:{request.user.pk}" if known else f"address:{callers.address(request._request)}"
        limits.count(caller, self.limit or limits.usual(signed_in=known))

    def act(self, request: Request, **path: Any) -> HttpResponse:
        command = idempotency.keyed(request)
        self.asked: Asked = parameters.read(self.parameters, request._request.GET)
        given = bodies.read(self.takes, request.data, partial=self.method == "PATCH") if self.takes else None

        def act() -> HttpResponse:
            return self._told(self.do(request, given, **path))

        if command:
            return idempotency.once(command, act, in_steps=self.in_steps)
        if self.in_steps:
            return act()
        with transaction.atomic():
            return act()

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        """Values that JSON has, bytes that are JSON, an Answer, or a response that is no JSON."""
        raise NotImplementedError

    def _told(self, done: Any) -> HttpResponse:
        if isinstance(done, HttpResponse):
            return done
        told = done if isinstance(done, Answer) else Answer(next(iter(self.answers)), done)
        if self.answers.get(told.status) is None and told.value is None:
            return HttpResponse(status=told.status, headers={"Cache-Control": NEVER_KEPT})
        return answer(told.value if isinstance(told.value, bytes) else dumps(told.value), NEVER_KEPT, told.status)
