"""What pages of the console have in common: a guard, and a shape in Wagtail's own furniture."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import BaseListingView

from corridor.accounts.models import User
from corridor.kit.errors import Problem

GOOD, BAD, PLAIN = "w-status--primary", "console-status--bad", ""
Crumb = dict[str, str]


class Guarded(View):
    """Refuses whoever lacks the permission. Wagtail sends those who may not enter the console at all to its sign-in page."""

    permission: str  # one of Django's, as `has_perm` takes it

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def staff(self) -> User:
        """Who asks."""
        return cast(User, self.request.user)


class Listing(Guarded, BaseListingView):
    """A table with filters, search and paging. `purpose` says above it what it is for."""

    template_name = "web/console/listing.html"
    paginate_by: int | None = 50
    purpose = ""
    above = ""  # a template shown between purpose and table
    search_hint = "Search"

    def get_paginator(self, *given: Any, **named: Any) -> Any:
        """One that counts in the words of the page."""
        paginator = super().get_paginator(*given, **named)
        paginator.verbose_name, paginator.verbose_name_plural = self.verbose_name, self.verbose_name_plural
        return paginator

    def get_search_form(self) -> Any:
        form = super().get_search_form()
        if form:
            form.fields["q"].widget.attrs["placeholder"] = self.search_hint
        return form


class Sheet(Guarded, WagtailAdminTemplateMixin, TemplateView):
    """A page about one thing, below the pages that `trail` names."""

    def trail(self) -> list[Crumb]:
        return []

    def get_breadcrumbs_items(self) -> list[Crumb]:
        return [*self.breadcrumbs_items, *self.trail(), {"url": "", "label": self.get_page_title()}]


class Editor(Sheet, FormView):  # type: ignore[type-arg]  # generic for the type checker alone
    """A form about one thing."""

    template_name = "web/console/form.html"
    submit_label = "Save"


class Deed(Guarded):
    """Something that staff do with one button. `carry_out` gives the sentence that tells of it; a Problem is told as it is."""

    http_method_names = ["post"]
    back_to = ""  # the name of an address, where the form names no `next`

    def carry_out(self) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            messages.success(request, self.carry_out())
        except Problem as problem:
            messages.error(request, problem.message)
        return self.back()

    def back(self) -> HttpResponseRedirect:
        return redirect(get_valid_next_url_from_request(self.request) or reverse(self.back_to))


def tag(label: object, look: str = PLAIN) -> SafeString:
    """A word in Wagtail's look for states."""
    return format_html('<span class="w-status {}">{}</span>', look, label)


def crumb(label: str, name: str, **named: Any) -> Crumb:
    """A step of the trail; `name` is that of an address, with its namespace."""
    return {"url": reverse(name, kwargs=named), "label": label}
