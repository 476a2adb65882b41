"""Which records of several sources are held to be one thing, why, and the way to part them."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from corridor.learn.console import actions
from corridor.learn.console.access import May
from corridor.learn.ingest.models import MergeBarrier, MergeEntry, SourceRecord
from corridor.web.console.base import BAD, GOOD, Deed, Listing, Sheet, crumb, tag
from corridor.web.console.errors import NoSuchThing

from .sources import source_choices

RECORDS = Prefetch(
    "resource__source_records",
    SourceRecord.objects.filter(withdrawn_at=None).only("source", "key", "resource").order_by("source", "key"),
    to_attr="live_records",
)


def with_records() -> QuerySet[MergeEntry]:
    """Merges with their resource and the records that it is made of. Two queries."""
    return MergeEntry.objects.select_related("resource").prefetch_related(RECORDS)


class MergeFilter(WagtailFilterSet):
    source = django_filters.ChoiceFilter(label="Source", choices=source_choices, empty_label="All", widget=forms.RadioSelect)
    undone = django_filters.BooleanFilter(
        field_name="undone_at",
        lookup_expr="isnull",
        exclude=True,
        label="State",
        widget=forms.RadioSelect(choices=[("", "All"), ("false", "In force"), ("true", "Undone")]),
    )

    class Meta:
        model = MergeEntry
        fields = ("source", "undone")


class Merges(Listing):
    permission = May.PART_RECORDS
    page_title = "Merges"
    header_icon = "link"
    purpose = "Records of several sources that are shown as one, with the rule that joined them and what it saw."
    filterset_class = MergeFilter
    is_searchable = True
    search_fields = ["key", "evidence", "resource__title"]
    search_hint = "Key, evidence or title"
    verbose_name, verbose_name_plural = "merge", "merges"
    index_url_name = "console:merges"
    index_results_url_name = "console:merges_results"
    header_buttons = [HeaderButton("Barriers", "/cms/merges/barriers/", icon_name="no-view")]
    columns = [
        TitleColumn("key", label="Record", accessor=lambda entry: f"{entry.source}: {entry.key}", url_name="console:merge"),
        Column("resource", label="Joined to", accessor=lambda entry: to_resource(entry.resource_id, entry.resource.title)),
        Column("sources", label="Sources", accessor=lambda entry: ", ".join(sorted({r.source for r in entry.resource.live_records}))),
        Column("rule", label="Why", accessor=lambda entry: f"{entry.rule}: {entry.evidence}"),
        Column("state", label="State", accessor=lambda entry: state_of(entry)),
        DateColumn("at", label="When"),
    ]

    def get_base_queryset(self) -> QuerySet[MergeEntry]:
        return with_records()


def to_resource(id: int, title: str) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("console:resource", args=[id]), title)


def state_of(entry: MergeEntry) -> Any:
    if not entry.undone_at:
        return tag("in force", GOOD)
    return tag(f"undone by {entry.undone_by}" if entry.undone_by else "undone", BAD)


class MergePage(Sheet):
    """One merge, and what undoing it would part."""

    permission = May.PART_RECORDS
    template_name = "learn/console/merge.html"
    header_icon = "link"

    def get_page_title(self) -> str:
        return "Merge"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Merges", "console:merges")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        entry = with_records().filter(pk=self.kwargs["pk"]).first()
        if entry is None:
            raise NoSuchThing("There is no such merge.")
        live = entry.resource.live_records  # type: ignore[attr-defined]  # by the prefetch above
        others = [record for record in live if (record.source, record.key) != (entry.source, entry.key)]
        return super().get_context_data(**given) | {"entry": entry, "state": state_of(entry), "others": others}


class Undo(Deed):
    permission = May.PART_RECORDS
    back_to = "console:merges"

    def carry_out(self) -> str:
        pk: int = self.kwargs["pk"]
        entry = MergeEntry.objects.filter(pk=pk, undone_at=None).first()
        if entry is None:
            raise NoSuchThing("This merge is not in force any more.")
        others = actions.undo_merge(entry.source, entry.key, self.staff)
        return f"{entry.source}: {entry.key} is a resource of its own now, apart from {', '.join(others)}. They are not joined again."


class Barriers(Listing):
    permission = May.PART_RECORDS
    page_title = "Barriers"
    header_icon = "no-view"
    purpose = "Pairs of records that staff have parted. The rules do not join them again."
    model = MergeBarrier
    is_searchable = True
    search_fields = ["key", "other_key", "source", "other_source"]
    search_hint = "Source or key"
    verbose_name, verbose_name_plural = "barrier", "barriers"
    default_ordering = "-id"
    index_url_name = "console:barriers"
    index_results_url_name = "console:barriers_results"
    columns = [
        Column("one", label="Record", accessor=lambda barrier: f"{barrier.source}: {barrier.key}"),
        Column("other", label="Is not", accessor=lambda barrier: f"{barrier.other_source}: {barrier.other_key}"),
    ]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, crumb("Merges", "console:merges"), {"url": "", "label": self.page_title}]
