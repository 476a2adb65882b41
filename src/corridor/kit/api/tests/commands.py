"""A small API with commands, for tests."""

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.request import Request

from corridor.accounts.models import User
from corridor.kit.api.acting import Acting, Answer
from corridor.kit.api.callers import Who
from corridor.kit.api.limits import Limit
from corridor.kit.api.parameters import Asked
from corridor.kit.api.routes import operation, together
from corridor.kit.api.views import Reading
from corridor.kit.errors import Problem


class Name(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=50)
    times = serializers.IntegerField(min_value=1, max_value=3, required=False)


class NoRoom(Problem):
    code = "no_room"
    status = 409


class Called(Reading):
    operation = "called"
    who: ClassVar[Who | None] = Who.SIGNED_IN
    shape: Any = Name

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return {"name": User.objects.get(pk=request.user.pk).name}


class BeCalled(Acting):
    """Adds to the caller's name, so that doing it twice shows."""

    takes: Any = Name
    answers = {200: Name, 201: Name}
    refusals: ClassVar[tuple[int, ...]] = (409,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        person = User.objects.select_for_update().get(pk=request.user.pk)
        person.name += given["name"]
        person.save()
        if "full" in given["name"]:
            raise NoRoom("There is no room. Leave something out.")
        value = {"name": person.name}
        return Answer(201, value) if given.get("times") == 3 else value


class BeNobody(Acting):
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> None:
        User.objects.filter(pk=request.user.pk).update(name="")


class Whistle(Acting):
    """For anybody, three times a minute."""

    who: ClassVar[Who] = Who.ANYONE
    limit: ClassVar[Limit | None] = Limit(3, 60, "whistles")

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        return {"heard": request.session.session_key is not None}


class Sweep(BeNobody):
    who: ClassVar[Who] = Who.STAFF


urlpatterns = [
    together(
        operation("api/name/", Called, "name_retrieve", "name"),
        operation("api/name/", BeCalled, "name_create", "name"),
        operation("api/name/", BeCalled, "name_partial_update", "name", method="PATCH"),
        operation("api/name/", BeNobody, "name_destroy", "name", method="DELETE"),
    ),
    operation("api/whistle/", Whistle, "whistle_create", "whistle"),
    operation("api/sweep/", Sweep, "sweep_create", "sweep"),
]
