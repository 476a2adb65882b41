"""Files of certificates: the credential, the status lists, the sheet to print."""

import json
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from corridor.kit import clock
from corridor.mitxonline.catalog.pages import absolute

from . import printing, proofs, queries, snapshots, status_list
from .addresses import certificate_path, status_path
from .errors import CertificateRevoked, CredentialNotFound
from .keys import issuer_key
from .pages import unlisted
from .snapshots import Kind

VC = "application/vc"
SHORTLY = 60  # seconds that a copy of a status list is good for


@require_safe
def status_list_of(request: HttpRequest, *, number: int) -> HttpResponse:
    """A status list, signed, for whoever checks a credential. A revocation is in it at once; others may keep it for a minute."""
    revoked = queries.revoked_in(number)
    # None is ever taken out again, so how many there are says which.
    body = cache.get_or_set(f"mitxonline:status-list:{number}:{len(revoked)}", lambda: _status_list(number, revoked), SHORTLY)
    headers = {"Cache-Control": f"public, max-age={SHORTLY}", "Access-Control-Allow-Origin": "*"}
    return HttpResponse(body, content_type=VC, headers=headers)


def _status_list(number: int, revoked: list[int]) -> bytes:
    key = issuer_key()
    if key is None:
        raise CredentialNotFound("status list", number)
    address, now = absolute(status_path(number)), clock.now()
    return written(proofs.signed(status_list.document(address, proofs.did_of(key), revoked, now), key, now))


def written(document: proofs.Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


@require_safe
@unlisted
def credential(request: HttpRequest, *, id: UUID, kind: Kind) -> HttpResponse:
    """The credential as a file. One that was revoked is still given: the status list, which it names, says so, and so does the name of the file."""
    found = queries.credential(id, kind)
    name = f"certificate-{found.certificate.uuid}{'-revoked' if found.certificate.is_revoked else ''}.json"
    return attached(written(found.document), VC, name)


@require_safe
@unlisted
def pdf(request: HttpRequest, *, uuid: UUID, kind: Kind) -> HttpResponse:
    row = queries.certificate(uuid, kind)
    if row.is_revoked:
        raise CertificateRevoked
    said = snapshots.read(row.snapshot)
    sheet = printing.sheet(said, number=row.uuid, issued=row.issue_date, address=absolute(certificate_path(row)))
    return attached(sheet, "application/pdf", f"certificate-{row.uuid}.pdf")


def attached(body: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=content_type, headers=headers)
