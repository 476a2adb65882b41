"""Looking a resource up: what it is made of, and why it is, or is not, on the site."""

import json
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.shortcuts import redirect
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.vocabulary import ResourceType
from corridor.learn.console import actions, queries
from corridor.learn.console.access import May
from corridor.learn.console.rules import findings, is_listed
from corridor.web.console.base import BAD, GOOD, Deed, Listing, Sheet, crumb, tag


class ResourceFilter(WagtailFilterSet):
    resource_type = django_filters.ChoiceFilter(label="Type", choices=ResourceType.choices, empty_label="All", widget=forms.RadioSelect)
    published = django_filters.BooleanFilter(
        label="Shown", widget=forms.RadioSelect(choices=[("", "All"), ("true", "To everyone"), ("false", "To staff alone")])
    )

    class Meta:
        model = LearningResource
        fields = ("resource_type", "published")


class Resources(Listing):
    permission = May.EDIT_RESOURCES
    page_title = "Resources"
    header_icon = "doc-full"
    purpose = "Look a resource up by its number, id, address or title: what it is made of, and why it is or is not on the site."
    filterset_class = ResourceFilter
    is_searchable = True
    search_hint = "Number, id, address or title"
    verbose_name, verbose_name_plural = "resource", "resources"
    default_ordering = "-updated_on"
    index_url_name = "console:resources"
    index_results_url_name = "console:resources_results"
    columns = [
        TitleColumn("title", label="Title", url_name="console:resource", sort_key="title"),
        Column("id", label="Number", sort_key="id"),
        Column("readable_id", label="Id"),
        Column("resource_type", label="Type", accessor="get_resource_type_display"),
        Column("platform", label="Platform"),
        Column("shown", label="Shown", accessor=lambda resource: shown(resource.published)),
        DateColumn("updated_on", label="Changed", sort_key="updated_on"),
    ]

    def get_base_queryset(self) -> QuerySet[LearningResource]:
        return queries.resources_called("")

    def search_queryset(self, queryset: QuerySet[LearningResource]) -> QuerySet[LearningResource]:
        return queryset & queries.resources_called(self.search_query.strip())


def shown(published: bool) -> Any:
    return tag("shown", GOOD) if published else tag("hidden", BAD)


class ResourcePage(Sheet):
    permission = May.EDIT_RESOURCES
    template_name = "learn/console/resource.html"
    header_icon = "doc-full"

    def get_page_title(self) -> str:
        return f"Resource {self.kwargs['pk']}"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Resources", "console:resources")]

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        dossier = queries.dossier(self.kwargs["pk"])
        return super().get_context_data(**given) | {
            "dossier": dossier,
            "resource": dossier.resource,
            "listed": is_listed(dossier.standing),
            "findings": findings(dossier.standing),
            "records": [(record, json.dumps(record.record, indent=2, ensure_ascii=False)) for record in dossier.records],
        }


class ShowOrHide(Deed):
    permission = May.EDIT_RESOURCES
    published = True

    def carry_out(self) -> str:
        pk: int = self.kwargs["pk"]
        actions.show_or_hide(pk, self.published, self.staff)
        return "It is shown to everyone." if self.published else "It is hidden from everyone but staff."

    def back(self) -> Any:
        return redirect("console:resource", pk=self.kwargs["pk"])
