"""Programs, what they require, and collections of them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from corridor.kit.api.parameters import Json
from corridor.mitxonline.catalog.vocabulary import NodeType

from .courses import BaseProgram, Commitment, V1CourseWithCourseRuns
from .fields import Department, EnrollmentMode, Named, Shape, flag, maybe_moment, maybe_number, maybe_text, moment, number, text
from .products import BaseProduct

NODE_TYPES = [NodeType.OPERATOR.value, NodeType.COURSE.value, NodeType.PROGRAM.value]


class ProgramPage(Shape):
    feature_image_src = maybe_text()
    page_url = text()
    financial_assistance_form_url = text()
    description = text()
    live = flag()
    include_in_learn_catalog = flag()
    length = text()
    effort = maybe_text()
    price = text()
    list_price = text(allow_blank=True)


class Requirement(Shape):
    node_type = serializers.ChoiceField(choices=NODE_TYPES)
    title = maybe_text()
    operator = maybe_text()
    operator_value = maybe_text()
    elective_flag = flag()


class V1ProgramRequirementData(Requirement):
    course = maybe_text()
    required_program = maybe_text()
    program = text()


class V2ProgramRequirementData(Requirement):
    course = maybe_number()
    required_program = maybe_number()
    program = number()


def nodes(component: str) -> type[serializers.JSONField]:
    """A list of nodes like the one that it is a field of."""

    @extend_schema_field({"type": "array", "items": {"$ref": f"#/components/schemas/{component}"}})
    class Nodes(serializers.JSONField):
        pass

    return Nodes


class V1ProgramRequirement(Shape):
    id = maybe_number()
    data = V1ProgramRequirementData()  # type: ignore[assignment]  # a field, which no instance has as an attribute
    children = nodes("V1ProgramRequirement")()


class V2ProgramRequirement(Shape):
    id = maybe_number()
    data = V2ProgramRequirementData()  # type: ignore[assignment]  # a field, which no instance has as an attribute
    children = nodes("V2ProgramRequirement")()


def _split(rows: Json) -> Json:
    return {"type": "object", "required": ["required", "electives"], "properties": {"required": rows, "electives": rows}}


NUMBERS: Json = {"type": "array", "items": {"type": "integer"}}
PARTS: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "readable_id"],
        "properties": {"id": {"type": "integer"}, "readable_id": {"type": "string"}},
    },
}


@extend_schema_field(_split(NUMBERS))
class Requirements(serializers.JSONField):
    """Numbers of courses."""


@extend_schema_field(
    {"type": "object", "required": ["courses", "programs"], "properties": {"courses": _split(PARTS), "programs": _split(PARTS)}}
)
class RequirementsV2(serializers.JSONField):
    """Courses and programs, with their readable ids."""


class V1Program(Shape):
    id = number()
    title = text()
    readable_id = text()
    courses = V1CourseWithCourseRuns()
    requirements = Requirements()
    req_tree = V1ProgramRequirement(many=True)
    page = ProgramPage()
    program_type = maybe_text()
    departments = Department(many=True)
    live = flag()
    enrollment_modes = EnrollmentMode(many=True)


class V2ProgramDetail(Commitment):
    id = number()
    title = text()
    readable_id = text()
    courses = serializers.ListField(child=number())
    collections = serializers.ListField(child=number())
    programs = BaseProgram(many=True)
    requirements = RequirementsV2()
    req_tree = V2ProgramRequirement(many=True)
    page = ProgramPage()
    program_type = maybe_text()
    departments = Department(many=True)
    live = flag()
    display_mode = serializers.ChoiceField(choices=["course"], allow_null=True)
    topics = Named(many=True)
    start_date = maybe_moment()
    end_date = maybe_moment()
    enrollment_start = maybe_moment()
    enrollment_end = maybe_moment()
    duration = maybe_text()
    enrollment_modes = EnrollmentMode(many=True)
    products = BaseProduct(many=True)


class ProgramOfCollection(Shape):
    id = number()
    title = text()
    order = number()


class V2ProgramCollection(Shape):
    id = number()
    title = text()
    description = text(allow_blank=True)
    programs = ProgramOfCollection(many=True)
    created_on = moment()
    updated_on = moment()
