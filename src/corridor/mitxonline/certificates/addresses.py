"""Where certificates, their files and the status lists are."""

from corridor.mitxonline.catalog.asked import HOME

from .models import Certificate


def certificate_path(row: Certificate) -> str:
    return f"{HOME}certificate/{row.uuid}/" if row.course_run_id else f"{HOME}certificate/program/{row.uuid}/"


def status_path(number: int) -> str:
    return f"{HOME}certificate/status/{number}/"


def credential_path(row: Certificate, credential: object) -> str:
    kind = "course" if row.course_run_id else "program"
    return f"{HOME}api/v2/verifiable_{kind}_credential/{credential}/download/"


def pdf_path(row: Certificate) -> str:
    return f"{certificate_path(row)}pdf/"
