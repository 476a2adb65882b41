"""Operations of staff: each asks for one of Django's permissions, as pages of the console do."""

from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from corridor.accounts.models import User
from corridor.kit.api.acting import Acting
from corridor.kit.api.callers import StaffOnly, Who
from corridor.kit.api.views import Reading


class StaffReading(Reading):
    who: ClassVar[Who | None] = Who.STAFF
    permission: ClassVar[str] = ""

    def get(self, request: HttpRequest, **path: Any) -> HttpResponse:
        allow(request, self.permission)
        return super().get(request, **path)


class StaffActing(Acting):
    who: ClassVar[Who] = Who.STAFF
    permission: ClassVar[str] = ""

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        allow(request, self.permission)


def allow(request: HttpRequest | Request, permission: str) -> None:
    if not person(request).has_perm(permission):
        raise StaffOnly


def person(request: HttpRequest | Request) -> User:
    """Who asks, of operations that only people who are signed in are let through to."""
    return cast(User, request.user)
