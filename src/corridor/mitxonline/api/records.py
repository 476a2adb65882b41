"""Learner records: one's own, with whom it is shared, and as somebody with a link sees it."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import URLPattern
from rest_framework.request import Request

from corridor.kit.api.acting import Acting
from corridor.kit.api.callers import Who
from corridor.kit.api.parameters import Asked, Json
from corridor.kit.api.routes import operation
from corridor.kit.api.views import NEVER_KEPT, Reading
from corridor.mitxonline.catalog import requirements
from corridor.mitxonline.certificates.addresses import certificate_path
from corridor.mitxonline.openedx.names import username_of
from corridor.mitxonline.records import actions, queries
from corridor.mitxonline.records.errors import SchoolNotFound
from corridor.mitxonline.records.models import RecordShare
from corridor.mitxonline.records.queries import Line, Record

from .access import person
from .shapes import records as shapes


def told(record: Record) -> Json:
    """As everybody sees it whom the learner lets: with their name, and nothing by which they could be reached."""
    return {"user": {"name": record.name}, "program": program(record), "sharing": [], "partner_schools": []}


def own(record: Record) -> Json:
    learner = record.learner
    return {
        **told(record),
        "user": {"name": record.name, "email": learner.email, "username": username_of(learner) or ""},
        "sharing": [shared(row) for row in queries.shares(learner, record.program)],
        "partner_schools": [{"id": school.pk, "name": school.name} for school in queries.schools(record.program)],
    }


def program(record: Record) -> Json:
    return {
        "title": record.program.title,
        "readable_id": record.program.readable_id,
        "requirements": requirements.to_wire_v1(record.tree, record.program.pk),
        "courses": [course(line) for line in record.lines],
    }


def course(line: Line) -> Json:
    grade, certificate = line.grade, line.certificate
    return {
        "id": line.course.pk,
        "title": line.course.title,
        "readable_id": line.course.readable_id,
        "reqtype": line.kind,
        "grade": grade
        and {
            "grade": float(grade.grade),
            "letter_grade": grade.letter_grade,
            "passed": grade.passed,
            "set_by_admin": grade.set_by_admin,
            "grade_percent": float(grade.grade * 100),
        },
        "certificate": certificate and {"uuid": str(certificate.uuid), "link": certificate_path(certificate)},
    }


def shared(row: RecordShare) -> Json:
    return {
        "share_uuid": str(row.uuid),
        "created_on": row.created_on,
        "updated_on": row.updated_on,
        "is_active": row.is_active,
        "user": row.user_id,
        "program": row.program_id,
        "partner_school": row.partner_school_id,
    }


class OwnRecord(Reading):
    who: ClassVar[Who | None] = Who.SIGNED_IN
    shape: Any = shapes.LearnerRecord

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        learner = person(request)
        return own(queries.record(learner, queries.program_for(learner, path["id"])))


class SharedRecord(Reading):
    shape: Any = shapes.LearnerRecord
    cache_control: ClassVar[str] = NEVER_KEPT

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return told(queries.shared(path["uuid"]))


class ShareRecord(Acting):
    takes: Any = shapes.PartnerSchoolRequest
    answers = {200: shapes.LearnerRecord}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        learner = person(request)
        program = queries.program_for(learner, path["id"])
        school = given.get("partnerSchool")
        if school is None and given.get("name"):
            school = next((each.pk for each in queries.schools(program) if each.name == given["name"]), None)
            if school is None:
                raise SchoolNotFound
        actions.share(user=learner, program=program, school_id=school)
        return own(queries.record(learner, program))


class TakeBackLinks(Acting):
    answers = {200: shapes.LearnerRecord}

    def do(self, request: Request, given: Any, **path: Any) -> Any:
        learner = person(request)
        program = queries.program_for(learner, path["id"])
        actions.take_back_links(user=learner, program=program)
        return own(queries.record(learner, program))


records: list[URLPattern] = [
    operation("program/<int:id>/", OwnRecord, "learner_record_retrieve_by_id", "records"),
    operation("program/<int:id>/share/", ShareRecord, "api_records_program_share_create", "records"),
    operation("program/<int:id>/revoke/", TakeBackLinks, "api_records_program_revoke_create", "records"),
    operation("shared/<uuid:uuid>/", SharedRecord, "learner_record_retrieve_by_uuid", "records"),
]
