"""Courses and their runs."""

from rest_framework import serializers

from .fields import (
    Department,
    EnrollmentMode,
    Shape,
    flag,
    industry,
    language,
    length,
    maybe_amount,
    maybe_moment,
    maybe_number,
    maybe_text,
    number,
    text,
)
from .products import BaseProduct, ProductFlexibilePrice


class BaseCourseRun(Shape):
    id = number()
    title = text()
    run_tag = text()
    course_id = number()
    course_number = text()
    courseware_id = text()
    courseware_url = maybe_text()
    start_date = maybe_moment()
    end_date = maybe_moment()
    enrollment_start = maybe_moment()
    enrollment_end = maybe_moment()
    expiration_date = maybe_moment()
    certificate_available_date = maybe_moment()
    upgrade_deadline = maybe_moment()
    is_upgradable = flag()
    is_enrollable = flag()
    is_archived = flag()
    is_self_paced = flag()
    live = flag()
    enrollment_modes = EnrollmentMode(many=True)
    language = language()
    language_label = text()
    is_primary_language = flag()
    variant_industry = industry()
    variant_length = length()


class V1BaseCourseRun(BaseCourseRun):
    products = ProductFlexibilePrice(many=True)
    approved_flexible_price_exists = flag()


class CourseRunV2(BaseCourseRun):
    products = BaseProduct(many=True)
    approved_flexible_price_exists = flag()
    b2b_contract = maybe_number()


class CoursePage(Shape):
    feature_image_src = maybe_text()
    page_url = text()
    description = text()
    live = flag()
    length = text()
    effort = maybe_text()
    financial_assistance_form_url = text()
    current_price = maybe_number()
    instructors = serializers.ListField(child=serializers.DictField())


class Program(Shape):
    id = number()
    title = text()
    readable_id = text()


class Course(Shape):
    id = number()
    title = text()
    readable_id = text()
    next_run_id = maybe_number()
    departments = Department(many=True)
    page = CoursePage()
    programs = Program(allow_null=True)


class V1CourseWithCourseRuns(Course):
    courseruns = V1BaseCourseRun(many=True)


class V1CourseRunWithCourse(V1BaseCourseRun):
    course = Course()


class BaseProgram(Program):
    type = text()
    display_mode = serializers.ChoiceField(choices=["course"], allow_null=True)


class SupportedVariant(Shape):
    language = language()
    variant_length = length()
    variant_industry = industry()
    active = flag()
    b2b_only = flag()
    default_variant = flag()


class Topic(Shape):
    name = text()
    parent = maybe_text()  # type: ignore[assignment]  # a field, which no instance has as an attribute


class Commitment(Shape):
    """What a course or a program takes."""

    certificate_type = text()
    certificate_available = flag()
    required_prerequisites = flag()
    min_weeks = maybe_number()
    max_weeks = maybe_number()
    min_price = maybe_amount()
    max_price = maybe_amount()
    time_commitment = maybe_text()
    availability = serializers.ChoiceField(choices=["anytime", "dated"])
    min_weekly_hours = maybe_text()
    max_weekly_hours = maybe_text()
    include_in_learn_catalog = flag()


class V2Course(Commitment):
    id = number()
    title = text()
    readable_id = text()
    next_run_id = maybe_number()
    departments = Department(many=True)
    page = CoursePage()
    programs = BaseProgram(many=True)
    topics = Topic(many=True)
    duration = text()
    ingest_content_files_for_ai = flag()
    possible_variant_sets = SupportedVariant(many=True)


class CourseWithCourseRunsSerializerV2(V2Course):
    courseruns = CourseRunV2(many=True)


class CourseVariantRunsResponse(Shape):
    id = number()
    courseruns = BaseCourseRun(many=True)
