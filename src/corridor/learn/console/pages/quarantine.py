"""Records that could not be taken in: why, as the source gave them, and what can be done."""

import json
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.utils.text import Truncator
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from corridor.learn.console import actions
from corridor.learn.console.access import May
from corridor.learn.console.rules import why_not_replayed
from corridor.learn.ingest.models import QuarantinedRecord
from corridor.learn.ingest.queries import quarantined
from corridor.web.console.base import Deed, Listing, Sheet, crumb
from corridor.web.console.errors import NoSuchThing

from .sources import source_choices

EXCERPT = 20_000  # characters of a payload that a page shows
REASONS = 8  # the most frequent, above the list


def record_set_aside(pk: int) -> QuarantinedRecord:
    """Raises NoSuchThing."""
    if record := quarantined().filter(pk=pk).first():
        return record
    raise NoSuchThing("This record is not in quarantine any more: it was taken in, dismissed, or is no longer given.")


class RecordFilter(WagtailFilterSet):
    source = django_filters.ChoiceFilter(label="Source", choices=source_choices, empty_label="All", widget=forms.RadioSelect)

    class Meta:
        model = QuarantinedRecord
        fields = ("source",)


class Quarantine(Listing):
    permission = May.MEND_RECORDS
    page_title = "Quarantine"
    header_icon = "warning"
    purpose = "Records that could not be taken in. When what was wrong is mended (reference data, a mapping), try them again."
    above = "learn/console/reasons.html"
    filterset_class = RecordFilter
    is_searchable = True
    search_fields = ["key", "reason"]
    search_hint = "Key or reason"
    verbose_name, verbose_name_plural = "record set aside", "records set aside"
    index_url_name = "console:quarantine"
    index_results_url_name = "console:quarantine_results"
    columns = [
        TitleColumn("key", label="Record", accessor=lambda record: record.key or "(no key)", url_name="console:record"),
        Column("source", label="Source"),
        Column("kind", label="Kind"),
        Column("reason", label="Reason", accessor=lambda record: Truncator(record.reason).chars(200)),
        DateColumn("first_seen", label="First seen"),
    ]

    def get_base_queryset(self) -> QuerySet[QuarantinedRecord]:
        return quarantined().defer("raw")

    def get_context_data(self, *args: Any, **given: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **given)
        reasons = quarantined().order_by().values("source", "reason").annotate(count=Count("id")).order_by("-count", "source", "reason")
        return context | {"reasons": reasons[:REASONS], "sources": self.sources_set_aside()}

    def sources_set_aside(self) -> list[tuple[str, int]]:
        """Sources with how many of their records are set aside."""
        counts = quarantined().order_by().values("source").annotate(count=Count("id")).order_by("source")
        return list(counts.values_list("source", "count"))


class RecordPage(Sheet):
    permission = May.MEND_RECORDS
    template_name = "learn/console/record.html"
    header_icon = "warning"

    def get_page_title(self) -> str:
        return "Record set aside"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Quarantine", "console:quarantine")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        record = record_set_aside(self.kwargs["pk"])
        payload = json.dumps(record.raw, indent=2, ensure_ascii=False)
        return super().get_context_data(**given) | {
            "record": record,
            "payload": payload[:EXCERPT],
            "left_out": max(0, len(payload) - EXCERPT),
            "why_not": why_not_replayed(record.kind, record.raw),
        }


class ReplayRecord(Deed):
    permission = May.MEND_RECORDS
    back_to = "console:quarantine"

    def carry_out(self) -> str:
        record = record_set_aside(self.kwargs["pk"])
        refused = actions.replay_record(record, self.staff)
        return f"{record.key} is still refused: {refused.reason}" if refused else f"{record.key} was taken in."


class ReplaySource(Deed):
    permission = May.MEND_RECORDS
    back_to = "console:quarantine"

    def carry_out(self) -> str:
        code: str = self.kwargs["code"]
        waiting = actions.replay_source(code, self.staff)
        return f"{waiting} records of {code} are tried again as soon as a worker is free. Reload the page to see what is left."


class Dismiss(Deed):
    permission = May.MEND_RECORDS
    back_to = "console:quarantine"

    def carry_out(self) -> str:
        pk: int = self.kwargs["pk"]
        record = record_set_aside(pk)
        actions.dismiss(record, self.staff)
        return f"{record.key} is off the list. It comes back if its source gives it again and it still fails."
