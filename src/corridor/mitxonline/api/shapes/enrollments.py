"""What somebody takes, and how it is asked for."""

from typing import Any

from rest_framework import serializers

from corridor.mitxonline.catalog.vocabulary import Mode

from .certificates import V2CourseRunWithCourse
from .courses import BaseCourseRun, V1CourseRunWithCourse
from .fields import Shape, flag, maybe_number, maybe_text, number, text
from .programs import V1Program, V2ProgramDetail


def share() -> serializers.FloatField:
    return serializers.FloatField(min_value=0, max_value=1)


class IssuedCertificate(Shape):
    uuid = serializers.UUIDField()
    link = text()


class CourseRunGrade(Shape):
    grade = share()
    letter_grade = maybe_text()
    passed = flag()
    set_by_admin = flag()
    grade_percent = serializers.FloatField()


class BaseEnrollment(Shape):
    id = number()
    edx_emails_subscription = flag()
    certificate = IssuedCertificate(allow_null=True)
    enrollment_mode = serializers.ChoiceField(choices=Mode.choices)
    grades = CourseRunGrade(many=True)


class CourseRunEnrollment(BaseEnrollment):
    approved_flexible_price_exists = flag()
    run = V1CourseRunWithCourse()


class CourseRunEnrollmentV2(BaseEnrollment):
    approved_flexible_price_exists = flag()
    run = V2CourseRunWithCourse()
    b2b_organization_id = maybe_number()
    b2b_contract_id = maybe_number()


class CourseV3(Shape):
    id = number()
    title = text()
    readable_id = text()
    type = text()
    include_in_learn_catalog = flag()


class CourseRunWithCourseV3(BaseCourseRun):
    upgrade_product_id = maybe_number()
    upgrade_product_price = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    upgrade_product_is_active = serializers.BooleanField(allow_null=True)
    course = CourseV3()


class CourseRunEnrollmentV3(BaseEnrollment):
    run = CourseRunWithCourseV3()
    b2b_organization_id = maybe_number()
    b2b_contract_id = maybe_number()


class UserProgramEnrollmentDetail(Shape):
    id = number(help_text="Of the program.")
    program = V1Program()
    enrollments = CourseRunEnrollment(many=True)
    certificate = IssuedCertificate(allow_null=True)


class V2UserProgramEnrollmentDetail(Shape):
    id = number(help_text="Of the program.")
    program = V2ProgramDetail()
    enrollments = CourseRunEnrollmentV2(many=True)
    certificate = IssuedCertificate(allow_null=True)


class V3SimpleProgram(Shape):
    id = number()
    title = text()
    readable_id = text()
    program_type = maybe_text()
    live = flag()
    display_mode = serializers.ChoiceField(choices=["course"], allow_null=True)


class V3UserProgramEnrollment(Shape):
    id = number(help_text="Of the program.")
    program = V3SimpleProgram()
    certificate = IssuedCertificate(allow_null=True)
    enrollment_mode = serializers.ChoiceField(choices=Mode.choices)


# --- how it is asked for


class RunWanted(Shape):
    """The run to take, and whether it may write."""

    run_id = number(min_value=1, max_value=2**31 - 1)
    edx_emails_subscription = serializers.BooleanField(required=False)


class RunWantedV3(Shape):
    """As before; the contract does not name the run, which is wanted all the same."""

    run_id = number(min_value=1, max_value=2**31 - 1, required=False)
    edx_emails_subscription = serializers.BooleanField(required=False)


class EmailsWanted(Shape):
    receive_emails = serializers.BooleanField(required=False)


class EnrollmentChanged(Shape):
    """What may be changed: whether the course may write. A run that is named must be the enrollment's."""

    run_id = number(min_value=1, max_value=2**31 - 1, required=False)
    edx_emails_subscription = serializers.BooleanField(required=False)


class ProgramWanted(Shape):
    program_id = number(min_value=1, max_value=2**31 - 1)


class ProgramsNamed(serializers.ListSerializer[Any]):
    """One or two readable ids."""

    child = text(max_length=255)


class FormEnrollment(Shape):
    """What a form sends: the number of a run, and whether a program reads the answer."""

    run = number(min_value=1, max_value=2**31 - 1)
    isapi = serializers.CharField(required=False, allow_blank=True)
