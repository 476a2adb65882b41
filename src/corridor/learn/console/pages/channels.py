"""Channels: the words, the look and the featured list of landing pages."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn

from corridor.learn.catalog.models import LearningResource
from corridor.learn.catalog.vocabulary import ChannelType, ResourceType
from corridor.learn.channels.actions import LONGEST
from corridor.learn.channels.errors import ChannelInvalid
from corridor.learn.channels.models import Channel
from corridor.learn.channels.queries import channel
from corridor.learn.console import actions
from corridor.learn.console.access import May
from corridor.web.console.base import Editor, Listing, crumb

BANNER = ("name", "heading", "sub_heading", "logo", "banner_background")  # the keys of a channel's configuration


class ChannelFilter(WagtailFilterSet):
    channel_type = django_filters.ChoiceFilter(label="Type", choices=ChannelType.choices, empty_label="All", widget=forms.RadioSelect)
    published = django_filters.BooleanFilter(
        label="State", widget=forms.RadioSelect(choices=[("", "All"), ("true", "Open"), ("false", "Closed")])
    )

    class Meta:
        model = Channel
        fields = ("channel_type", "published")


class Channels(Listing):
    permission = May.EDIT_CHANNELS
    page_title = "Channels"
    header_icon = "globe"
    purpose = "Landing pages of topics, departments, units and more: their words, their look and what they feature."
    filterset_class = ChannelFilter
    is_searchable = True
    search_fields = ["title", "name"]
    search_hint = "Title or name"
    verbose_name, verbose_name_plural = "channel", "channels"
    index_url_name = "console:channels"
    index_results_url_name = "console:channels_results"
    columns = [
        TitleColumn("title", label="Title", url_name="console:channel"),
        Column("channel_type", label="Type", accessor="get_channel_type_display"),
        Column("featured_list", label="Features", accessor=lambda row: row.featured_list.title if row.featured_list else ""),
        BooleanColumn("published", label="Open"),
        DateColumn("updated_on", label="Changed"),
    ]

    def get_base_queryset(self) -> QuerySet[Channel]:
        return Channel.objects.select_related("featured_list").order_by("channel_type", "title")


class Lists(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker alone
    def label_from_instance(self, path: Any) -> str:
        return f"{path.title} ({path.pk})"


class ChannelForm(forms.Form):
    title = forms.CharField(max_length=LONGEST["title"])
    public_description = forms.CharField(
        label="Description", required=False, max_length=LONGEST["public_description"], widget=forms.Textarea(attrs={"rows": 4})
    )
    search_filter = forms.CharField(
        required=False, max_length=LONGEST["search_filter"], help_text="What the page lists, as a query string such as topic=Physics."
    )
    featured_list = Lists(
        queryset=LearningResource.objects.filter(resource_type=ResourceType.LEARNING_PATH).only("id", "title").order_by("title"),
        required=False,
        help_text="A learning path, whose resources the page shows first.",
    )
    published = forms.BooleanField(label="Open", required=False, help_text="A closed channel has no page.")
    name = forms.CharField(label="Name in the banner", required=False, max_length=500)
    heading = forms.CharField(required=False, max_length=500)
    sub_heading = forms.CharField(label="Subheading", required=False, max_length=500)
    logo = forms.CharField(label="Address of the logo", required=False, max_length=2048)
    banner_background = forms.CharField(label="Address of the banner's picture", required=False, max_length=2048)
    about_title = forms.CharField(label="About: title", required=False, max_length=500)
    about_text = forms.CharField(label="About: text (HTML)", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))

    def changes(self, edited: Channel) -> dict[str, Any]:
        """What `edit_channel` takes. Fields that the form does not have keep their value."""
        told = self.cleaned_data
        about = {"title": told["about_title"], "text": told["about_text"]}
        configuration = (edited.configuration or {}) | {name: told[name] or None for name in BANNER}
        changes = {
            **{name: told[name] for name in ("title", "public_description", "search_filter")},
            "featured_list_id": told["featured_list"].pk if told["featured_list"] else None,
            "configuration": configuration if any(configuration.values()) else edited.configuration,
            "about": (edited.about or {}) | about if any(about.values()) else None,
        }
        return changes if edited.topic_id else {**changes, "published": told["published"]}


WHERE = {"featured_list_id": "featured_list", "about": "about_text", "about.title": "about_title", "about.text": "about_text"}


class ChannelPage(Editor):
    permission = May.EDIT_CHANNELS
    header_icon = "globe"
    form_class = ChannelForm

    @cached_property
    def edited(self) -> Channel:
        return channel(self.kwargs["pk"], staff=True)

    def get_page_title(self) -> str:
        return self.edited.title

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Channels", "console:channels")]

    def get_initial(self) -> dict[str, Any]:
        edited, about = self.edited, self.edited.about or {}
        return {
            **{name: getattr(edited, name) for name in ("title", "public_description", "search_filter", "featured_list", "published")},
            **{name: (edited.configuration or {}).get(name) for name in BANNER},
            "about_title": about.get("title"),
            "about_text": about.get("text"),
        }

    def get_form(self, form_class: Any = None) -> ChannelForm:
        form: ChannelForm = super().get_form(form_class)
        if self.edited.topic_id:
            form.fields["published"].disabled = True
            form.fields["published"].help_text = "A topic's channel is open exactly while it has something to show."
        return form

    def form_valid(self, form: ChannelForm) -> HttpResponse:
        try:
            actions.change_channel(self.edited, form.changes(self.edited), self.staff)
        except ChannelInvalid as error:
            field = WHERE.get(error.field, error.field.removeprefix("configuration."))
            form.add_error(field if field in form.fields else None, error.reason)
            return self.form_invalid(form)
        messages.success(self.request, f"{form.cleaned_data['title']} was changed.")
        return redirect("console:channels")

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {"look": self.edited.get_absolute_url() if self.edited.published else ""}
