"""Certificates: issued, revoked, and those that are due."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from corridor.mitxonline.certificates import actions as certificates
from corridor.mitxonline.certificates.addresses import certificate_path
from corridor.mitxonline.certificates.models import Certificate
from corridor.mitxonline.console import queries
from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking
from corridor.web.console.base import BAD, GOOD, Listing, Sheet, crumb, tag
from corridor.web.console.errors import NoSuchThing

from .orders import to_learner


def certificate(uuid: Any) -> Certificate:
    """Raises NoSuchThing."""
    rows = Certificate.objects.select_related("user", "course_run", "program", "revoked_by", "replaces", "replaced_by")
    if found := rows.filter(uuid=uuid).first():
        return found
    raise NoSuchThing("There is no such certificate.")


def state_of(certificate: Certificate) -> Any:
    return tag("revoked", BAD) if certificate.is_revoked else tag("valid", GOOD)


class CertificateFilter(WagtailFilterSet):
    is_revoked = django_filters.BooleanFilter(
        label="State", widget=forms.RadioSelect(choices=[("", "All"), ("false", "Valid"), ("true", "Revoked")])
    )
    of_program = django_filters.BooleanFilter(
        field_name="program",
        lookup_expr="isnull",
        exclude=True,
        label="Of",
        widget=forms.RadioSelect(choices=[("", "All"), ("false", "Courses"), ("true", "Programs")]),
    )

    class Meta:
        model = Certificate
        fields = ("is_revoked",)


class Certificates(Listing):
    permission = May.SEE_CERTIFICATES
    page_title = "Certificates"
    header_icon = "clipboard-list"
    purpose = "What was issued. A certificate keeps the words that it was issued with; to mend one, issue it anew."
    filterset_class = CertificateFilter
    is_searchable = True
    search_fields = ["user__name", "user__email", "course_run__courseware_id", "program__readable_id", "uuid"]
    search_hint = "Learner, course, program or number"
    verbose_name, verbose_name_plural = "certificate", "certificates"
    default_ordering = "-id"
    index_url_name = "registrar:certificates"
    index_results_url_name = "registrar:certificates_results"
    header_buttons = [HeaderButton("Due", "/cms/mitxonline/certificates/due/", icon_name="time")]
    columns = [
        TitleColumn(
            "title",
            label="Of",
            accessor=lambda row: row.snapshot.get("title", ""),
            get_url=lambda row: reverse("registrar:certificate", args=[row.uuid]),
        ),
        Column("user", label="Learner", accessor=lambda row: to_learner(row.user)),
        Column("state", label="State", accessor=lambda row: state_of(row)),
        DateColumn("issue_date", label="Issued"),
        DateColumn("revoked_on", label="Revoked"),
    ]

    def get_base_queryset(self) -> QuerySet[Certificate]:
        return Certificate.objects.select_related("user")


class CertificatesDue(Sheet):
    """Earned, and not issued yet: jobs issue them, and so may staff at once."""

    permission = May.SEE_CERTIFICATES
    template_name = "mitxonline/console/due.html"
    page_title = "Certificates due"
    header_icon = "time"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Certificates", "registrar:certificates")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {
            "due": queries.certificates_due(),
            "may_issue": self.request.user.has_perm(May.ISSUE_CERTIFICATES),
        }


class CertificatePage(Sheet):
    permission = May.SEE_CERTIFICATES
    template_name = "mitxonline/console/certificate.html"
    header_icon = "clipboard-list"

    def get_page_title(self) -> str:
        return "Certificate"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Certificates", "registrar:certificates")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = certificate(self.kwargs["uuid"])
        replaced_by = getattr(found, "replaced_by", None)
        return super().get_context_data(**given) | {
            "certificate": found,
            "replaced_by": replaced_by,
            "state": state_of(found),
            "address": certificate_path(found),
            "may_change": replaced_by is None and self.request.user.has_perm(May.REVOKE_CERTIFICATES),
        }


class _OfCertificate(Asking):
    permission = May.REVOKE_CERTIFICATES
    header_icon = "clipboard-list"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Certificates", "registrar:certificates"), crumb("Certificate", "registrar:certificate", uuid=self.kwargs["uuid"])]

    def back_to(self) -> str:
        return reverse("registrar:certificate", args=[self.kwargs["uuid"]])


class Revoke(_OfCertificate):
    page_title = "Revoke a certificate"
    submit_label = "Revoke it"
    what_happens = "Its page says that it was revoked, and checks of its credential fail. No job gives it again; you can issue it anew."

    def carry_out(self, told: dict[str, Any]) -> str:
        certificates.revoke(actor=self.staff, certificate=self.kwargs["uuid"], reason=told["reason"])
        return "The certificate was revoked."


class Reissue(_OfCertificate):
    page_title = "Issue a certificate anew"
    submit_label = "Issue it anew"
    what_happens = (
        "Another certificate with today's name and words takes its place, at a new address. This one stays revoked and points there."
    )

    def carry_out(self, told: dict[str, Any]) -> str:
        self.issued = certificates.reissue(actor=self.staff, certificate=self.kwargs["uuid"], reason=told["reason"])
        return "Another certificate was issued in its place."

    def back_to(self) -> str:
        return reverse("registrar:certificate", args=[self.issued.uuid])
