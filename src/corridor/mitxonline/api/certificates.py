"""Certificates as everybody who has their address sees them, and the credentials to download."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from corridor.kit import clock
from corridor.kit.api.parameters import Asked, Json
from corridor.kit.api.routes import operation
from corridor.kit.api.views import NEVER_KEPT, Reading
from corridor.mitxonline.catalog import loading, rendering
from corridor.mitxonline.catalog.documents import site
from corridor.mitxonline.catalog.models import CourseRun, Program
from corridor.mitxonline.certificates import files, queries, snapshots
from corridor.mitxonline.certificates.addresses import certificate_path
from corridor.mitxonline.certificates.models import Certificate
from corridor.mitxonline.certificates.snapshots import Kind

from .shapes import certificates as shapes


class CertificateDetail(Reading):
    kind: Kind = "course"
    cache_control: ClassVar[str] = NEVER_KEPT

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        row = queries.certificate(path["uuid"], self.kind)
        credential = getattr(row, "credential", None)
        return {
            "user": holder(row),
            "uuid": str(row.uuid),
            "is_revoked": row.is_revoked,
            "issue_date": row.issue_date,
            "certificate_page": page(row),
            "verifiable_credential_json": credential.document if credential else None,
            "certificate_page_revision": None,  # each certificate is a revision of its own
            **({"course_run": run(row.course_run)} if row.course_run else {"program": program(row.program)} if row.program else {}),
        }


def holder(row: Certificate) -> Json:
    """The name that the certificate bears, and nothing else of the person: neither what they are called here nor since when."""
    return {"id": 0, "username": None, "name": row.snapshot["learner"], "created_on": row.issue_date, "updated_on": row.issue_date}


def page(row: Certificate) -> Json:
    """What it said when it was issued, in the words of the reference."""
    said, path = snapshots.read(row.snapshot), certificate_path(row)
    return {
        "id": row.pk,
        "meta": {
            "type": "cms.CertificatePage",
            "detail_url": "",
            "html_url": path,
            "slug": str(row.uuid),
            "show_in_menus": False,
            "seo_title": "",
            "search_description": "",
            "first_published_at": row.issue_date,
            "alias_of": None,
            "locale": "en",
            "live": not row.is_revoked,
            "last_published_at": row.issue_date,
        },
        "title": said.heading,
        "product_name": said.product_name,
        "CEUs": said.ceus,
        "overrides": [],
        "signatory_items": [dict(vars(each)) for each in said.signatories],
    }


def run(row: CourseRun) -> Json:
    """Runs of contracts, too: certificates outlive them."""
    place, now = site(), clock.now()
    [course] = loading.courses([row.course_id])
    [facts] = [each for each in course.runs if each.id == row.pk]
    told = rendering.course_v2(course, (), place, now)
    del told["courseruns"]
    return {**rendering.run_v2(facts, place, now), "course": told}


def program(row: Program) -> Json:
    """Those of organizations, too."""
    found = loading.programs([row.pk], public=False)
    return rendering.program(found[0], loading.names(found), None, site()).v2


class CredentialDownload(Reading):
    kind: Kind = "course"
    cache_control: ClassVar[str] = NEVER_KEPT
    shape: Any = shapes.Credential

    def get(self, request: HttpRequest, **path: Any) -> HttpResponse:
        """As a file, not as an answer to read."""
        return files.credential(request, id=path["credential_id"], kind=self.kind)


v2: list[URLPattern] = [
    operation(
        "course_certificates/<uuid:uuid>/", CertificateDetail, "course_certificates_retrieve", "course_certificates",
        kind="course", shape=shapes.V2CourseRunCertificate,
    ),
    operation(
        "program_certificates/<uuid:uuid>/", CertificateDetail, "program_certificates_retrieve", "program_certificates",
        kind="program", shape=shapes.V2ProgramCertificate,
    ),
    operation(
        "verifiable_course_credential/<uuid:credential_id>/download/", CredentialDownload, "verifiable_course_credential_download_list",
        "verifiable_course_credential", kind="course",
    ),
    operation(
        "verifiable_program_credential/<uuid:credential_id>/download/", CredentialDownload, "verifiable_program_credential_download_list",
        "verifiable_program_credential", kind="program",
    ),
]  # fmt: skip
