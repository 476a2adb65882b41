"""Taking programs, and leaving them."""

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.request import Request

from corridor.kit.api.acting import Acting, Answer
from corridor.kit.api.callers import Who
from corridor.kit.api.parameters import Asked, Json
from corridor.kit.api.views import Reading
from corridor.mitxonline.enrollments import actions, queries
from corridor.mitxonline.enrollments.errors import NotEnrolled

from . import enrolled
from .access import person
from .shapes import enrollments as shapes

CAUSE = "learner, by the API"


class ProgramList(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN
    rows: ClassVar[bool] = True
    version: str = "v1"

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return programs(self.version, person(request).pk)


def programs(version: str, user_id: int) -> list[Json]:
    return enrolled.program_rows(version, queries.taken_programs(user_id), queries.taken(user_id))


class ProgramDetail(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN
    version: str = "v1"

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return program(self.version, person(request).pk, path["id"])


def program(version: str, user_id: int, id: int) -> Json:
    for told in enrolled.program_rows(version, [queries.taken_program(user_id, id)], queries.taken(user_id)):
        return told
    raise NotEnrolled


class LeaveProgram(Acting):
    """Gives what was left."""

    method = "DELETE"
    answers = {200: shapes.UserProgramEnrollmentDetail}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        user = person(request)
        told = program("v1", user.pk, path["id"])
        actions.unenroll_from_program(user_id=user.pk, program_id=path["id"], actor=user.pk, cause=CAUSE)
        return told


class LeaveProgramV2(Acting):
    """Gives what is still taken."""

    method = "DELETE"
    answers = {200: shapes.V2UserProgramEnrollmentDetail(many=True)}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        user = person(request)
        actions.unenroll_from_program(user_id=user.pk, program_id=path["id"], actor=user.pk, cause=CAUSE)
        return programs("v2", user.pk)


class SimpleProgramList(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN
    rows: ClassVar[bool] = True

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return [enrolled.simple_program_row(each) for each in queries.taken_programs(person(request).pk)]


class SimpleProgramDetail(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return enrolled.simple_program_row(queries.taken_program(person(request).pk, path["program_id"]))


class EnrollInProgram(Acting):
    """201 for who is new to it, 200 for who is not."""

    takes: Any = shapes.ProgramWanted
    answers = {201: shapes.V3UserProgramEnrollment, 200: shapes.V3UserProgramEnrollment}
    refusals: ClassVar[tuple[int, ...]] = (404,)

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        user = person(request)
        done = actions.enroll_in_program(user_id=user.pk, program_id=given["program_id"], actor=user.pk, cause=CAUSE)
        told = enrolled.simple_program_row(queries.taken_program(user.pk, given["program_id"]))
        return Answer(201 if done.changed else 200, told)


class LeaveProgramQuietly(Acting):
    """Also for who is not in it."""

    method = "DELETE"
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        user = person(request)
        try:
            actions.unenroll_from_program(user_id=user.pk, program_id=path["program_id"], actor=user.pk, cause=CAUSE)
        except NotEnrolled:
            return None
