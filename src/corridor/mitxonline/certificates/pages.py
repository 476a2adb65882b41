"""The page of a certificate, which people show to others: open to whoever has its address, and to no search engine."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from corridor.mitxonline.catalog.pages import absolute

from . import queries, snapshots
from .addresses import certificate_path, credential_path, pdf_path
from .credentials import ISSUER
from .models import Certificate
from .snapshots import Kind, Snapshot

HIDDEN = "noindex, nofollow, noarchive"
LINKEDIN = "https://www.linkedin.com/profile/add"

View = Callable[..., HttpResponse]


def unlisted(view: View) -> View:
    """Keeps a page out of search engines, which must read it to learn so: robots.txt names no certificate."""

    @wraps(view)
    def answer(request: HttpRequest, **path: Any) -> HttpResponse:
        response = view(request, **path)
        response.headers["X-Robots-Tag"] = HIDDEN
        return response

    return answer


@never_cache
@require_safe
@unlisted
def certificate(request: HttpRequest, *, uuid: UUID, kind: Kind) -> HttpResponse:
    """With 410 once it was revoked: the page stays, to say so."""
    row = queries.certificate(uuid, kind)
    said = snapshots.read(row.snapshot)
    return render(request, "mitxonline/certificates/certificate.html", told(row, said), status=410 if row.is_revoked else 200)


def told(row: Certificate, said: Snapshot) -> dict[str, Any]:
    address = absolute(certificate_path(row))
    credential = getattr(row, "credential", None)
    return {
        "title": f"{said.heading} of {said.learner}",
        "description": f"{said.learner} {said.sentence}",
        "row": row,
        "said": said,
        "dates": dates(said),
        "address": address,
        "pdf": pdf_path(row),
        "credential": credential_path(row, credential.pk) if credential else "",
        "issuer": credential.document["issuer"]["id"] if credential else "",
        "linkedin": linkedin(row, said, address),
        "replaced_by": certificate_path(row.replaced_by) if hasattr(row, "replaced_by") else "",
    }


def dates(said: Snapshot) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(each) for each in (said.start_date, said.end_date) if each)


def linkedin(row: Certificate, said: Snapshot, address: str) -> str:
    """Where LinkedIn takes a certificate into a profile."""
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": said.product_name,
        "organizationName": ISSUER,
        "issueYear": row.issue_date.year,
        "issueMonth": row.issue_date.month,
        "certUrl": address,
        "certId": row.uuid,
    }
    return f"{LINKEDIN}?{urlencode(fields)}"
