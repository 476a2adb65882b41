"""Learner records, who may see them, and the schools that take them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .fields import Shape, flag, maybe_number, moment, number, text


class PartnerSchool(Shape):
    id = number()
    name = text()


class PartnerSchoolRequest(Shape):
    """A school that takes records of the program, by number or name; neither: a link for whoever has it."""

    partnerSchool = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    name = serializers.CharField(required=False, max_length=255)


class LearnerProgramRecordShare(Shape):
    share_uuid = serializers.UUIDField()
    created_on = moment()
    updated_on = moment()
    is_active = flag()
    user = number()
    program = number()
    partner_school = maybe_number()


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Learner(serializers.JSONField):
    """Name; for themselves also address and username."""


@extend_schema_field({"type": "object", "additionalProperties": {}})
class ProgramOfRecord(serializers.JSONField):
    """Title, readable id, requirements, and courses with grade and certificate."""


class LearnerRecord(Shape):
    user: Any = Learner()
    program: Any = ProgramOfRecord()
    sharing = LearnerProgramRecordShare(many=True)
    partner_schools = PartnerSchool(many=True)
