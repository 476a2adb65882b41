"""Synonyms and boosts, with a look at what a change would do before it is kept; and why a result stands where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin import messages
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from corridor.learn.catalog.models import LearningResource
from corridor.learn.console import actions
from corridor.learn.console.access import May
from corridor.learn.console.queries import resources_called
from corridor.learn.console.rules import Place, compared
from corridor.learn.discovery import indexes, tuning
from corridor.learn.discovery.models import Boost, SynonymSet
from corridor.search import Search
from corridor.search.errors import IndexMissing
from corridor.search.searcher import Searcher
from corridor.search.tuning import Boost as TuningBoost
from corridor.search.tuning import Tuning
from corridor.web.console.base import Deed, Guarded, Sheet, crumb

TOP = 10
LOOKED_AT = 100  # results in which earlier places are found
Json = dict[str, Any]


class PreviewForm(forms.Form):
    """A question, and a change to try on it."""

    q = forms.CharField(label="Question", required=False, max_length=200, help_text="As a visitor would type it.")
    terms = SimpleArrayField(
        forms.CharField(max_length=100),
        label="Try these as synonyms",
        required=False,
        help_text="Two or more words or phrases, separated by commas.",
    )
    synonyms = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the set that the terms would replace
    resource = forms.IntegerField(
        label="Try to move resource", required=False, min_value=1, help_text="Its number; or use Move beside a result."
    )
    factor = forms.FloatField(label="by factor", required=False, min_value=0.1, max_value=10, help_text="Above 1 up, below 1 down.")


@dataclass(frozen=True)
class Shown:
    """A result as the preview shows it."""

    id: int
    title: str
    resource_type: str
    place: Place
    score: float


def tried(now: Tuning, told: Mapping[str, Any], kept: Sequence[str] = ()) -> Tuning:
    """The tuning with a change: these synonyms in place of the `kept` ones, this boost in place of an earlier one of the two."""
    synonyms, boosts = list(now.synonyms), list(now.boosts)
    if len(told.get("terms") or ()) > 1:
        synonyms = [each for each in synonyms if list(each) != list(kept)] + [told["terms"]]
    if told.get("resource") and told.get("factor"):
        query = " ".join(told["q"].lower().split())
        boosts = [each for each in boosts if (each.query, each.id) != (query, told["resource"])]
        boosts.append(TuningBoost(query, told["resource"], told["factor"]))
    return replace(now, synonyms=tuple(synonyms), boosts=tuple(boosts))


def results(text: str, using: Tuning) -> tuple[int, list[Any]]:
    """How many resources a question finds with a tuning, and the first of them."""
    searcher = Searcher(indexes.resource_store(), indexes.encoder(), using)
    found = searcher.search(Search(text=text, limit=LOOKED_AT))
    return found.total, list(found.hits)


def preview(told: Mapping[str, Any]) -> Json:
    """Before and after, for the template; with `problem` where there is no index."""
    now = tuning.load()
    kept = SynonymSet.objects.filter(pk=told["synonyms"]).values_list("terms", flat=True).first() if told.get("synonyms") else None
    changed = tried(now, told, kept or ())
    try:
        total_before, before = results(told["q"], now)
        total_after, after = results(told["q"], changed) if changed != now else (total_before, before)
    except IndexMissing:
        return {"problem": "There is no index yet, so nothing can be tried. Make one with: corridor index rebuild"}
    return {
        "before": list(_shown(before, compared([hit.id for hit in before], [hit.id for hit in before]))),
        "after": list(_shown(after, compared([hit.id for hit in before], [hit.id for hit in after]))),
        "total_before": total_before,
        "total_after": total_after,
        "changed": changed != now,
    }


def _shown(hits: Sequence[Any], places: Sequence[Place]) -> Iterator[Shown]:
    for hit, place in zip(hits[:TOP], places, strict=False):
        body = orjson.loads(hit.body)
        yield Shown(hit.id, body["title"], body["resource_type"].replace("_", " "), place, hit.score)


class Preview(Sheet):
    """A question, a change to try, and what the change does to the first results."""

    permission = May.EDIT_SYNONYMS
    template_name = "learn/console/preview.html"
    page_title = "Search preview"
    header_icon = "search"

    def get_context_data(self, **given: Any) -> Json:
        form = PreviewForm(self.request.GET or None)
        told = form.cleaned_data if form.is_valid() else {}
        user = self.staff
        context = super().get_context_data(**given) | {
            "form": form,
            "told": told,
            "may_keep_synonyms": user.has_perm(May.EDIT_SYNONYMS if told.get("synonyms") else May.ADD_SYNONYMS),
            "may_keep_boost": user.has_perm(May.ADD_BOOSTS),
            "here": self.request.GET.urlencode(),
        }
        return context | (preview(told) if told.get("q") else {})


class PreviewResults(Preview):
    """The part of the page that follows what is typed."""

    template_name = "learn/console/preview_results.html"


class Keep(Deed):
    """Keep what was tried. Goes back to the preview, which shows it in force."""

    def carry_out(self) -> str:
        form = PreviewForm(self.request.POST)
        if not form.is_valid():
            return self.refused(str(next(iter(form.errors.values()))[0]))
        try:
            return self.keep(form.cleaned_data)
        except ValidationError as error:
            return self.refused(" ".join(error.messages))

    def refused(self, reason: str) -> str:
        messages.error(self.request, f"Not kept. {reason}")
        return ""

    def keep(self, told: Json) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        if said := self.carry_out():
            messages.success(request, said)
        return redirect(f"{reverse('console:preview')}?{urlencode({'q': request.POST.get('q', '')})}")


class KeepSynonyms(Keep):
    permission = May.EDIT_SYNONYMS

    def keep(self, told: Json) -> str:
        if not told["synonyms"] and not self.staff.has_perm(May.ADD_SYNONYMS):
            raise PermissionDenied
        kept = actions.save_synonyms(told["terms"], told["synonyms"], self.staff)
        return f"Kept: {kept}. Visitors' searches follow within seconds."


class KeepBoost(Keep):
    permission = May.ADD_BOOSTS

    def keep(self, told: Json) -> str:
        if not (told["resource"] and told["factor"]):
            return self.refused("Give a resource and a factor.")
        actions.save_boost(told["q"], told["resource"], told["factor"], self.staff)
        return "Kept. Visitors' searches follow within seconds."


class Explain(Sheet):
    """Why one resource stands where it stands for one question."""

    permission = May.EDIT_SYNONYMS
    template_name = "learn/console/explain.html"
    header_icon = "help"
    page_title = "Why here?"

    def trail(self) -> list[dict[str, str]]:
        return [crumb("Search preview", "console:preview")]

    def get_context_data(self, **given: Any) -> Json:
        form = PreviewForm(self.request.GET)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        context = super().get_context_data(**given) | {
            "q": text,
            "resource": LearningResource.objects.filter(pk=self.kwargs["pk"]).only("title").first(),
        }
        try:
            told = Searcher(indexes.resource_store(), indexes.encoder(), tuning.load()).explain(Search(text=text), self.kwargs["pk"])
        except IndexMissing:
            return context
        tree = told["words"]["tree"]
        return context | {"told": told, "terms": list(lines(tree)) if tree else []}


def lines(tree: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[int, float, str]]:
    """The score's tree as lines: (depth, value, description)."""
    yield depth, tree["value"], tree["description"]
    for part in tree.get("details") or ():
        yield from lines(part, depth + 1)


# --- keeping lists of them


class TunedViews(ModelViewSet):
    """Wagtail's pages to list, add, change and delete."""

    copy_view_enabled = False
    list_per_page = 50

    class Index(ModelViewSet.index_view_class):
        @property
        def header_buttons(self) -> list[HeaderButton]:
            return [*super().header_buttons, HeaderButton("Preview", reverse("console:preview"), icon_name="search")]

    index_view_class = Index


class SynonymViews(TunedViews):
    model = SynonymSet
    name = "synonyms"
    icon = "openquote"
    menu_label = "Synonyms"
    form_fields = ["terms", "enabled"]
    list_display = ["__str__", "enabled", "updated_on"]
    list_filter = ["enabled"]


class BoostViews(TunedViews):
    model = Boost
    name = "boosts"
    icon = "order-up"
    menu_label = "Boosts"
    form_fields = ["query", "resource", "factor", "enabled"]
    list_display = ["__str__", "resource", "factor", "enabled", "updated_on"]
    list_filter = ["enabled"]
    search_fields = ["query", "resource__title"]

    def formfield_for_dbfield(self, db_field: Any, **options: Any) -> Any:
        chosen = {"widget": resource_chooser.widget_class} if db_field.name == "resource" else {}
        return super().formfield_for_dbfield(db_field, **options, **chosen)

    class Index(TunedViews.Index):
        def get_base_queryset(self) -> Any:
            return Boost.objects.select_related("resource")

    index_view_class = Index


class ResourceSearch(BaseFilterForm):
    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"placeholder": "Number, id, address or title"}))

    def filter(self, objects: Any) -> Any:
        self.search_query = self.cleaned_data["q"].strip()
        self.is_searching = bool(self.search_query)
        return objects & resources_called(self.search_query)


class Choose(Guarded, ChooseView):
    permission = May.EDIT_BOOSTS
    filter_form_class = ResourceSearch


class ChooseFrom(Guarded, ChooseResultsView):
    permission = May.EDIT_BOOSTS
    filter_form_class = ResourceSearch


class Chosen(Guarded, ChosenView):
    permission = May.EDIT_BOOSTS


class ChosenSeveral(Guarded, ChosenMultipleView):
    permission = May.EDIT_BOOSTS


class ResourceChooser(ChooserViewSet):
    """The window in which a boost's resource is found."""

    model = LearningResource
    name = "resource_chooser"
    icon = "doc-full"
    choose_one_text = "Choose a resource"
    choose_another_text = "Choose another resource"
    choose_view_class = Choose
    choose_results_view_class = ChooseFrom
    chosen_view_class = Chosen
    chosen_multiple_view_class = ChosenSeveral


synonyms = SynonymViews()
boosts = BoostViews()
resource_chooser = ResourceChooser()
