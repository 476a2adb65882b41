"""Cases: what about money a person has to look at, and what is done about each kind."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from corridor.mitxonline.console.access import May
from corridor.mitxonline.console.base import Asking, Reasoned, Takeaway
from corridor.mitxonline.console.telling import done_about_case
from corridor.mitxonline.ledger.actions import close_case
from corridor.mitxonline.ledger.models import Case
from corridor.mitxonline.ledger.vocabulary import CaseKind
from corridor.web.console.base import BAD, GOOD, Sheet, crumb, tag
from corridor.web.console.errors import NoSuchThing


def case(pk: int) -> Case:
    """Raises NoSuchThing."""
    if found := Case.objects.select_related("order__purchaser", "closed_by", "notice", "transaction").filter(pk=pk).first():
        return found
    raise NoSuchThing("There is no such case.")


def state_of(case: Case) -> Any:
    return tag("closed", GOOD) if case.closed_on else tag("open", BAD)


class CaseFilter(WagtailFilterSet):
    open = django_filters.BooleanFilter(
        field_name="closed_on",
        lookup_expr="isnull",
        label="State",
        widget=forms.RadioSelect(choices=[("", "All"), ("true", "Open"), ("false", "Closed")]),
    )
    kind = django_filters.ChoiceFilter(label="What", choices=CaseKind.choices, empty_label="All", widget=forms.RadioSelect)

    class Meta:
        model = Case
        fields = ("kind",)


class Cases(Takeaway):
    permission = May.SEE_CASES
    page_title = "Cases"
    header_icon = "warning"
    purpose = "What about money a person has to look at. Open one for what to do about it."
    filterset_class = CaseFilter
    is_searchable = True
    search_fields = ["key", "said", "note", "order__reference_number"]
    search_hint = "Order, number or words"
    verbose_name, verbose_name_plural = "case", "cases"
    default_ordering = "-id"
    index_url_name = "registrar:cases"
    index_results_url_name = "registrar:cases_results"
    columns = [
        TitleColumn("kind", label="What", accessor="get_kind_display", url_name="registrar:case"),
        Column("state", label="State", accessor=lambda case: state_of(case)),
        Column("order", label="Order"),
        Column("said", label="Found", accessor=lambda case: Truncator(case.said).chars(160)),
        DateColumn("opened_on", label="Opened"),
        DateColumn("closed_on", label="Closed"),
    ]
    takeaway = ("case", "kind", "key", "order", "found", "opened", "closed", "closed by", "note")

    def get_base_queryset(self) -> QuerySet[Case]:
        return Case.objects.select_related("order", "closed_by")

    def take(self, row: Any) -> Iterable[object]:
        closed = row.closed_on and row.closed_on.isoformat()
        by = row.closed_by and row.closed_by.shown_name
        return row.pk, row.kind, row.key, row.order, row.said, row.opened_on.isoformat(), closed, by, row.note


class CasePage(Sheet):
    permission = May.SEE_CASES
    template_name = "mitxonline/console/case.html"
    header_icon = "warning"

    def get_page_title(self) -> str:
        return "Case"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Cases", "registrar:cases")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found = case(self.kwargs["pk"])
        return super().get_context_data(**given) | {
            "case": found,
            "state": state_of(found),
            "to_do": done_about_case(found.kind),
            "may_close": not found.closed_on and self.request.user.has_perm(May.CLOSE_CASES),
        }


class Note(Reasoned):
    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reason"].label, self.fields["reason"].help_text = "What was done", "Kept with the case, with your name."


class Close(Asking):
    permission = May.CLOSE_CASES
    header_icon = "warning"
    form_class = Note
    page_title = "Close a case"
    submit_label = "Close it"

    @cached_property
    def explained(self) -> str:
        return done_about_case(case(self.kwargs["pk"]).kind)

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Cases", "registrar:cases"), crumb("Case", "registrar:case", pk=self.kwargs["pk"])]

    def carry_out(self, told: dict[str, Any]) -> str:
        close_case(self.kwargs["pk"], actor=self.staff.pk, note=told["reason"])
        return "The case is closed."

    def back_to(self) -> str:
        return reverse("registrar:cases")
