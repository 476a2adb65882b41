"""Taking runs, and leaving them; the addresses of what is taken."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponse
from rest_framework.request import Request

from corridor.kit.api.acting import Acting, Answer
from corridor.kit.api.bodies import BodyRefused
from corridor.kit.api.callers import Who
from corridor.kit.api.parameters import Asked, Flag, Json
from corridor.kit.api.routes import operation, together
from corridor.kit.api.views import Reading
from corridor.kit.errors import Problem
from corridor.mitxonline.enrollments import actions, draws, queries
from corridor.mitxonline.enrollments.errors import NotEnrolled
from corridor.mitxonline.enrollments.models import RunEnrollment

from . import enrolled, program_enrollments
from . import parameters as known
from .access import person
from .program_enrollments import CAUSE
from .shapes import enrollments as shapes

DASHBOARD = "/mitxonline/dashboard/"


def row(version: str, enrollment: RunEnrollment) -> Json:
    """One enrollment as its version tells it. Of a run that is not public any more there is nothing to tell."""
    found = queries.with_results(enrollment.user_id, RunEnrollment.objects.filter(pk=enrollment.pk))
    for told in enrolled.rows(version, found):
        return told
    raise NotEnrolled


class RunList(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN
    rows: ClassVar[bool] = True
    version: str = "v1"

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        if asked.get("org_id") is not None:  # nobody takes anything by way of an organization yet
            return []
        return enrolled.rows(self.version, queries.taken(person(request).pk))


class FilteredRunList(RunList):
    parameters = (
        Flag(name="exclude_b2b", help="Without what is taken by way of an organization."),
        known.ORGANIZATION,
    )


class RunDetail(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN
    version: str = "v3"

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return row(self.version, queries.run_enrollment(person(request).pk, path["id"]))


class Enroll(Acting):
    """For free. Who is enrolled stays so, on their track. Commits by itself, so that the evidence of a refusal stays."""

    takes: Any = shapes.RunWanted
    refusals: ClassVar[tuple[int, ...]] = (404,)
    in_steps: ClassVar[bool] = True
    version: str = "v1"

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        if "run_id" not in given:
            raise BodyRefused({"run_id": ["Name the run to enroll in."]})
        user = person(request)
        done = actions.enroll(user_id=user.pk, run_id=given["run_id"], actor=user.pk, cause=CAUSE)
        if "edx_emails_subscription" in given:
            actions.set_emails(enrollment=done.enrollment, subscribed=given["edx_emails_subscription"], actor=user.pk)
        return row(self.version, done.enrollment)


class ChangeEnrollment(Acting):
    """Whether the course may write."""

    takes: Any = shapes.EnrollmentChanged
    answers = {200: shapes.CourseRunEnrollment}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        enrollment = queries.run_enrollment(person(request).pk, path["id"])
        if given.get("run_id", enrollment.course_run_id) != enrollment.course_run_id:
            raise BodyRefused({"run_id": ["An enrollment stays in its run. Enroll in the other one instead."]})
        wanted = given.get("receive_emails", given.get("edx_emails_subscription"))
        if wanted is not None:
            actions.set_emails(enrollment=enrollment, subscribed=wanted, actor=person(request).pk)
        return row("v1", enrollment)


class Unenroll(Acting):
    answers = {204: None}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        user = person(request)
        enrollment = queries.run_enrollment(user.pk, path["id"])
        actions.unenroll(user_id=user.pk, run_id=enrollment.course_run_id, actor=user.pk, cause=CAUSE)


class DrawFromProgram(Acting):
    """By way of a program that was bought, on the verified track. Commits by itself, as enrolling does."""

    takes: Any = shapes.ProgramsNamed
    answers = {201: shapes.CourseRunEnrollmentV2, 204: None}
    in_steps: ClassVar[bool] = True

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        user = person(request)
        done = draws.draw_from_program(user_id=user.pk, courseware_id=path["courserun_id"], program_ids=given, actor=user.pk)
        return Answer(201, row("v2", done.enrollment)) if done.changed else Answer(204)


class EnrollByForm(Acting):
    """As forms of older pages ask: leads to the dashboard, or says `Ok` or `Fail` with `isapi`."""

    takes: Any = shapes.FormEnrollment
    answers = {200: None, 302: None}
    refusals: ClassVar[tuple[int, ...]] = (404,)
    in_steps: ClassVar[bool] = True

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        user = person(request)
        try:
            actions.enroll(user_id=user.pk, run_id=given["run"], actor=user.pk, cause="learner, by a form")
        except Problem:
            if not given.get("isapi"):
                raise
            return HttpResponse("Fail", content_type="text/plain")
        return HttpResponse("Ok", content_type="text/plain") if given.get("isapi") else HttpResponseRedirect(DASHBOARD)


# --- addresses

RUNS, PROGRAMS = "enrollments", "program_enrollments"
v1 = [
    together(
        operation("enrollments/", RunList, "enrollments_list", RUNS, shape=shapes.CourseRunEnrollment),
        operation("enrollments/", Enroll, "enrollments_create", RUNS, answers={201: shapes.CourseRunEnrollment}),
    ),
    together(
        operation("enrollments/<int:id>/", ChangeEnrollment, "enrollments_update", RUNS, method="PUT"),
        operation("enrollments/<int:id>/", ChangeEnrollment, "enrollments_partial_update", RUNS, method="PATCH", takes=shapes.EmailsWanted),
        operation("enrollments/<int:id>/", Unenroll, "enrollments_destroy", RUNS, method="DELETE"),
    ),
    operation(
        "program_enrollments/",
        program_enrollments.ProgramList,
        "program_enrollments_list",
        PROGRAMS,
        shape=shapes.UserProgramEnrollmentDetail,
    ),
    together(
        operation(
            "program_enrollments/<int:id>/",
            program_enrollments.ProgramDetail,
            "program_enrollments_retrieve",
            PROGRAMS,
            shape=shapes.UserProgramEnrollmentDetail,
        ),
        operation("program_enrollments/<int:id>/", program_enrollments.LeaveProgram, "program_enrollments_destroy", PROGRAMS),
    ),
]
v2 = [
    together(
        operation("enrollments/", FilteredRunList, "user_enrollments_list_v2", RUNS, version="v2", shape=shapes.CourseRunEnrollmentV2),
        operation("enrollments/", Enroll, "user_enrollments_create_v2", RUNS, version="v2", answers={201: shapes.CourseRunEnrollmentV2}),
    ),
    operation("enrollments/<int:id>/", Unenroll, "user_enrollments_destroy_v2", RUNS, method="DELETE"),
    operation(
        "program_enrollments/",
        program_enrollments.ProgramList,
        "v2_program_enrollments_list",
        PROGRAMS,
        version="v2",
        shape=shapes.V2UserProgramEnrollmentDetail,
    ),
    together(
        operation(
            "program_enrollments/<int:id>/",
            program_enrollments.ProgramDetail,
            "v2_program_enrollments_retrieve",
            PROGRAMS,
            version="v2",
            shape=shapes.V2UserProgramEnrollmentDetail,
        ),
        operation("program_enrollments/<int:id>/", program_enrollments.LeaveProgramV2, "v2_program_enrollments_destroy", PROGRAMS),
    ),
    operation(
        "verified_program_enrollments/<str:courserun_id>/",
        DrawFromProgram,
        "verified_program_enrollments_create",
        "verified_program_enrollments",
    ),
]
v3 = [
    together(
        operation("enrollments/", FilteredRunList, "user_enrollments_list_v3", RUNS, version="v3", shape=shapes.CourseRunEnrollmentV3),
        operation(
            "enrollments/",
            Enroll,
            "user_enrollments_create_v3",
            RUNS,
            version="v3",
            takes=shapes.RunWantedV3,
            answers={201: shapes.CourseRunEnrollmentV3},
        ),
    ),
    together(
        operation("enrollments/<int:id>/", RunDetail, "enrollments_retrieve", RUNS, shape=shapes.CourseRunEnrollmentV3),
        operation("enrollments/<int:id>/", Unenroll, "user_enrollments_destroy_v3", RUNS, method="DELETE"),
    ),
    together(
        operation(
            "program_enrollments/",
            program_enrollments.SimpleProgramList,
            "v3_program_enrollments_list",
            PROGRAMS,
            shape=shapes.V3UserProgramEnrollment,
        ),
        operation("program_enrollments/", program_enrollments.EnrollInProgram, "v3_program_enrollments_create", PROGRAMS),
    ),
    together(
        operation(
            "program_enrollments/<int:program_id>/",
            program_enrollments.SimpleProgramDetail,
            "v3_program_enrollments_retrieve",
            PROGRAMS,
            shape=shapes.V3UserProgramEnrollment,
        ),
        operation(
            "program_enrollments/<int:program_id>/", program_enrollments.LeaveProgramQuietly, "v3_program_enrollments_destroy", PROGRAMS
        ),
    ),
]
by_form = [operation("enrollments/", EnrollByForm, "api_enrollments_create", RUNS)]
