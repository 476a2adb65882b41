"""What the registrar's pages have in common: deeds that ask why, and lists that can be taken along."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin import messages

from corridor.kit.errors import Problem
from corridor.web.console.base import Editor, Listing

# A spreadsheet takes what begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Reasoned(forms.Form):
    """What every deed asks for."""

    reason = forms.CharField(
        label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text="Kept in the learner's history, with your name."
    )


class Asking(Editor):
    """A deed with what it needs to know. `carry_out` gives the sentence that tells of it; a Problem is told at the form."""

    template_name = "mitxonline/console/asking.html"
    form_class: type[forms.Form] = Reasoned
    what_happens = ""  # said above the form

    def carry_out(self, told: dict[str, Any]) -> str:
        raise NotImplementedError

    def back_to(self) -> str:
        """Where it leads afterwards."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            messages.success(self.request, self.carry_out(form.cleaned_data))
        except Problem as problem:
            form.add_error(None, problem.message)
            return self.form_invalid(form)
        return redirect(self.back_to())

    @cached_property
    def explained(self) -> str:
        return self.what_happens


class Takeaway(Listing):
    """A list that can be taken along as CSV, as it is narrowed."""

    takeaway: tuple[str, ...] = ()  # the headings
    above = "mitxonline/console/takeaway.html"

    def take(self, row: Any) -> Iterable[object]:
        """The cells of a row."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.GET.get("export") != "csv":
            return super().get(request, *args, **kwargs)
        return as_csv(f"{self.verbose_name_plural}.csv", self.takeaway, map(self.take, self.get_queryset()))

    def get_context_data(self, *args: Any, **given: Any) -> dict[str, Any]:
        asked = self.request.GET.copy()
        asked.pop(self.page_kwarg, None)
        asked["export"] = "csv"
        context: dict[str, Any] = super().get_context_data(*args, **given)
        return context | {"takeaway": f"{self.index_url}?{asked.urlencode()}"}


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(name: str, headings: Iterable[str], rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name.replace(" ", "-")}"'
    return answer


def csv_lines(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def cell(value: object) -> str:
    """A value as spreadsheets show it and nothing more."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
