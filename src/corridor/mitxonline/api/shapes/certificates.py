"""Certificates and what they say."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .courses import CourseRunV2, V2Course
from .fields import Shape, flag, maybe_moment, maybe_number, maybe_text, moment, number, text
from .people import PublicUser
from .programs import V2ProgramDetail


class PageMetaModel(Shape):
    type = text()
    detail_url = text()
    html_url = text()
    slug = text()
    show_in_menus = flag()
    seo_title = text()
    search_description = text()
    first_published_at = maybe_moment()
    alias_of = maybe_text()
    locale = text()
    live = flag()
    last_published_at = maybe_moment()


class OverrideValue(Shape):
    readable_id = text()
    CEUs = text()


class Override(Shape):
    type = text()
    value = OverrideValue()
    id = text()


class SignatoryItem(Shape):
    name = text()
    title_1 = text()
    title_2 = text()
    title_3 = text()
    organization = text()
    signature_image = text()


class CertificatePageModel(Shape):
    id = number()
    meta = PageMetaModel()
    title = text()
    product_name = text()
    CEUs = text()
    overrides = Override(many=True)
    signatory_items = SignatoryItem(many=True)


class V2CourseRunWithCourse(CourseRunV2):
    course = V2Course()


@extend_schema_field({"type": "object", "additionalProperties": {}, "nullable": True})
class SignedJson(serializers.JSONField):
    """An Open Badge 3.0, as it was signed."""


class CertificateBase(Shape):
    user = PublicUser()
    uuid = serializers.UUIDField()
    is_revoked = flag()
    issue_date = moment()
    certificate_page = CertificatePageModel()
    verifiable_credential_json = SignedJson()
    certificate_page_revision = maybe_number()


class V2CourseRunCertificate(CertificateBase):
    course_run = V2CourseRunWithCourse()


class V2ProgramCertificate(CertificateBase):
    program = V2ProgramDetail()


@extend_schema_field({"type": "object", "additionalProperties": {}})
class Credential(serializers.JSONField):
    """An Open Badge 3.0 with its proof."""
