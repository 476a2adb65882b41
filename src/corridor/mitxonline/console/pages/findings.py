"""What does not agree, since when, and what can be done about it."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking
from corridor.mitxonline.console.telling import done_about_finding
from corridor.mitxonline.reconciliation import repairs, tasks
from corridor.mitxonline.reconciliation.actions import compare
from corridor.mitxonline.reconciliation.models import Finding
from corridor.mitxonline.reconciliation.queries import standings
from corridor.mitxonline.reconciliation.vocabulary import ASKING_OTHERS, FindingKind
from corridor.web.console.base import Deed, Listing, Sheet, crumb
from corridor.web.console.errors import NoSuchThing
from corridor.web.console.work import ask_worker

from .orders import to_learner


def finding(pk: int) -> Finding:
    """Raises NoSuchThing."""
    if found := Finding.objects.select_related("about").filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such finding.")


def to_order(row: Finding) -> Any:
    if order := row.data.get("order"):
        return format_html('<a href="{}">Order</a>', reverse("registrar:order", args=[order]))
    return ""


class FindingFilter(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label="What", choices=FindingKind.choices, empty_label="All", widget=forms.RadioSelect)
    open = django_filters.BooleanFilter(
        field_name="resolved_on",
        lookup_expr="isnull",
        label="State",
        widget=forms.RadioSelect(choices=[("", "All"), ("true", "Open"), ("false", "Gone")]),
    )

    class Meta:
        model = Finding
        fields = ("kind",)


class Findings(Listing):
    permission = May.SEE_FINDINGS
    page_title = "Reconciliation"
    header_icon = "glasses"
    purpose = "What must agree and does not. Everything is compared hourly; a finding goes by itself when it agrees again."
    above = "mitxonline/console/standings.html"
    filterset_class = FindingFilter
    is_searchable = True
    search_fields = ["key", "said", "about__name", "about__email"]
    search_hint = "Learner or words"
    verbose_name, verbose_name_plural = "finding", "findings"
    default_ordering = "-id"
    index_url_name = "registrar:findings"
    index_results_url_name = "registrar:findings_results"
    columns = [
        TitleColumn("kind", label="What", accessor="get_kind_display", url_name="registrar:finding"),
        Column("said", label="Found"),
        Column("about", label="Learner", accessor=lambda row: to_learner(row.about) if row.about else ""),
        Column("order", label="Order", accessor=to_order),
        DateColumn("first_seen", label="Since"),
        DateColumn("resolved_on", label="Gone"),
    ]

    def get_base_queryset(self) -> QuerySet[Finding]:
        return Finding.objects.select_related("about")

    def get_context_data(self, *args: Any, **given: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **given)
        return context | {"standings": standings(), "may_mend": self.request.user.has_perm(May.MEND_FINDINGS)}


class FindingPage(Sheet):
    permission = May.SEE_FINDINGS
    template_name = "mitxonline/console/finding.html"
    header_icon = "glasses"

    def get_page_title(self) -> str:
        return "Finding"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Reconciliation", "registrar:findings")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = finding(self.kwargs["pk"])
        mendable = not found.resolved_on and FindingKind(found.kind) in repairs.REPAIRS
        return super().get_context_data(**given) | {
            "finding": found,
            "to_order": to_order(found),
            "to_do": done_about_finding(found.kind),
            "may_mend": mendable and self.request.user.has_perm(May.MEND_FINDINGS),
        }


class Mend(Asking):
    permission = May.MEND_FINDINGS
    header_icon = "glasses"
    page_title = "Repair"
    submit_label = "Repair it"

    @cached_property
    def found(self) -> Finding:
        return finding(self.kwargs["pk"])

    @cached_property
    def explained(self) -> str:
        return f"{self.found.said} {done_about_finding(self.found.kind)}"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Reconciliation", "registrar:findings"), crumb("Finding", "registrar:finding", pk=self.found.pk)]

    def carry_out(self, told: dict[str, Any]) -> str:
        gone = repairs.repair(self.found.pk, actor=self.staff, reason=told["reason"])
        return "It agrees again." if gone else "It is under way. The finding goes when it agrees; look again in an hour."

    def back_to(self) -> str:
        return reverse("registrar:finding", args=[self.found.pk])


class CompareNow(Deed):
    """One kind, at once; it changes nothing but what is listed."""

    permission = May.MEND_FINDINGS
    back_to = "registrar:findings"

    def carry_out(self) -> str:
        kind: str = self.kwargs["kind"]
        if kind not in FindingKind.values:
            raise NoSuchThing(f"Nothing is compared under the name {kind}.")
        if FindingKind(kind) in ASKING_OTHERS:
            ask_worker(tasks.compare, kind)
            return f"{FindingKind(kind).label}: a worker asks for it. Reload the page to see what came of it."
        outcome = compare(FindingKind(kind))
        return f"{outcome.kind.label}: {outcome.open} open, {outcome.resolved} gone."
